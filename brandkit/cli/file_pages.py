"""Writes docs/brand-file.md and docs/campaign-file.md from the models and docs/examples: `python -m brandkit.cli.file_pages [--check]`."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel

from brandkit.brand.model import BrandDocument
from brandkit.brand.shapes import Openable, Rule
from brandkit.cli.shape_words import Key, keys_of
from brandkit.files import bring_up_to_date
from brandkit.prompt.brief import CampaignDocument

ROOT = Path(__file__).parents[2]
MADE_BY = "<!-- Written by `python -m brandkit.cli.file_pages` from the models and docs/examples; edit those, not this page. -->"
EXAMPLES = Path("docs/examples")
AREAS = {
    "palette": "palette", "logo": "logo", "typography": "type", "tone": "tone", "imagery": "imagery", "layout": "palette",
    "gate": "gate", "lint": "structure", "extends": "structure",
}  # fmt: skip
VALUES = """\
## Values

| word | what it is |
|---|---|
| colour | Any CSS colour that sRGB can show, in quotes where it begins with `#`: `"#1F4D3A"`, `rgb(31 77 58)`, `oklch(0.39 0.07 163)`. |
| length | Pixels at delivery size with their unit: `96px`. |
| text | Up to 2000 characters without invisible control characters. Data, never instruction: nothing in it steers model or program. |
| name | Lower-case letters, digits and hyphens, beginning with a letter, at most 40: `deep-sea`. Other keys refer to it. |
| path | Relative to the file that names it, with `/`, inside the kit's folder. |
| language tag | BCP 47: `en`, `de-AT`, `zh-Hant-TW`. |
| share, fraction | A number from 0 to 1, not per cent. |

YAML is read plainly: `no`, `3:25` and `2026-01-01` stay text. Anchors, aliases, tags and keys that stand twice are errors, and so is every
key that this page does not list: a misspelt key is an error rather than a rule that never applies.
"""
COMMON = """\
## Keys of every rule

Sections that say how something must be are *rules*. Beside their own keys they take:

"""


@dataclass(frozen=True)
class Page:
    """One reference: the shape of a file, and the worked example that its sections are cut from."""

    file: str
    title: str
    intro: str
    model: type[BaseModel]
    example: Path


PAGES = (
    Page(
        "brand-file.md",
        "The brand file",
        """
        A brand is a folder with a `brand.yaml`. This page lists every key with what may be written, what holds when it is left out, and a
        worked example of each section; together they are [one kit](examples/brand.yaml), shown without its files. `brandkit lint` checks a
        kit against this page and against [the rules](rules.md); `brandkit explain` shows it with all defaults. Editors that know the YAML
        language server complete keys and show these descriptions when the file begins with
        `# yaml-language-server: $schema=…/schemas/brand.schema.json`.
        """,
        BrandDocument,
        EXAMPLES / "brand.yaml",
    ),
    Page(
        "campaign-file.md",
        "The campaign file",
        """
        A campaign says what a set of assets should say and show, where, and in which languages; how it looks is [the
        brand's](brand-file.md). It is a `campaign.yaml` in a folder of its own, usually under `campaigns/` in the brand's. `brandkit plan`
        shows what would be made, what it costs, and everything that speaks against it. The examples below are
        [one campaign](examples/campaigns/breakfast/campaign.yaml).
        """,
        CampaignDocument,
        EXAMPLES / "campaigns" / "breakfast" / "campaign.yaml",
    ),
)


def page_text(page: Page, root: Path) -> str:
    """The reference of one kind of file, as Markdown."""
    slices = cut((root / page.example).read_text(encoding="utf-8"))
    top = keys_of(page.model)
    sections = [key for key in top if key.inner]
    parts = [MADE_BY, f"# {page.title}", " ".join(page.intro.split()), VALUES.rstrip()]
    if page.model is BrandDocument:
        parts += [COMMON + _table(_common())]
    inner = {key.name for key in sections}
    head = "".join(part for name, part in slices.items() if name not in inner)
    parts += [
        "## Top level",
        _table(top, {key.name: key.words.replace("section", f"[section](#{key.name})") for key in sections}),
        _block(head),
    ]
    for key in sections:
        parts += _section(key, slices.get(key.name, ""))
    if page.model is BrandDocument:
        return "\n\n".join([*parts, *_inheritance(root)]) + "\n"
    return "\n\n".join(parts).replace("(#keys-of-every-rule)", "(brand-file.md#keys-of-every-rule)") + "\n"


def cut(text: str) -> dict[str, str]:
    """The parts of a YAML file by top-level key, with the comments that stand above each."""
    parts: dict[str, str] = {}
    pending, current = "", ""
    for line in text.splitlines(keepends=True):
        if found := re.match(r"([a-z_]+):", line):
            current = found[1]
            parts[current] = pending + line
            pending = ""
        elif line.startswith("#"):
            pending += "" if "yaml-language-server" in line else line
        elif current and line.strip():
            parts[current] += line
    return parts


def _section(key: Key, example: str) -> Iterator[str]:
    yield f"## {key.name}"
    yield key.about
    yield from _tables(key.name, key.inner)
    yield _block(example)
    if area := AREAS.get(key.name):
        yield f"Linted by the rules on [{area}](rules/{area}.md)."


def _tables(path: str, inner: Sequence[tuple[str, type[BaseModel]]]) -> Iterator[str]:
    """The table of a section and, depth first, those of the sections inside it."""
    for suffix, model in inner:
        place = f"{path}{suffix}"
        if "." in place or "[" in place:
            yield f"### {place}"
            yield " ".join((model.__doc__ or "").split())
        common = {name for base in (Rule, Openable) if issubclass(model, base) for name in base.model_fields}
        keys = [key for key in keys_of(model) if key.name not in common]
        yield _table(keys)
        if common:
            yield "Also: " + ", ".join(f"`{name}`" for name in sorted(common)) + " ([keys of every rule](#keys-of-every-rule))."
        for key in keys:
            yield from _tables(f"{place}.{key.name}", key.inner)


def _common() -> list[Key]:
    return [*keys_of(Rule), *keys_of(Openable)]


def _table(keys: Sequence[Key], words: dict[str, str] | None = None) -> str:
    rows = [
        f"| `{key.name}` | {(words or {}).get(key.name, key.words)} | {key.default} | {key.about.replace('|', '&#124;')} |" for key in keys
    ]
    return "\n".join(["| key | write | default | what it means |", "|---|---|---|---|", *rows])


def _block(yaml: str) -> str:
    return f"```yaml\n{yaml.strip()}\n```"


def _inheritance(root: Path) -> Iterator[str]:
    yield "## Brands that extend another"
    yield (
        "With `extends` a brand takes every value of its parent that it does not write itself. It may change what every parent opens, by "
        "a path in `open` at the top level or by `open: true` beside the rule; anything else is an error at the child's line. Mappings "
        "are joined, lists replaced as a whole. `name`, `idea`, `open` and `lint` are always the child's own. `brandkit explain BRAND` "
        "shows which file won."
    )
    yield _block("".join(cut((root / EXAMPLES / "season" / "brand.yaml").read_text(encoding="utf-8")).values()))
    yield "Linted by the rules on [structure](rules/structure.md)."


def main(arguments: Sequence[str]) -> int:
    """Write the pages, or with `--check` name those that differ; returns 1 when any does."""
    made = {ROOT / "docs" / page.file: page_text(page, ROOT) for page in PAGES}
    return bring_up_to_date(made, arguments, "brandkit.cli.file_pages")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
