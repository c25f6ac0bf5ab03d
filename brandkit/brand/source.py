"""YAML as people write it, read without surprises: text stays text, every value keeps its place, and no file can blow up.

Numbers, `true`, `false` and `null` are what YAML 1.2 says; all else is text, so `no`, `012`, `3:25` and `2026-01-01` stay as written.
Anchors, aliases, tags, duplicate keys and second documents are refused. The limits hold while the file is being parsed.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import yaml

from brandkit.brand.resolve import Loc, Position
from brandkit.errors import BrandFileError, Fault

MAX_BYTES = 1_000_000  # bytes; real kits are under 50 kB
MAX_DEPTH = 64  # nested lists and mappings; the model itself needs 7
MAX_NODES = 100_000  # values and keys; real kits have under 1 000
MAX_NUMBER = 40  # characters of a number; longer ones are text that lacks its quotes
MAX_EXCERPT = 160  # columns of a source line that are still readable above a caret

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?((0|[1-9][0-9]*)(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_HIDDEN = re.compile(r"[\t\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_LINE_BREAK = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")
_BARE_HASH = re.compile(r"(?:[:\[,{-]\s*)(#[0-9A-Fa-f]{3,8})\b")
_WORDS = {True: "true", False: "false", None: "null"}
_CONSTANTS = {written: value for value, word in _WORDS.items() for written in (word, word.title(), word.upper())} | {"": None, "~": None}


@dataclass(frozen=True)
class Source:
    """A YAML file as plain values, with the place of every value and key.

    `tree` holds only dict, list, str, int, float, bool and None; `written` is the text of plain scalars that are not text.
    """

    file: Path
    tree: dict[str, Any]
    values: dict[Loc, Position] = field(default_factory=dict)
    keys: dict[Loc, Position] = field(default_factory=dict)
    written: dict[Loc, str] = field(default_factory=dict)
    lines: dict[Path, list[str]] = field(default_factory=dict)

    def fault(self, loc: Loc, message: str, hint: str = "", *, key: bool = False) -> Fault:
        """A fault at the value at `loc` (at its key with `key=True`), or at the nearest thing around it that exists."""
        place = self.place(loc, key=key)
        lines = self.lines.get(place.file, [])
        line = lines[place.line - 1] if 0 < place.line <= len(lines) else ""
        return Fault(str(place.file), place.line, place.column, dotted(loc), message, excerpt(line, place.column), hint)

    def place(self, loc: Loc, *, key: bool = False) -> Position:
        """Where the value (or key) at `loc` stands, or the nearest thing around it."""
        for end in range(len(loc), -1, -1):
            own = self.keys if key and end == len(loc) else self.values
            found = own.get(loc[:end]) or self.values.get(loc[:end])
            if found:
                if end < len(loc) and loc[:end] in self.keys:
                    return self.keys[loc[:end]]
                return found
        return Position(self.file, 1, 1)


def dotted(loc: Loc) -> str:
    """A key path as people write it: `palette.pairs[0].ink`."""
    text = ""
    for step in loc:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def excerpt(line: str, column: int) -> str:
    """A source line fit to be shown above a caret: no hidden characters, and empty when the caret would be far out."""
    return _HIDDEN.sub(" ", line[:MAX_EXCERPT]).rstrip() if 0 < column <= MAX_EXCERPT else ""


def read_source(file: Path) -> Source:
    """Read one YAML file whose root is a mapping.

    Raises:
        BrandFileError: It is missing, too large or deep, not UTF-8, or not the plain YAML that brandkit takes.
    """
    text = _read_text(file)
    builder = _Builder(file, _LINE_BREAK.split(text))
    if bad := _UNPRINTABLE.search(text):
        before = _LINE_BREAK.split(text[: bad.start()])
        builder.stop(len(before), len(before[-1]) + 1, f"holds the control character U+{ord(bad[0]):04X}", "delete it")
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        builder.syntax(error)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        builder.stop(0, 0, f"cannot be read as YAML: {error}", "check it with an editor that knows YAML")
    return builder.finish()


def _read_text(file: Path) -> str:
    try:
        if not file.is_file():
            what = "is a folder, not a file" if file.is_dir() else "is not a file" if file.exists() else "does not exist"
            raise BrandFileError([Fault(str(file), 0, 0, "", what, hint="check the path; a brand is a folder that holds brand.yaml")])
        with file.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise BrandFileError(
            [Fault(repr(str(file)), 0, 0, "", f"cannot be read: {reason}", hint="check the path and its permissions")]
        ) from None
    if len(data) > MAX_BYTES:
        fault = Fault(
            str(file), 0, 0, "", f"is larger than {MAX_BYTES // 1_000_000} MB", hint="keep pictures and fonts in files of their own"
        )
        raise BrandFileError([fault])
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BrandFileError([Fault(str(file), 1, 1, "", "is saved as UTF-16", hint="save it as UTF-8")])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = _LINE_BREAK.split(error.object[: error.start].decode("utf-8", "replace"))
        message = f"the byte 0x{error.object[error.start]:02X} is not UTF-8"
        raise BrandFileError([Fault(str(file), len(before), len(before[-1]) + 1, "", message, hint="save the file as UTF-8")]) from None


@dataclass
class _Frame:
    """An open list or mapping; `key` is the mapping's key that waits for its value."""

    container: Any
    loc: Loc
    key: str | None = None


class _Builder:
    """Makes values of YAML events, one at a time, so that no limit is noticed too late."""

    def __init__(self, file: Path, lines: list[str]) -> None:
        self.file = file
        self.faults: list[Fault] = []
        self.root: Any = None
        self.source = Source(file, {}, lines={file: lines})
        self.frames: list[_Frame] = []
        self.nodes = 0
        self.documents = 0

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self.stop_at(event, "begins a second document", "keep one document in a file; delete the '---'")
        elif isinstance(event, yaml.AliasEvent):
            self.stop_at(event, "aliases ('*name') are not allowed", "write the value out where it is needed")
        elif isinstance(event, yaml.CollectionEndEvent):
            self.frames.pop()
        elif isinstance(event, yaml.NodeEvent):
            self._node(event)

    def _node(self, event: Any) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self.stop_at(event, f"holds more than {MAX_NODES} values", "split the file, or delete what no brand needs")
        if event.anchor:
            self.add(event, "anchors ('&name') are not allowed", "write the value out where it is needed")
        if event.tag and event.tag != "!":
            self.add(event, f"the tag {event.tag[:40]!r} is not allowed", "delete it; values have their usual types")
        frame = self.frames[-1] if self.frames else None
        if frame and isinstance(frame.container, dict) and frame.key is None:
            self._key(event, frame)
            return
        value = self._value(event)
        loc = self._attach(value, event, frame)
        if isinstance(value, dict | list):
            if len(self.frames) >= MAX_DEPTH:
                self.stop_at(event, f"is nested deeper than {MAX_DEPTH} levels", "check the brackets and the indentation")
            self.frames.append(_Frame(value, loc))
        elif not isinstance(value, str):
            self.source.written[loc] = event.value

    def _key(self, event: Any, frame: _Frame) -> None:
        if not isinstance(event, yaml.ScalarEvent):
            self.stop_at(event, "a key must be plain text", "put text that begins with '{', '[' or '?' in quotes")
        key = self._text(event)
        loc = (*frame.loc, key)
        if key in frame.container:
            earlier = self.source.keys[loc].line
            self.add(event, f"the key {key[:60]!r} is given twice, first on line {earlier}", "keep one of them", path=dotted(loc))
        else:
            self.source.keys[loc] = self._position(event)
        frame.key = key

    def _attach(self, value: Any, event: Any, frame: _Frame | None) -> Loc:
        loc: Loc = ()
        if frame is None:
            self.root = value
        elif isinstance(frame.container, dict):
            loc = (*frame.loc, frame.key or "")
            frame.container[frame.key or ""] = value
            frame.key = None
        else:
            loc = (*frame.loc, len(frame.container))
            frame.container.append(value)
        self.source.values[loc] = self._position(event)
        return loc

    def _value(self, event: Any) -> Any:
        if isinstance(event, yaml.MappingStartEvent):
            return {}
        if isinstance(event, yaml.SequenceStartEvent):
            return []
        if event.style or event.tag == "!":
            return self._text(event)
        written = event.value
        if written in _CONSTANTS:
            return _CONSTANTS[written]
        if _NOT_FINITE.fullmatch(written):
            self.add(event, f"{written!r} is not a finite number", "write a number, or put text in quotes")
            return 0
        if not _FLOAT.fullmatch(written):
            return self._text(event)
        if len(written) > MAX_NUMBER or not math.isfinite(float(written)):
            self.add(event, f"the number {written[:20]}… is too long or too large", "write a shorter number, or put text in quotes")
            return 0
        return int(written) if _INT.fullmatch(written) else float(written)

    def _text(self, event: Any) -> str:
        text: str = event.value
        if any("\ud800" <= letter <= "\udfff" for letter in text):
            self.add(event, "holds half of a surrogate pair", "write the character itself")
            return text.encode("utf-8", "replace").decode()
        return text

    def _position(self, event: Any) -> Position:
        return Position(self.file, event.start_mark.line + 1, event.start_mark.column + 1)

    def add(self, event: Any, message: str, hint: str, *, path: str = "") -> None:
        place = self._position(event)
        self.faults.append(self._fault(place.line, place.column, message, hint, path=path or dotted(self._here())))

    def stop_at(self, event: Any, message: str, hint: str) -> NoReturn:
        self.add(event, message, hint)
        raise BrandFileError(self.faults)

    def stop(self, line: int, column: int, message: str, hint: str) -> NoReturn:
        raise BrandFileError([*self.faults, self._fault(line, column, message, hint)])

    def _here(self) -> Loc:
        if not self.frames or len(self.frames) > 8:
            return ()
        frame = self.frames[-1]
        step: str | int | None = frame.key if isinstance(frame.container, dict) else len(frame.container)
        return frame.loc if step is None else (*frame.loc, step)

    def _fault(self, line: int, column: int, message: str, hint: str, *, path: str = "") -> Fault:
        lines = self.source.lines[self.file]
        source = excerpt(lines[line - 1], column) if 0 < line <= len(lines) else ""
        return Fault(str(self.file), line, column, path, message, source, hint)

    def syntax(self, error: yaml.MarkedYAMLError) -> NoReturn:
        problem = error.problem or "cannot be read as YAML"
        mark = error.problem_mark or error.context_mark
        lines = self.source.lines[self.file]
        if mark and error.context_mark and not "".join(lines[mark.line :])[mark.column :].strip():  # at the end: show where it began
            mark, problem = error.context_mark, problem.replace("',' or", "end of stream")
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        first = error.context_mark.line if error.context_mark else line - 1
        letter = lines[line - 1][column - 1 : column] if 0 < line <= len(lines) else ""
        message, hint = _explain(problem, letter)
        for index in range(max(0, min(first, line - 1)), min(line, len(lines))):
            if bare := _BARE_HASH.search(lines[index]):
                line, column = index + 1, bare.start(1) + 1
                message, hint = "a '#' begins a comment, so the rest of the line is lost", f"quote it: '{bare[1]}'"
                break
        self.stop(line, column, message, hint)

    def finish(self) -> Source:
        if self.root is None and not self.faults:
            self.stop(0, 0, "is empty", "begin with 'brandkit: 1' and 'name: …'")
        if not isinstance(self.root, dict) and not self.faults:
            place = self.source.place(())
            self.stop(place.line, place.column, "must be a mapping of keys to values", "begin with 'brandkit: 1' and 'name: …'")
        if self.faults:
            raise BrandFileError(self.faults)
        self.source.tree.update(self.root)
        return self.source


def _explain(problem: str, letter: str) -> tuple[str, str]:
    """YAML's own words, in plain ones, with what to write instead."""
    if letter == "\t":
        return "a tab stands where YAML wants spaces", "indent with spaces"
    if letter in {"@", "`", "%"} and "cannot start any token" in problem:
        return f"a value cannot begin with {letter!r}", "put it in quotes"
    if "mapping values are not allowed" in problem:
        return "a second ':' on this line, or a line indented too far", "put text that holds ': ' in quotes; line keys up under each other"
    if "end of stream" in problem:
        return "a quote or bracket is opened here and never closed", "close it"
    if "Unicode" in problem or "escape" in problem:
        return "an escape after '\\' names no character (a surrogate, or a letter that YAML does not know)", "write the character itself"
    if "',' or" in problem:
        return "a comma or the closing bracket is missing before this", "separate the entries by commas, and close the bracket"
    if "expected key" in problem or "block end" in problem or "could not find expected ':'" in problem:
        return (
            "a key with ':' was expected here",
            "line keys up under each other and write 'key: value'; put text with special characters in quotes",
        )
    if "'-' indicator" in problem:
        return "a list entry with '- ' was expected here", "line the entries up under each other"
    return f"cannot be read as YAML: {problem}", "put text with special characters in quotes, and check the indentation"
