"""A campaign file in, a checked `Campaign` with its brand out, or every fault at once with its place and what to write instead.

`brand` may climb out of the campaign's folder. Files that the campaign names may not, with one exception: a campaign that lies inside
its brand's folder may name anything in that folder, so that a kit can keep its product pictures in one place.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from brandkit.brand.load import content_hash, document_file, load_brand, read_document
from brandkit.brand.references import find_file, select
from brandkit.brand.resolve import Brand, Loc, Position, describe_place
from brandkit.brand.source import Source, dotted, excerpt
from brandkit.brand.tone import Brief, Written
from brandkit.brand.wording import closest, shown
from brandkit.errors import BrandFileError, Fault, InputError
from brandkit.prompt.brief import CampaignDocument

CAMPAIGN_FILE = "campaign.yaml"
PICTURES: Loc = ("concepts", "*", "scene", "references", "*", "file")


@dataclass(frozen=True)
class Campaign:
    """A checked campaign.

    `positions` and `paths` are those of the campaign's own file; `campaign_hash` is the SHA-256 over its values and the content of every
    file it names, without the brand (that is `brand.kit_hash`).
    """

    document: CampaignDocument
    file: Path
    brand: Brand
    positions: Mapping[Loc, Position] = field(repr=False)
    campaign_hash: str = ""
    paths: Mapping[Loc, Path] = field(default_factory=dict, repr=False)
    lines: tuple[str, ...] = field(default=(), repr=False)
    """The campaign file, line by line."""
    brands: Mapping[str, Brand] = field(default_factory=dict, repr=False)
    """Locale to the brand used for it, where that is another one than `brand`."""

    @property
    def name(self) -> str:
        return self.document.name

    def for_locale(self, locale: str) -> Campaign:
        """The same campaign with the brand that it uses for `locale`."""
        return replace(self, brand=self.brands[locale]) if locale in self.brands else self

    def fault(self, *loc: str | int, message: str, hint: str) -> Fault:
        """A fault at `loc` of the campaign's file, found when more than the file was known."""
        position = self.positions.get(loc) or self.positions[()]
        line = self.lines[position.line - 1] if position.file.name == self.file.name and position.line <= len(self.lines) else ""
        return Fault(str(position.file), position.line, position.column, dotted(loc), message, excerpt(line, position.column), hint)

    @property
    def root(self) -> Path:
        """The folder of the campaign's file."""
        return self.file.parent

    def where(self, *loc: str | int) -> str:
        """Where the value at `loc` was written, e.g. `campaign.yaml:12`; for a default, the place of the nearest section around it."""
        return describe_place(self.positions, self.file.name, loc)

    def path(self, *loc: str | int) -> Path:
        """Absolute path of the file named at `loc`."""
        if loc not in self.paths:
            raise InputError(f"the campaign {self.name!r} names no file at {'.'.join(map(str, loc))}", hint=f"add it to {self.file}")
        return self.paths[loc]

    def brief(self, concept: str, locale: str) -> Brief:
        """What the campaign says about the copy of `concept` in `locale`, with the places of its slots."""
        loc: Loc = ("concepts", concept, "copy", locale)
        slots = self.document.concepts[concept].copy_.get(locale, {})
        written = {str(slot): place for slot in slots if (place := self._written((*loc, str(slot))))}
        return Brief(locale, tuple(self.document.concepts[concept].topics), written, self._written(loc))

    def _written(self, loc: Loc) -> Written | None:
        position = self.positions.get(loc)
        if position is None:
            return None
        later = [other.line for other in self.positions.values() if other.line > position.line]
        lines = self.lines[position.line - 1 : min(later) - 1 if later else None]
        return Written(position.file.name, position.line, position.column, lines)


def load_campaign(path: Path) -> Campaign:
    """Read the campaign at `path` and the brand it names, and check one against the other.

    Args:
        path: The campaign's file, or a folder that holds `campaign.yaml`.

    Raises:
        BrandFileError: With every fault of the campaign's file (or of the brand's, when the campaign itself is sound).
    """
    source, document, faults = read_document(document_file(path, CAMPAIGN_FILE), CampaignDocument)
    brand, wrong = _brand(source, ("brand",))
    brands, others = _brands(source)
    paths, missing = _pictures(source, brand)
    faults = [*faults, *wrong, *others, *_copy_faults(source), *_format_faults(source), *_ground_faults(source), *missing]
    for one in [brand, *brands.values()]:
        faults += _brand_faults(source, one) if one else ()
    if faults or document is None or brand is None:
        raise BrandFileError(list({(fault.line, fault.column, fault.path): fault for fault in reversed(faults)}.values()))
    digest = content_hash(document.model_dump(mode="json", by_alias=True), paths, source)
    lines = tuple(source.lines.get(source.values[()].file, ())) if () in source.values else ()
    return Campaign(document, source.file.resolve(), brand, source.values, digest, paths, lines, brands)


def _brands(source: Source) -> tuple[dict[str, Brand], list[Fault]]:
    """The brands for single locales, each of which the campaign must be made for."""
    brands: dict[str, Brand] = {}
    faults: list[Fault] = []
    listed = source.tree.get("locales")
    locales = [locale for locale in listed if isinstance(locale, str)] if isinstance(listed, list) else []
    for loc, _ in select(source.tree, ("brands", "*")):
        if loc[1] not in locales:
            faults.append(source.fault(loc, f"the campaign has no locale {shown(loc[1])}", closest(str(loc[1]), locales), key=True))
            continue
        brand, wrong = _brand(source, loc)
        faults += wrong
        if brand:
            brands[str(loc[1])] = brand
    return brands, faults


def _brand(source: Source, loc: Loc) -> tuple[Brand | None, list[Fault]]:
    name = next((value for _, value in select(source.tree, loc)), None)
    if not isinstance(name, str) or not name:
        return None, []
    try:
        target = Path(os.path.normpath(source.file.parent / name))
        if name.startswith(("/", "~")) or "\\" in name or not target.exists():
            message = f"there is no brand at {shown(name)}"
            return None, [source.fault(loc, message, "write the brand's folder, relative to this file, e.g. '../..'")]
        return load_brand(target), []
    except BrandFileError as error:
        return None, list(error.faults)
    except (OSError, ValueError):
        return None, [source.fault(loc, f"{shown(name)} is not a path", "write the brand's folder, relative to this file")]


def _pictures(source: Source, brand: Brand | None) -> tuple[dict[Loc, Path], list[Fault]]:
    base = source.file.parent
    inside = brand is not None and base.resolve().is_relative_to(brand.root)
    root = brand.root if brand and inside else base
    paths: dict[Loc, Path] = {}
    faults: list[Fault] = []
    for loc, name in select(source.tree, PICTURES):
        if isinstance(name, str) and name:
            found = find_file(source, loc, name, root=root, base=base)
            if isinstance(found, Fault):
                faults.append(found)
            else:
                paths[loc] = found
    return paths, faults


def _copy_faults(source: Source) -> Iterator[Fault]:
    """Locales that are listed twice or lack copy, and copy that is empty."""
    listed = source.tree.get("locales")
    locales = [locale for locale in listed if isinstance(locale, str)] if isinstance(listed, list) else []
    for index, locale in enumerate(locales):
        if locale in locales[:index]:
            yield source.fault(("locales", index), f"{shown(locale)} is listed twice", "delete one of them")
    for (_, concept, _), copy in select(source.tree, ("concepts", "*", "copy")):
        here: Loc = ("concepts", concept, "copy")
        missing = [locale for locale in dict.fromkeys(locales) if locale not in copy] if isinstance(copy, dict) else []
        if missing:
            message = f"the concept {concept!r} has no copy for the locale{'s' if len(missing) > 1 else ''} {', '.join(map(repr, missing))}"
            yield source.fault(here, message, f"add '{missing[0]}:' with at least a headline, or take it out of 'locales'", key=True)
    for loc, slots in select(source.tree, ("concepts", "*", "copy", "*")):
        if slots == {} or slots is None:
            message = f"the copy of {loc[1]!r} for the locale {loc[3]!r} is empty"
            yield source.fault(loc, message, "write at least a headline, or delete the locale", key=True)
    for loc, text in select(source.tree, ("concepts", "*", "copy", "*", "*")):
        if isinstance(text, str) and text and not text.strip():
            yield source.fault(loc, f"the {loc[4]} is blank", "write the text, or delete the key")


def _format_faults(source: Source) -> Iterator[Fault]:
    """Formats that the catalogue does not have, or that are listed twice: both would be one file, and the second take the first's place."""
    from brandkit.layout.formats import get_format

    listed, seen = source.tree.get("formats"), set[str]()
    for index, entry in enumerate(listed if isinstance(listed, list) else ()):
        loc: Loc = ("formats", index, "name") if isinstance(entry, dict) else ("formats", index)
        name = entry.get("name") if isinstance(entry, dict) else entry
        if isinstance(name, str) and name:
            try:
                get_format(name)
            except InputError as error:
                yield source.fault(loc, error.message, error.hint or "")
            if name in seen:
                hint = "delete one of them; for the same placement in another template, add a concept or a campaign"
                yield source.fault(loc, f"{shown(name)} is listed twice", hint)
            seen.add(name)


def _ground_faults(source: Source) -> Iterator[Fault]:
    """Transparency where the file type, or the kind of scene, has none."""
    output = source.tree.get("output")
    if isinstance(output, dict) and output.get("background") == "transparent":
        for index, kind in enumerate(output.get("types") or ()) if isinstance(output.get("types"), list) else ():
            if kind in ("jpeg", "svg", "pdf"):
                message = f"{kind} files are not written with a transparent background"
                yield source.fault(("output", "types", index), message, "keep png and webp, or make the background opaque")
    for loc, scene in select(source.tree, ("concepts", "*", "scene")):
        if isinstance(scene, dict) and scene.get("background") == "transparent" and scene.get("kind") in ("gradient", "flat"):
            message = f"a {scene['kind']} scene fills its whole picture; there is no subject to cut out"
            yield source.fault((*loc, "background"), message, "delete it, or set 'kind' to photograph or pattern")


def _brand_faults(source: Source, brand: Brand) -> Iterator[Fault]:
    """Names in the campaign that the brand does not have."""
    photographs, schemes = list(brand.document.imagery.photographs), list(brand.schemes)
    for patterns, known, what in (
        ((("concepts", "*", "scene", "photographs", "*"), ("formats", "*", "photograph")), photographs, "photograph"),
        ((("concepts", "*", "scheme"), ("formats", "*", "scheme")), schemes, "scheme"),
    ):
        for pattern in patterns:
            for loc, name in select(source.tree, pattern):
                if isinstance(name, str) and name not in known:
                    yield source.fault(loc, f"the brand has no {what} called {shown(name)}", closest(name, known) or "delete it")
    from brandkit.layout.engine import templates_for

    templates = templates_for(brand)
    for pattern in (("concepts", "*", "template"), ("formats", "*", "template")):
        for loc, name in select(source.tree, pattern):
            if isinstance(name, str) and name not in templates:
                yield source.fault(loc, f"no template is called {shown(name)}", closest(name, templates))
    for loc, concept in select(source.tree, ("concepts", "*")):
        scene = concept.get("scene", {}) if isinstance(concept, dict) else None
        kind = scene.get("kind", "photograph") if isinstance(scene, dict) else None
        if kind == "photograph" and not photographs and source.tree.get("backend", "studio") == "studio":
            hint = "add photographs to the brand's imagery, or set 'kind' to pattern, gradient or flat"
            yield source.fault((*loc, "scene", "kind"), "the studio backend needs photographs, and the brand has none", hint)
