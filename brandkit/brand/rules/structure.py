"""Rules on the kit as a folder and as a child of other kits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from brandkit.brand.edit import Delete
from brandkit.brand.inherit import OWN, join, same
from brandkit.brand.kit import Kit
from brandkit.brand.model import BrandDocument
from brandkit.brand.registry import Found, rule
from brandkit.brand.resolve import Loc, Position
from brandkit.brand.source import Source
from brandkit.brand.wording import keys_at

USED = {".svg", ".png", ".jpg", ".jpeg", ".webp", ".ttf", ".otf"}  # what a kit names; sources and notes may lie beside it
SHOWN = 4  # names of files in one finding


@rule(
    id="campaign-file",
    area="structure",
    level="error",
    rationale="""
        The kit's own campaigns are read for their copy and formats. One that is no valid YAML is not checked at all, and cannot
        be made.
    """,
    bad="""
        name: Spring
        formats: [instagram-post
        locales: [en]
    """,
    good="""
        name: Spring
        formats: [instagram-post]
        locales: [en]
    """,
    file="campaigns/spring/campaign.yaml",
)
def campaign_file(kit: Kit) -> Iterator[Found]:
    """A campaign file of the kit cannot be read."""
    for fault in kit.campaign_faults:
        file = Path(fault.file)
        source = Source(file, {}, {(): Position(file, fault.line, fault.column)}, lines={file: [*[""] * (fault.line - 1), fault.source]})
        yield Found((), fault.message, fault.hint, source=source)


@rule(
    id="file-unused",
    area="structure",
    level="advice",
    rationale="""
        A logo, font or picture that lies beside the ones in use and is named nowhere is an old version waiting to be sent to a
        printer. Name it, or take it out of the kit.
    """,
    bad="""
        logo:
          marks:
            main: {file: logo/main.svg}
    """,
    good="""
        logo:
          marks:
            main: {file: logo/main.svg}
            old: {file: logo/old.svg}
    """,
)
def file_unused(kit: Kit) -> Iterator[Found]:
    """A file beside the ones in use is named nowhere."""
    if kit.brand.document.open:
        return  # a brand for others to extend: what it does not use, a child may
    named = {path.resolve() for path in kit.brand.paths.values()} | set(_of_campaigns(kit))
    stems = {(path.parent, path.stem) for path in named}
    for folder, loc in _folders(kit).items():
        files = sorted(entry for entry in folder.iterdir() if entry.suffix.lower() in USED and entry.is_file())
        unused = [file.name for file in files if file.resolve() not in named and (file.resolve().parent, file.stem) not in stems]
        if unused:
            names = ", ".join(unused[:SHOWN]) + (", …" if len(unused) > SHOWN else "")
            yield Found(loc, f"nothing names {names} in {folder.name}/", "name what belongs to the kit, and move the rest away", key=True)


def _folders(kit: Kit) -> dict[Path, Loc]:
    """Folders below the kit's root that hold a named file, with the section that names it."""
    found: dict[Path, Loc] = {}
    for loc, path in kit.brand.paths.items():
        if path.is_file() and path.parent != kit.brand.root and kit.brand.root in path.parents:
            found.setdefault(path.parent, loc[:2] if loc[0] != "imagery" else loc[:1])
    return found


def _of_campaigns(kit: Kit) -> Iterator[Path]:
    for campaign in kit.campaigns:
        for text in _texts(campaign.tree):
            if Path(text).suffix.lower() in USED and len(text) < 300 and "\x00" not in text:
                yield (campaign.file.parent / text).resolve()


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)


@rule(
    id="override-idle",
    area="structure",
    level="advice",
    rationale="""
        A brand that extends another inherits everything it does not write. A value that only repeats the parent's does nothing
        today, and when the parent changes it silently keeps the old one.
    """,
    bad="""
        extends: house
        palette:
          colors: {tide: {value: "#04444E"}}
    """,
    good="""
        extends: house
    """,
    fix="deletes the entry",
)
def override_idle(kit: Kit) -> Iterator[Found]:
    """A value repeats what the parent says."""
    if kit.parents:
        parent, own = join(kit.parents)[0].tree, kit.source.chain[0]
        for loc in _repeated(parent, own.tree, ()):
            if loc[0] not in OWN:
                yield Found(loc, "the parent says the same", "delete it", key=True, source=own, fix=(Delete(loc),))


def _repeated(base: Any, top: Any, loc: Loc) -> list[Loc]:
    """The largest parts of `top` that say the same as `base`."""
    if not isinstance(base, dict) or not isinstance(top, dict):
        return [loc] if same(loc, base, top) else []
    inner = {key: _repeated(base[key], value, (*loc, key)) if key in base else [] for key, value in top.items()}
    if loc and inner and all(found == [(*loc, key)] for key, found in inner.items()):
        return [loc]
    return [one for found in inner.values() for one in found]


@rule(
    id="override-why",
    area="structure",
    level="advice",
    rationale="""
        The parent's reason stands beside its value in reports and in the brand book. A child that changes the value and not the
        reason publishes a reason for something else.
    """,
    bad="""
        extends: house
        palette:
          colors: {flare: {value: "#C03A2B"}}
    """,
    good="""
        extends: house
        palette:
          colors: {flare: {value: "#C03A2B", why: The season is warmer.}}
    """,
)
def override_why(kit: Kit) -> Iterator[Found]:
    """A value is changed, and the parent's reason for the old one stays."""
    if not kit.parents:
        return
    parent, own = join(kit.parents)[0].tree, kit.source.chain[0]
    told: set[Loc] = set()
    for loc in _changed(parent, own.tree, ()):
        home = next((loc[:end] for end in range(len(loc) - 1, 0, -1) if "why" in keys_at(BrandDocument, loc[:end])), None)
        reason = _at(parent, (*home, "why")) if home else None
        if home and reason and loc[-1] != "why" and not _at(own.tree, (*home, "why")) and home not in told:
            told.add(home)
            yield Found(
                home,
                f"changed here, and the parent's reason stays: {str(reason)[:80]!r}",
                "add 'why:' with the new reason",
                key=True,
                source=own,
            )


def _changed(base: Any, top: Any, loc: Loc) -> Iterator[Loc]:
    for key, value in top.items():
        if key in base and isinstance(base[key], dict) and isinstance(value, dict):
            yield from _changed(base[key], value, (*loc, key))
        elif key in base and not same((*loc, key), base[key], value):
            yield (*loc, key)


def _at(tree: Any, loc: Loc) -> Any:
    for step in loc:
        tree = tree.get(step) if isinstance(tree, dict) else None
    return tree
