"""Names and files that a brand file points at: whether they exist, found in the plain tree so that no other fault hides them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from brandkit.brand.model import BrandDocument
from brandkit.brand.resolve import Loc
from brandkit.brand.source import Source, dotted
from brandkit.brand.wording import closest, describe_at, keys_at, shown
from brandkit.errors import Fault, InputError
from brandkit.files import contained

COLORS, FAMILIES = ("palette", "colors"), ("typography", "families")
NAMES: tuple[tuple[Loc, Loc, str], ...] = (
    (("palette", "pairs", "*", "ink"), COLORS, "colour"),
    (("palette", "pairs", "*", "on"), COLORS, "colour"),
    (("layout", "schemes", "*", "ground"), COLORS, "colour"),
    (("layout", "schemes", "*", "ink"), COLORS, "colour"),
    (("layout", "schemes", "*", "accent"), COLORS, "colour"),
    (("layout", "schemes", "*", "on_accent"), COLORS, "colour"),
    (("imagery", "pattern", "colors", "*"), COLORS, "colour"),
    (("typography", "scale", "*", "family"), FAMILIES, "family"),
    (("typography", "families", "*", "fallback", "*"), FAMILIES, "family"),
)
"""Where a name stands, where it must be declared, and what it names; `*` is any key or entry."""
FILES: tuple[Loc, ...] = (
    ("logo", "marks", "*", "file"),
    ("typography", "families", "*", "files", "*"),
    ("typography", "families", "*", "licence"),
    ("imagery", "references", "*", "file"),
    ("imagery", "photographs", "*", "file"),
)
FOLDERS: tuple[Loc, ...] = (("layout", "templates"),)

WRITTEN = (".txt", ".md", ".yaml")  # files that are read by people


def select(tree: Any, pattern: Loc, loc: Loc = ()) -> Iterator[tuple[Loc, Any]]:
    """Every value whose key path matches `pattern`, in the order of the file; what has another shape is passed over."""
    if not pattern:
        yield loc, tree
        return
    step, rest = pattern[0], pattern[1:]
    if isinstance(tree, dict):
        for key in tree if step == "*" else [step] if step in tree else []:
            yield from select(tree[key], rest, (*loc, key))
    elif isinstance(tree, list) and step == "*":
        for index, entry in enumerate(tree):
            yield from select(entry, rest, (*loc, index))


def name_faults(source: Source) -> Iterator[Fault]:
    """Names of colours and families that are not declared, shares and ranges that contradict themselves, unknown `open` paths."""
    for pattern, home, what in NAMES:
        declared: Any = next((value for _, value in select(source.tree, home)), {})
        known = list(declared) if isinstance(declared, dict) else []
        for loc, name in select(source.tree, pattern):
            if isinstance(name, str) and name not in known:
                message = f"no {what} is called {shown(name)}"
                yield source.fault(loc, message, closest(name, known) or f"declare it under '{dotted(home)}'", rule="name-unknown")
            elif what == "family" and len(loc) > 2 and name == loc[2] and "fallback" in loc:
                yield source.fault(
                    loc, f"{shown(name)} cannot fall back to itself", "delete it, or name another family", rule="fallback-self"
                )
    yield from _share_faults(source)
    yield from _range_faults(source)
    for loc, path in select(source.tree, ("open", "*")):
        steps = tuple(path.split(".")) if isinstance(path, str) else ()
        for end in range(1, len(steps) + 1):
            if not describe_at(BrandDocument, steps[:end]):
                hint = closest(steps[end - 1], keys_at(BrandDocument, steps[: end - 1])) or "write a key path such as 'palette.colors'"
                yield source.fault(loc, f"no key has the path {shown(path)}", hint, rule="open-unknown")
                break


def _numbers(value: Any) -> list[float]:
    values = value if isinstance(value, list) else [value]
    return [float(entry) for entry in values if isinstance(entry, int | float) and not isinstance(entry, bool)]


def _share_faults(source: Source) -> Iterator[Fault]:
    least = 0.0
    for loc, share in select(source.tree, ("palette", "colors", "*", "share")):
        numbers = _numbers(share)
        if len(numbers) == 2 and numbers[0] > numbers[1]:
            yield source.fault(
                loc, f"the least share {numbers[0]:g} is more than the most {numbers[1]:g}", "write [least, most]", rule="share-range"
            )
        least += numbers[0] if numbers and 0 <= numbers[0] <= 1 else 0.0
    if least > 1.0 + 1e-9:
        message = f"the shares need at least {least:.0%} of the area"
        yield source.fault(COLORS, message, "lower the (least) shares to 1 or less in sum", key=True, rule="share-sum")


def _range_faults(source: Source) -> Iterator[Fault]:
    for loc, size in select(source.tree, ("typography", "scale", "*", "size")):
        if isinstance(size, list) and len(size) == 2 and all(isinstance(one, str) and one.endswith("px") for one in size):
            least, most = (_pixels(one) for one in size)
            if least > most:
                yield source.fault(
                    loc, f"the smallest size {size[0]} is more than the largest {size[1]}", "write [smallest, largest]", rule="size-range"
                )
    for loc, box in select(source.tree, ("imagery", "photographs", "*", "subject")):
        numbers = _numbers(box)
        if len(numbers) == 4 and (numbers[0] + numbers[2] > 1 + 1e-9 or numbers[1] + numbers[3] > 1 + 1e-9):
            yield source.fault(
                loc,
                "the subject's box leaves the picture",
                "write [x, y, width, height] as fractions, x + width at most 1",
                rule="subject-outside",
            )


def _pixels(length: str) -> float:
    number = length.removesuffix("px")
    return float(number) if number.replace(".", "", 1).isdecimal() and number.isascii() else 0.0


def find_files(source: Source, roots: Iterable[Loc] = FILES, folders: Iterable[Loc] = FOLDERS) -> tuple[dict[Loc, Path], list[Fault]]:
    """Absolute path of each file and folder that a brand names, inside the folder of the brand file that names it."""
    paths: dict[Loc, Path] = {}
    faults: list[Fault] = []
    for patterns, folder in ((roots, False), (folders, True)):
        for pattern in patterns:
            for loc, name in select(source.tree, pattern):
                if isinstance(name, str) and name:
                    root = source.place(loc).file.parent
                    found = find_file(source, loc, name, root=root, base=root, folder=folder)
                    if isinstance(found, Path):
                        paths[loc] = found
                    else:
                        faults.append(found)
    return paths, faults


def _same_kind(one: str, other: str) -> bool:
    """Whether two names may be meant for each other: a font is no licence text, however alike their names are."""
    return one.lower().endswith(WRITTEN) == other.lower().endswith(WRITTEN)


def find_file(source: Source, loc: Loc, name: str, *, root: Path, base: Path, folder: bool = False) -> Path | Fault:
    """The file `name`, relative to `base` and inside `root`, or the fault that keeps it from being used."""
    try:
        if name.startswith(("/", "~")):
            contained(root, name)
        inside = base.resolve().relative_to(root.resolve()).as_posix()
        path = contained(root, name if inside == "." else f"{inside}/{name}")
        if path.is_dir() if folder else path.is_file():
            return path
        if path.exists():
            what = "not a folder" if folder else "a folder, not a file" if path.is_dir() else "no plain file"
            return source.fault(loc, f"{shown(name)} is {what}", "name the right one", rule="file-missing")
        siblings = sorted(entry.name for entry in path.parent.iterdir() if _same_kind(entry.name, name)) if path.parent.is_dir() else []
    except InputError as error:
        return source.fault(loc, error.message, error.hint or "", rule="file-outside")
    except (OSError, ValueError) as error:
        return source.fault(
            loc,
            f"{shown(name)} cannot be a file: {getattr(error, 'strerror', None) or error}",
            "write a shorter, plain path",
            rule="file-missing",
        )
    near = closest(path.name, siblings)
    hint = near if near.startswith("did you mean") else "put the file there, or correct the path (it is relative to the file that names it)"
    return source.fault(loc, f"the {'folder' if folder else 'file'} {shown(name)} does not exist", hint, rule="file-missing")
