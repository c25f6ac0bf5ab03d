"""Values made of YAML events one at a time, so that no limit is noticed too late."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import yaml

from brandkit.brand.resolve import Loc, Position
from brandkit.brand.source import Source, dotted, excerpt
from brandkit.errors import BrandFileError, Fault

MAX_DEPTH = 64  # nested lists and mappings; the model itself needs 7
MAX_NODES = 100_000  # values and keys; real kits have under 1 000
MAX_NUMBER = 40  # characters of a number; longer ones are text that lacks its quotes

LINE_BREAK = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")
_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?((0|[1-9][0-9]*)(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_WORDS = {True: "true", False: "false", None: "null"}
_CONSTANTS = {written: value for value, word in _WORDS.items() for written in (word, word.title(), word.upper())} | {"": None, "~": None}


@dataclass
class _Frame:
    """An open list or mapping; `key` is the mapping's key that waits for its value."""

    container: Any
    loc: Loc
    key: str | None = None


class Builder:
    """Takes the events of one file and keeps the values, their places and the faults."""

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
