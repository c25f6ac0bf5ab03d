"""`brandkit import`: foreign files in, a brand folder out, with everything said that was guessed, left out or broken."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from brandkit.brand.exchange.catalogue import format_of
from brandkit.brand.exchange.format import Format
from brandkit.brand.exchange.from_tokens import clean
from brandkit.brand.exchange.json_source import decode, read_bytes
from brandkit.brand.exchange.settle import merged, only, settled
from brandkit.brand.exchange.sketch import Remark, Sketch, pruned, tree_of
from brandkit.brand.exchange.yaml_text import comment, flow, yaml_text
from brandkit.brand.finding import LintReport
from brandkit.brand.load import BRAND_FILE
from brandkit.brand.model import BrandDocument
from brandkit.brand.reading import read_source
from brandkit.brand.references import FILES, FOLDERS, select
from brandkit.brand.resolve import Loc
from brandkit.brand.source import dotted
from brandkit.errors import BrandFileError, Fault, InputError
from brandkit.files import contained, slug, write_atomic

SCHEMA = "brandkit/import@1"
COPIED = {
    ".svg", ".png", ".jpg", ".jpeg", ".webp", ".avif", ".gif", ".tif", ".tiff", ".ttf", ".otf", ".txt", ".md", ".pdf",
}  # fmt: skip
"""Endings of files that a kit names; nothing else is taken out of a stranger's folder."""
MAX_ORIGINS = 8  # names of sources in the head of a file
MAX_COPIED = 50_000_000  # bytes of one file that is copied into the kit


@dataclass(frozen=True)
class Imported:
    """What an import did. `decide` is what a person must settle; `lint` the state of the kit as it now stands."""

    file: Path
    took: Mapping[str, int]
    guessed: tuple[str, ...]
    decide: tuple[str, ...]
    remarks: tuple[Remark, ...]
    lint: LintReport
    added: bool = False
    """True when the kit was there before, so that proposals were added as comments only."""

    def to_json(self) -> dict[str, Any]:
        return {
            "schema_version": SCHEMA,
            "file": str(self.file),
            "took": dict(self.took),
            "guessed": list(self.guessed),
            "decide": list(self.decide),
            "remarks": [remark_json(remark) for remark in self.remarks],
            "lint": self.lint.to_json(),
        }


def remark_json(remark: Remark) -> dict[str, Any]:
    """A remark as plain JSON values."""
    fault = remark.fault
    return {
        "kind": remark.kind, "file": fault.file, "line": fault.line, "column": fault.column, "path": fault.path,
        "message": fault.message, "remedy": fault.hint,
    }  # fmt: skip


@dataclass
class Plan:
    """A brand file in the making: its tree, its comments and the files to copy."""

    tree: dict[str, Any]
    notes: dict[Loc, str] = field(default_factory=dict)
    above: dict[Loc, list[str]] = field(default_factory=dict)
    copies: dict[str, Path] = field(default_factory=dict)
    decide: list[str] = field(default_factory=list)


def read_all(files: Sequence[Path], contexts: Mapping[str, str]) -> tuple[list[tuple[Sketch, Path]], list[Remark]]:
    """What the files say: those of one format are read together, since they may refer to one another.

    Raises:
        BrandFileError: One of them cannot be read; with every fault.
    """
    groups: dict[str, tuple[Format, list[Path]]] = {}
    for file in files:
        format = format_of(file)
        groups.setdefault(format.id, (format, []))[1].append(file)
    sketches: list[tuple[Sketch, Path]] = []
    remarks: list[Remark] = []
    for format, members in groups.values():
        reading = format.read(members, contexts) if format.read else None
        if reading:
            sketches.append((reading.sketch, members[0].parent))
            remarks += reading.remarks
    return sketches, remarks


def import_files(
    files: Sequence[Path],
    into: Path,
    *,
    name: str = "",
    patterns: Sequence[str] = (),
    contexts: Mapping[str, str] | None = None,
    strict: bool = False,
) -> Imported:
    """Make the brand folder `into` from foreign files, or add what is new to one that is there, as comments.

    Raises:
        BrandFileError: A file cannot be used, or breaks its format's rules and `strict` is set.
        OutputError: The folder cannot be written.
    """
    sketches, remarks = read_all(files, contexts or {})
    if strict and (broken := [remark.fault for remark in remarks if remark.kind == "broken"]):
        raise BrandFileError(broken)
    sketch = only(merged(sketch for sketch, _ in sketches), patterns)
    if sketch.empty:
        raise InputError("no colour has a name that matches --only", hint="run without --only to see the names")
    sketch, guessed = settled(sketch)
    folders = [folder for _, folder in sketches]
    plan = plan_kit(sketch, folders, into, name=name or sketch.name or into.resolve().name, there=sections(into))
    return write_kit(plan, into, guessed, remarks, origin=[file.name for file in files])


def sections(into: Path) -> dict[str, Any]:
    """What the brand file in `into` says, as plain values; empty when there is none.

    Raises:
        BrandFileError: It is there and cannot be read, so that nothing can be added to it.
    """
    file = into / BRAND_FILE
    return dict(read_source(file).tree) if file.is_file() else {}


def plan_kit(
    sketch: Sketch,
    folders: Sequence[Path],
    into: Path,
    *,
    name: str,
    given: Mapping[str, Path] | None = None,
    there: Mapping[str, Any] | None = None,
) -> Plan:
    """The brand file for a sketch, with only those files that are there.

    Args:
        sketch: What is known of the brand.
        folders: Where files that the sketch names are looked for.
        into: Folder of the kit.
        name: Name of the brand.
        given: Path inside the kit to the file that is to stand there, for files that are at hand.
        there: What the brand file that is there says: it is not asked for again.
    """
    plan = Plan(tree_of(sketch) | {"name": _readable(name)[:120] or "Brand"})
    for color in sketch.colors:
        if color.evidence:
            plan.notes["palette", "colors", color.name] = color.evidence
        if color.decide:
            plan.decide.append(f"{color.name}: {color.decide}")
            plan.above["palette", "colors", color.name] = [f"decide: {color.decide}"]
    for mark in sketch.marks:
        if mark.evidence:
            plan.notes["logo", "marks", mark.name] = mark.evidence
    typography = deepcopy(tree_of(_with_files(sketch)).get("typography") or {})
    _find_files(plan, folders, into, given or {})
    _tidy(plan)
    without = [font for font in sketch.fonts if font.name not in _families(plan.tree)]
    for font in without:
        entry = flow(typography["families"][font.name])
        plan.decide.append(f"get {font.family} (TTF or OTF) and write typography.families.{font.name}: {entry}")
        for style in sketch.styles:
            if style.font == font.name:
                plan.decide.append(f"with {font.family}, write typography.scale.{style.slot}: {flow(typography['scale'][style.slot])}")
    for style in sketch.styles:
        if style.evidence and style.font in _families(plan.tree):
            plan.notes["typography", "scale", style.slot] = style.evidence
    if not _families(plan.tree) and not without and not {"typography", "extends"} & (there or {}).keys():
        plan.decide.append("type: put the brand's fonts (TTF, OTF) into fonts/ and name them under typography.families; layouts need them")
    return plan


def _readable(name: str) -> str:
    """A name that may be a folder's, in whose bytes anything can stand."""
    return " ".join(clean(name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")).split())


def _with_files(sketch: Sketch) -> Sketch:
    """The sketch as if every family had its font files, to say what to write once they are there."""
    fonts = (replace(font, files=font.files or (f"fonts/{slug(font.family)}.ttf",)) for font in sketch.fonts)
    return replace(sketch, fonts=tuple(fonts))


def _families(tree: Mapping[str, Any]) -> Mapping[str, Any]:
    families = (tree.get("typography") or {}).get("families") or {}
    return families if isinstance(families, dict) else {}


def _find_files(plan: Plan, folders: Sequence[Path], into: Path, given: Mapping[str, Path]) -> None:
    """Plan a copy of every named file; what is not there is taken out and becomes a decision."""
    for pattern in (*FILES, *FOLDERS):
        for loc, name in reversed(list(select(plan.tree, pattern))):
            found = given.get(str(name)) or _found(str(name), folders, into)
            if found is None:
                holder, entry = _take_out(plan.tree, loc)
                if not (loc[0] == "typography" and isinstance(loc[-1], int)):  # the family is told as a whole
                    plan.decide.append(f"{name} was not found; put it there and write {dotted(holder)}: {flow(entry)}")
            elif found.is_file():
                plan.copies[str(name)] = found


def _found(name: str, folders: Sequence[Path], into: Path) -> Path | None:
    for folder in (into, *folders):
        try:
            path = contained(folder, name)
            if path.is_file() and path.suffix.lower() in COPIED and path.stat().st_size <= MAX_COPIED:
                return path
            if path.is_dir() and folder == into:
                return path
        except (InputError, OSError, ValueError):
            continue
    return None


def _take_out(tree: dict[str, Any], loc: Loc) -> tuple[Loc, Any]:
    """Take out the entry that needs the file at `loc`: the mark or reference around it, or the name itself in a list of files."""
    holder = loc if isinstance(loc[-1], int) or loc[-1] in {"licence", "templates"} else loc[:-1]
    node: Any = tree
    for step in holder[:-1]:
        node = node[step]
    return holder, node.pop(holder[-1])


def _tidy(plan: Plan) -> None:
    """Take out sections that lost what they need."""
    families = _families(plan.tree)
    for name in [name for name, family in families.items() if not family.get("files")]:
        del plan.tree["typography"]["families"][name]
    scale = (plan.tree.get("typography") or {}).get("scale") or {}
    for slot in [slot for slot, style in scale.items() if style.get("family") not in families]:
        del scale[slot]
    plan.tree = pruned(plan.tree)
    if not _families(plan.tree):
        plan.tree.pop("typography", None)
    if not (plan.tree.get("logo") or {}).get("marks"):
        plan.tree.pop("logo", None)
    if not (plan.tree.get("palette") or {}).get("colors"):
        plan.tree.pop("palette", None)


def write_kit(
    plan: Plan, into: Path, guessed: Sequence[str], remarks: Sequence[Remark], *, origin: Sequence[str], blank: str = ""
) -> Imported:
    """Write a planned kit and look at the result with lint.

    Args:
        plan: The kit.
        into: Its folder.
        guessed: What was guessed, in words.
        remarks: What a person should know of the sources.
        origin: Names of the sources.
        blank: A brand file that nobody has worked on: one that reads like this is written anew.
    """
    from brandkit.brand.lint import lint_brand

    remarks = [*remarks, *_validate(plan, into)]
    file = into / BRAND_FILE
    old = decode(read_bytes(file), file) if file.is_file() else ""
    present = old not in ("", blank)
    text = old + _additions(plan, old, origin) if present else whole_text(plan, origin, guessed)
    _copy(plan, into)
    if text != old:
        write_atomic(file, text)
    palette, logo = plan.tree.get("palette") or {}, plan.tree.get("logo") or {}
    took = {
        "colors": len(palette.get("colors") or ()), "families": len(_families(plan.tree)), "marks": len(logo.get("marks") or ()),
        "styles": len((plan.tree.get("typography") or {}).get("scale") or ()), "pairs": len(palette.get("pairs") or ()),
    }  # fmt: skip
    return Imported(file, took, tuple(guessed), tuple(plan.decide), tuple(remarks), lint_brand(into), present)


def _copy(plan: Plan, into: Path) -> None:
    """Put the files beside the brand file; one that is there is never overwritten."""
    for name, source in plan.copies.items():
        target = contained(into, name)
        if target.exists():
            continue
        write_atomic(target, source.read_bytes())  # whole or not at all: the next time, what is there stays


def _validate(plan: Plan, into: Path) -> list[Remark]:
    """Take out what the model refuses (foreign files may hold anything under brandkit's own key), and say so."""
    remarks: list[Remark] = []
    for _ in range(20):
        try:
            BrandDocument.model_validate_json(json.dumps(plan.tree), strict=True)
            return remarks
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            loc = tuple(step for step in first["loc"] if step != "[key]")
            end = next((end for end in range(len(loc), 0, -1) if end != 1 or loc[0] not in {"brandkit", "name"}), 1)
            while end > 1 and not _has(plan.tree, loc[:end]):
                end -= 1
            message = f"cannot stand in a kit and is left out: {first['msg']}"
            remarks.append(Remark(Fault(str(into / BRAND_FILE), 0, 0, ".".join(map(str, loc)), message), "broken"))
            _drop(plan.tree, loc[: min(end, 4)])
            _tidy(plan)
    raise InputError("the files hold too much that cannot stand in a kit", hint="look at the remarks, and mend the files")


def _has(tree: Any, loc: Loc) -> bool:
    for step in loc:
        if isinstance(tree, dict) and step in tree:
            tree = tree[step]
        elif isinstance(tree, list) and isinstance(step, int) and step < len(tree):
            tree = tree[step]
        else:
            return False
    return True


def _drop(tree: Any, loc: Loc) -> None:
    while loc and not _has(tree, loc):
        loc = loc[:-1]
    for step in loc[:-1]:
        tree = tree[step]
    if loc:
        del tree[loc[-1]]


def whole_text(plan: Plan, origin: Sequence[str], guessed: Sequence[str]) -> str:
    """The brand file of a plan, with its comments."""
    head = [f"# Made by brandkit from: {_names(origin)}."]
    head += ["# Behind each value stands where it is from. Edit at will: run again, brandkit adds comments and changes nothing."]
    head += [f"# guessed: {comment(line)}" for line in guessed]
    head += [f"# decide: {comment(line)}" for line in plan.decide]
    return "\n".join(head) + "\n" + yaml_text(plan.tree, plan.notes, plan.above)


def _names(origin: Sequence[str]) -> str:
    more = len(origin) - MAX_ORIGINS
    return comment(", ".join(origin[:MAX_ORIGINS])) + (f" and {more} more files" if more > 0 else "")


def _additions(plan: Plan, old: str, origin: Sequence[str]) -> str:
    """Proposals that the brand file does not mention yet, as a block of comments; empty when there are none."""
    lower = old.lower()
    lines = []
    for name, color in ((plan.tree.get("palette") or {}).get("colors") or {}).items():
        if color["value"].lower() not in lower:
            note = plan.notes.get(("palette", "colors", name), "")
            lines.append(f"# proposed: palette.colors.{name}: {flow(color)} # {comment(note)}")
    for key, entries in (("logo.marks", (plan.tree.get("logo") or {}).get("marks")), ("typography.families", _families(plan.tree))):
        for name, entry in (entries or {}).items():
            file = entry.get("file") or entry["files"][0]
            if file not in old:
                lines.append(f"# proposed: {key}.{name}: {flow(entry)}")
    if not re.search(r"\bscale\b", lower):
        scale = (plan.tree.get("typography") or {}).get("scale") or {}
        lines += [f"# proposed: typography.scale.{slot}: {flow(entry)}" for slot, entry in scale.items()]
    if not lines:
        return ""
    head = f"\n# From {_names(origin)}; take over what you want: a.b is the key b under a. A line that stays is not proposed again.\n"
    return ("" if old.endswith("\n") else "\n") + head + "\n".join(lines) + "\n"
