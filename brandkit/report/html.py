"""The result document as one self-contained page: pictures first, the worst first, every number beside its limit."""

from __future__ import annotations

import base64
import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import groupby, takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from brandkit.errors import BrandkitError
from brandkit.report.words import (
    SHAPES,
    WORDS,
    decided_words,
    limit_bound,
    limit_span,
    limit_words,
    money,
    number,
    sentence,
    standing_words,
    unbranded_words,
    verdict_words,
)
from brandkit.results import AssetResult, CheckResult, Finding, Level, Region, RunResult, Verdict

if TYPE_CHECKING:
    from jinja2 import Template

THUMB = 520  # px on the long side in the overview: sharp on a dense screen at the 260 px it is shown
LARGE = 1400  # px on the long side in the detail view
FEW = 60  # assets up to which copies are as large as that; of more they shrink, so that a page of 200 stays below 25 MB and can be mailed
LEAST_THUMB, LEAST_LARGE = 360, 800  # px that copies never fall below
TOOLS = 13  # assets from which the page can be filtered and sorted: those of fewer are seen at once
SWATCHES = "palette-drift"  # the check whose measurements are swatches, expected beside measured
QUALITY = 84  # JPEG quality of the embedded copies; the assets themselves are never touched


@dataclass(frozen=True)
class Shown:
    """An asset with its embedded copies and what is drawn on them."""

    asset: AssetResult
    key: str
    thumb: str
    large: str
    marks: tuple[tuple[int, Region, Verdict, int], ...]
    """Number, place and verdict of each finding that has a place, and how many before it are marked at the same corner."""


def render_html(result: RunResult, *, root: Path) -> str:
    """The page as HTML with embedded style, script and pictures; it loads nothing.

    Args:
        result: The result document.
        root: Folder that the assets' file names are relative to. A picture that is missing or unreadable shows as a blank.
    """
    assets = sorted(result.assets, key=lambda asset: (-asset.verdict.weight, -_worst_drift(asset)))
    sides = copy_sides(len(assets))
    shown = [_shown(index, asset, root, sides) for index, asset in enumerate(assets, 1)]
    counts = Counter(asset.verdict for asset in assets)
    values: dict[str, Any] = {
        "result": result,
        "shown": shown,
        "groups": [(verdict, list(items)) for verdict, items in groupby(shown, key=lambda item: item.asset.verdict)],
        "counts": [(verdict, counts[verdict]) for verdict in reversed(Verdict) if counts[verdict]],
        "WORDS": WORDS,
        "SHAPES": SHAPES,
        "order": lambda asset: [check for check in order_checks(asset) if not _silent(check)],
        "lead": verdict_words(counts),
        "worst": worst_findings,
        "against": decisive_ids,
        "by_check": Counter(name for asset in assets for name in decisive_ids(asset)).most_common(),
        "tools": len(assets) >= TOOLS,
        "silent": silent_advice,
        "numbered": lambda asset: numbered(order_checks(asset)),
        "told": told,
        "standing": standing_words,
        "decided": decided_words(assets),
        "unbranded": unbranded_words(assets),
        "told_ids": lambda asset: [check.check for check in asset.checks if told(check)],
        "clauses": sections,
        "folder": shared_folder(assets),
        "kits": sorted({asset.kit_hash for asset in assets} - {"", result.kit_hash}),
        "made": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
    }
    return template().render(values)


@cache
def template() -> Template:
    """The page's template, compiled once: that takes longer than to render it."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    env = Environment(
        loader=PackageLoader("brandkit.report", "static"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    env.filters.update(number=number, limit=limit_words, bound=limit_bound, span=limit_span, money=money, sentence=sentence)
    env.filters.update(code=_code, breaks=_breaks)
    return env.get_template("report.html.j2")


def order_checks(asset: AssetResult) -> list[CheckResult]:
    """The asset's checks: what decided against it, the worst first; what advises against it; what passes."""
    return sorted(asset.checks, key=_rank)


def _rank(check: CheckResult) -> tuple[Any, ...]:
    passes = check.verdict is Verdict.PASS
    return passes, not passes and check.level is Level.SHOULD, -check.verdict.weight, -(check.drift or 0), check.check


def worst_findings(asset: AssetResult) -> list[str]:
    """What decided against an asset, for its place in the overview: the first finding of each such check, or why it could not be made."""
    said = [check.findings[0].message if check.findings else check.reason for check in _decisive(asset)]
    return [f"{sentence(text)}" for text in said if text]


def decisive_ids(asset: AssetResult) -> list[str]:
    """Ids of the checks that decided against an asset, the worst first."""
    return [check.check for check in _decisive(asset)]


def _decisive(asset: AssetResult) -> list[CheckResult]:
    return [check for check in order_checks(asset) if check.level is Level.MUST and check.verdict is not Verdict.PASS]


def _silent(check: CheckResult) -> bool:
    """Whether it is advice that could not be given: no reader looks for it first."""
    return check.level is Level.SHOULD and check.verdict is Verdict.NOT_CHECKED


def silent_advice(asset: AssetResult) -> list[tuple[str, list[str]]]:
    """Why advice could not be given, and which checks would have given it: each reason once."""
    reasons: dict[str, list[str]] = {}
    for check in asset.checks:
        if _silent(check):
            reasons.setdefault(check.reason, []).append(check.check)
    return list(reasons.items())


def _code(text: str) -> Any:
    """Words in `backticks` as code; all of it escaped."""
    from markupsafe import Markup

    parts = [Markup("<code>{}</code>" if index % 2 else "{}").format(part) for index, part in enumerate(text.split("`"))]
    return Markup("").join(parts) if len(parts) % 2 else text


def shared_folder(assets: Sequence[AssetResult]) -> str:
    """The folder, with its slash, that pictures named by their files share: said once above them all, it is not said under each."""
    if len(assets) < 2 or any(asset.format for asset in assets):
        return ""
    folders = zip(*(asset.file.split("/")[:-1] for asset in assets), strict=False)
    return "".join(f"{parts[0]}/" for parts in takewhile(lambda parts: len(set(parts)) == 1, folders))


def _breaks(text: str) -> Any:
    """A name that may break where it is made of parts, before it breaks anywhere."""
    from markupsafe import Markup, escape

    return Markup("<wbr>").join(escape(part) for part in re.split(r"(?<=[/._-])", text))


def told(check: CheckResult) -> bool:
    """Whether a check's measurements are shown at once: those of the swatches and of whatever does not pass."""
    return check.check == SWATCHES or check.verdict in (Verdict.REVIEW, Verdict.FAIL)


def numbered(checks: Iterable[CheckResult]) -> dict[str, int]:
    """Finding (check, code and message) to the number that marks it on the picture; only findings with a region have one."""
    numbers: dict[str, int] = {}
    for check in checks:
        for finding in check.findings:
            if finding.region is not None:
                numbers.setdefault(f"{finding.check}/{finding.code}/{finding.message}", len(numbers) + 1)
    return numbers


def sections(asset: AssetResult) -> list[tuple[str, list[Any]]]:
    """The prompt's clauses by section, in the order of the prompt."""
    clauses = asset.picture.clauses if asset.picture else ()
    return [(section, list(items)) for section, items in groupby(clauses, key=lambda clause: clause.section)]


def _worst_drift(asset: AssetResult) -> float:
    """For the order of what needs a person; what passes keeps the campaign's order, unless the brand is calibrated."""
    if asset.drift is not None:
        return asset.drift
    return 0 if asset.verdict is Verdict.PASS else max((check.drift or 0 for check in asset.checks), default=0)


def copy_sides(count: int) -> tuple[int, int]:
    """The longest side in px of the small and the large copy of each of `count` assets."""
    shrunk = min(1.0, (FEW / max(1, count)) ** 0.5)
    return max(LEAST_THUMB, round(THUMB * shrunk)), max(LEAST_LARGE, round(LARGE * shrunk))


def _found(root: Path, file: str) -> Path:
    """Where a picture is: in `root`, or, checked where it is and named from the current folder, in it all the same."""
    place, here = root / file, Path(file).absolute().resolve()
    return here if not place.is_file() and here.is_relative_to(root.resolve()) else place


def _shown(index: int, asset: AssetResult, root: Path, sides: tuple[int, int]) -> Shown:
    checks = order_checks(asset)
    numbers = numbered(checks)
    found = [finding for check in checks for finding in check.findings]
    thumb, large = _embed(_found(root, asset.file), sides) if asset.width else ("", "")
    return Shown(asset, f"a{index}", thumb, large, _marks(found, numbers))


def _marks(findings: Iterable[Finding], numbers: dict[str, int]) -> tuple[tuple[int, Region, Verdict, int], ...]:
    """What is drawn on the picture. Tags of one corner stand side by side, or the last would hide the others."""
    corners: Counter[tuple[int, int]] = Counter()
    marks = []
    for finding in findings:
        if (region := finding.region) is None:
            continue
        corner = (region.x, region.y)
        marks.append((numbers[f"{finding.check}/{finding.code}/{finding.message}"], region, finding.verdict, corners[corner]))
        corners[corner] += 1
    return tuple(marks)


def _embed(path: Path, sides: tuple[int, int]) -> tuple[str, str]:
    from PIL import Image

    from brandkit.image.apart import load_apart

    try:
        picture = Image.fromarray(load_apart(path).rgb)
    except (BrandkitError, OSError):
        return "", ""
    return _data_uri(picture, sides[0]), _data_uri(picture, sides[1])


def _data_uri(picture: Any, longest: int) -> str:
    small = picture.copy()
    small.thumbnail((longest, longest))
    buffer = io.BytesIO()
    small.save(buffer, "JPEG", quality=QUALITY, subsampling=0, optimize=True)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode()
