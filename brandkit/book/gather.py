"""Everything the book says and shows, as plain values and files: the one content behind the PDF and the HTML page."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from brandkit import __version__
from brandkit.book import colour, letters, marks, pictures, samples
from brandkit.book.look import Look, fonts_of, look_of, text_family
from brandkit.brand.resolve import Brand
from brandkit.check.limits import limit_for
from brandkit.check.registry import load_checks
from brandkit.layout.given import style_for
from brandkit.report.words import limit_bound, number


@dataclass(frozen=True)
class Content:
    """What a book is made of: JSON values, and the files they name."""

    values: dict[str, Any]
    files: dict[str, bytes] = field(repr=False)
    look: Look


def gather(brand: Brand) -> Content:
    """Collect the book's content from the kit alone.

    Raises:
        PictureError: A mark or a font cannot be read.
    """
    look = look_of(brand)
    shown, files = marks.marks(brand)
    faults, spoilt = marks.misuse(brand, shown, look)
    photos, photo_files = pictures.photographs(brand)
    references, reference_files = pictures.references(brand)
    layouts, layout_files = samples.samples(brand)
    values = {
        "name": brand.name, "idea": brand.document.idea or "", "hash": brand.kit_hash, "made": f"brandkit {__version__}",
        "parent": brand.document.extends or "", "corner": brand.document.layout.corner, "look": asdict(look), "type": _type(brand),
        "marks": shown, "grounds": marks.grounds(brand, shown), "never": faults, "logo": _logo(brand),
        "colors": colour.palette(brand), "shares": colour.shares(brand), "matrix": colour.matrix(brand), "pairs": colour.pairs(brand),
        "vision": colour.vision(brand), "palette": _palette(brand), "schemes": _schemes(brand),
        "families": letters.families(brand), "styles": letters.styles(brand, letters.own_words(brand)),
        "tone": _tone(brand), "imagery": _imagery(brand), "photos": photos, "references": references,
        "layouts": layouts, "gate": _gate(brand),
    }  # fmt: skip
    covers, cover_files = samples.cover(brand, look, shown, photos)
    everything = files | spoilt | photo_files | reference_files | layout_files | cover_files
    return Content(_tidied(values | covers), everything, look)


def _tidied(value: Any) -> Any:
    """The same values with every run of white space as one space: line breaks of a file are no line breaks of a page."""
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, dict):
        return {key: _tidied(inner) for key, inner in value.items()}
    return [_tidied(inner) for inner in value] if isinstance(value, list) else value


def _type(brand: Brand) -> dict[str, Any]:
    """Fonts of the book's own text: `display` for large words, `text` and `strong` for the rest.

    Titles stand in a narrow column, so very wide tracking is for the brand's own samples only.
    """
    family = text_family(brand)
    if not brand.document.typography:
        plain = fonts_of(brand, None, 400)
        return {"display": plain, "display_weight": 400, "tracking": -0.01, "text": plain, "strong": plain}
    headline = style_for(brand, "headline")
    return {
        "display": fonts_of(brand, headline.family, headline.weight), "display_weight": headline.weight,
        "tracking": min(max(headline.tracking, -0.04), 0.02),
        "text": fonts_of(brand, family, 400), "strong": fonts_of(brand, family, 600),
    }  # fmt: skip


def _logo(brand: Brand) -> dict[str, Any]:
    logo = brand.document.logo
    if logo is None:
        return {"allow": [], "why": "", "placement_why": ""}
    return {"allow": list(logo.placement.allow), "why": logo.why or "", "placement_why": logo.placement.why or ""}


def _palette(brand: Brand) -> dict[str, Any]:
    palette = brand.document.palette
    return {"tolerance": palette.tolerance if palette else 0, "forbidden": list(palette.forbidden) if palette else []}


def _schemes(brand: Brand) -> list[dict[str, str]]:
    return [
        {"name": name} | {key: brand.hex(getattr(scheme, key)) for key in ("ground", "ink", "accent", "on_accent")}
        for name, scheme in brand.schemes.items()
    ]


def _tone(brand: Brand) -> dict[str, Any]:
    tone = brand.document.tone
    return {
        "voice": list(tone.voice), "ban": list(tone.ban), "allowed": list(tone.claims.allowed), "proof": list(tone.claims.need_proof),
        "prefer": [{"not": entry.instead_of, "say": entry.say, "why": entry.why or ""} for entry in tone.prefer],
        "disclaimers": [
            {"when": " · ".join(f"{key} {value}" for key, value in entry.when.model_dump(exclude_none=True).items()), "text": entry.text}
            for entry in tone.disclaimers
        ],
    }  # fmt: skip


def _imagery(brand: Brand) -> dict[str, Any]:
    imagery = brand.document.imagery
    said = [(key, getattr(imagery, key) or "") for key in ("style", "light", "camera", "composition")]
    return {
        "said": [{"what": key, "text": text} for key, text in said if text],
        "materials": list(imagery.materials), "prefer": list(imagery.subjects.prefer), "avoid": list(imagery.subjects.avoid),
    }  # fmt: skip


GROUPS = (  # of the gate's page: title, and how the ids of its checks begin
    ("Colour and file", ("palette-", "gamut", "format-", "provenance-")),
    ("The mark", ("logo-",)),
    ("Picture and layout", ("layout-", "reference-", "series-")),
    ("Words", ("text-", "tone-")),
)


def _gate(brand: Brand) -> dict[str, Any]:
    gate = brand.document.gate
    rows = []
    for check in load_checks():
        limit = limit_for(check, brand)
        level = gate.levels.get(check.id) or check.level
        sign = "at" if limit.review_at == limit.fail_at else limit_bound(limit)
        rows.append(
            {
                "id": check.id, "title": check.summary.rstrip("."), "level": level.value, "pass": sign,
                "fail": f"{'≥' if limit.higher_is_worse else '≤'} {number(limit.fail_at)}", "unit": limit.unit, "source": limit.source,
                "group": next((title for title, starts in GROUPS if check.id.startswith(starts)), GROUPS[2][0]),
            }
        )  # fmt: skip
    return {"profile": gate.profile, "rows": rows, "groups": [title for title, _ in GROUPS]}
