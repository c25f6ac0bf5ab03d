"""JSON (RFC 8259, strict) read into plain values that know their places, under limits that hold while it is read."""

from __future__ import annotations

import bisect
import json
import math
import re
from pathlib import Path
from typing import Any, NoReturn

from brandkit.brand.resolve import Loc, Position
from brandkit.brand.source import Source, dotted, excerpt
from brandkit.errors import BrandFileError, Fault

MAX_BYTES = 8_000_000  # bytes; the largest token set collected has 0.2 MB
MAX_DEPTH = 64  # nested lists and mappings
MAX_NODES = 300_000  # values; GitHub's whole design system has about 40 000

_STRINGS = json.JSONDecoder()
_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_WORDS = {"true": True, "false": False, "null": None}


def read_bytes(file: Path, limit: int = MAX_BYTES) -> bytes:
    """The content of a regular file.

    Raises:
        BrandFileError: It is missing, no regular file, unreadable, or larger than `limit` bytes.
    """
    try:
        if not file.is_file():
            what = "is a folder, not a file" if file.is_dir() else "is not a file" if file.exists() else "does not exist"
            raise BrandFileError([Fault(str(file), 0, 0, "", what, hint="check the path")])
        with file.open("rb") as stream:
            data = stream.read(limit + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise BrandFileError([Fault(str(file), 0, 0, "", f"cannot be read: {reason}", hint="check the path and its permissions")]) from None
    if len(data) > limit:
        raise BrandFileError([Fault(str(file), 0, 0, "", f"is larger than {limit / 1e6:g} MB", hint="split the file")])
    return data


def decode(data: bytes, file: Path) -> str:
    """UTF-8 text, with or without a byte order mark.

    Raises:
        BrandFileError: It is not UTF-8; the fault has the place of the first wrong byte.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BrandFileError([Fault(str(file), 1, 1, "", "is saved as UTF-16", hint="save it as UTF-8")])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode("utf-8", "replace").split("\n")
        message = f"the byte 0x{error.object[error.start]:02X} is not UTF-8"
        raise BrandFileError([Fault(str(file), len(before), len(before[-1]) + 1, "", message, hint="save it as UTF-8")]) from None


def read_json(file: Path) -> Source:
    """Read one JSON file whose root is an object.

    Raises:
        BrandFileError: It cannot be read, is not JSON, or is larger or deeper than the limits.
    """
    return parse_json(decode(read_bytes(file), file), file)


def parse_json(text: str, file: Path) -> Source:
    """As `read_json`, from text."""
    parser = _Parser(text, file)
    value = parser.document()
    if not isinstance(value, dict):
        parser.stop(0, "must be an object of keys and values", "begin with '{'")
    parser.source.tree.update(value)
    return parser.source


class _Parser:
    def __init__(self, text: str, file: Path) -> None:
        self.text = text
        self.starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self.source = Source(file, {}, lines={file: text.split("\n")})
        self.nodes = 0

    def document(self) -> Any:
        value, end = self.value(self.skip(0), ())
        if self.skip(end) < len(self.text):
            self.stop(self.skip(end), "something stands behind the end of the JSON value", "delete it")
        return value

    def skip(self, at: int) -> int:
        match = _SPACE.match(self.text, at)
        return match.end() if match else at

    def place(self, at: int) -> Position:
        line = bisect.bisect_right(self.starts, at)
        return Position(self.source.file, line, at - self.starts[line - 1] + 1)

    def stop(self, at: int, message: str, hint: str, loc: Loc = ()) -> NoReturn:
        place = self.place(min(at, len(self.text)))
        line = self.source.lines[self.source.file][place.line - 1]
        fault = Fault(str(place.file), place.line, place.column, dotted(loc[:8]), message, excerpt(line, place.column), hint)
        raise BrandFileError([fault])

    def value(self, at: int, loc: Loc) -> tuple[Any, int]:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self.stop(at, f"holds more than {MAX_NODES} values", "split the file", loc)
        if len(loc) > MAX_DEPTH:
            self.stop(at, f"is nested deeper than {MAX_DEPTH} levels", "check the brackets", loc)
        self.source.values[loc] = self.place(at)
        letter = self.text[at : at + 1]
        if letter == "{":
            return self.object(at, loc)
        if letter == "[":
            return self.array(at, loc)
        if letter == '"':
            return self.string(at, loc)
        return self.plain(at, loc)

    def plain(self, at: int, loc: Loc) -> tuple[Any, int]:
        if match := _NUMBER.match(self.text, at):
            written = match[0]
            if len(written) > 400 or not math.isfinite(float(written)):
                self.stop(at, f"the number {written[:20]}… is too long or too large", "write a shorter number", loc)
            return (float(written) if match[1] or match[2] else int(written)), match.end()
        for word, value in _WORDS.items():
            if self.text.startswith(word, at):
                return value, at + len(word)
        self.unexpected(at, loc)

    def unexpected(self, at: int, loc: Loc) -> NoReturn:
        rest = self.text[at : at + 2]
        if not rest:
            self.stop(at, "ends in the middle of a value", "close every bracket and quote", loc)
        if rest in {"//", "/*"} or rest[0] == "#":
            self.stop(at, "JSON has no comments", "delete the comment, or put it into '$description'", loc)
        if rest[0] in "]}":
            self.stop(at, "a comma stands before the closing bracket", "delete the comma", loc)
        if rest[0] == "'":
            self.stop(at, "text stands in single quotes", 'put it in double quotes: "…"', loc)
        self.stop(at, f"{rest[0]!r} cannot begin a value", "write text in double quotes, a number, true, false, null, '{' or '['", loc)

    def string(self, at: int, loc: Loc) -> tuple[str, int]:
        try:
            text, end = _STRINGS.raw_decode(self.text, at)
        except json.JSONDecodeError as error:
            hint = "close the quote, and write line breaks as \\n and backslashes as \\\\"
            self.stop(error.pos, error.msg.split(":")[0].rstrip(" at").lower(), hint, loc)
        if any("\ud800" <= letter <= "\udfff" for letter in text):
            self.stop(at, "holds half of a surrogate pair", "write the character itself", loc)
        return text, end

    def object(self, at: int, loc: Loc) -> tuple[Any, int]:
        found: dict[str, Any] = {}
        at = self.skip(at + 1)
        while self.text[at : at + 1] != "}" or found:
            if self.text[at : at + 1] != '"':
                self.unexpected(at, loc) if self.text[at : at + 1] in {"}", "/", "#", ""} else self.stop(
                    at, "a key in double quotes was expected here", 'write "key": value', loc
                )
            key, end = self.string(at, loc)
            if key in found:
                self.stop(at, f"the key {key[:60]!r} is given twice", "keep one of them", (*loc, key))
            self.source.keys[(*loc, key)] = self.place(at)
            end = self.skip(end)
            if self.text[end : end + 1] != ":":
                self.stop(end, "a ':' was expected here", 'write "key": value', loc)
            found[key], end = self.value(self.skip(end + 1), (*loc, key))
            end = self.skip(end)
            if self.text[end : end + 1] == "}":
                return found, end + 1
            at = self.comma(end, loc)
        return found, at + 1

    def array(self, at: int, loc: Loc) -> tuple[Any, int]:
        found: list[Any] = []
        at = self.skip(at + 1)
        while self.text[at : at + 1] != "]" or found:
            entry, end = self.value(at, (*loc, len(found)))
            found.append(entry)
            end = self.skip(end)
            if self.text[end : end + 1] == "]":
                return found, end + 1
            at = self.comma(end, loc)
        return found, at + 1

    def comma(self, at: int, loc: Loc) -> int:
        if self.text[at : at + 1] != ",":
            if self.text[at : at + 2] in {"//", "/*"}:
                self.unexpected(at, loc)
            self.stop(at, "a comma or the closing bracket is missing before this", "separate entries by commas, close the bracket", loc)
        return self.skip(at + 1)
