"""CSS read as far as custom properties go: every `--name: value` with its place and the selectors around it."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from brandkit.brand.exchange.json_source import decode, read_bytes
from brandkit.brand.source import excerpt
from brandkit.errors import BrandFileError, Fault

MAX_BYTES = 4_000_000  # bytes; the largest theme collected has 0.05 MB
MAX_DEPTH = 32  # nested blocks
MAX_PROPERTIES = 20_000
MAX_CHAIN = 32  # var() that lead to one another

_TOKEN = re.compile(r"/\*.*?\*/|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|[{};()]|/\*|[\"']", re.DOTALL)
_VAR = re.compile(r"var\(\s*(--[\w-]+)\s*(?:,\s*(.*?)\s*)?\)", re.DOTALL)


class Property(NamedTuple):
    """One custom property as written; `scope` is the chain of selectors and at-rules around it."""

    name: str
    value: str
    scope: str
    line: int
    column: int


class Sheet:
    """The custom properties of one file; for each name the first value holds."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.text = decode(read_bytes(file, MAX_BYTES), file)
        self.lines = self.text.split("\n")
        self.starts = [0, *(match.end() for match in re.finditer("\n", self.text))]
        self.properties: dict[str, Property] = {}
        self.others: list[Property] = []
        for found in self._scan():
            first = self.properties.setdefault(found.name, found)
            if first is not found and first.value != found.value:
                self.others.append(found)
            if len(self.properties) > MAX_PROPERTIES:
                message = f"more than {MAX_PROPERTIES} custom properties"
                raise BrandFileError([self.fault(found.line, found.column, message, "split the file")])

    def fault(self, line: int, column: int, message: str, hint: str) -> Fault:
        source = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        return Fault(str(self.file), line, column, "", message, excerpt(source, column), hint)

    def place(self, at: int) -> tuple[int, int]:
        line = bisect.bisect_right(self.starts, at)
        return line, at - self.starts[line - 1] + 1

    def stop(self, at: int, message: str, hint: str) -> BrandFileError:
        return BrandFileError([self.fault(*self.place(at), message, hint)])

    def _scan(self) -> Iterator[Property]:
        scopes: list[str] = []
        opened: list[int] = []
        begin, inside = 0, 0
        for match in _TOKEN.finditer(self.text):
            token, at = match[0], match.start()
            if token == "/*":
                raise self.stop(at, "a comment is opened here and never closed", "close it with '*/'")
            if token in {'"', "'"}:
                raise self.stop(at, "a quote is opened here and not closed on its line", "close it")
            if token == "(":
                inside += 1
            elif token == ")":
                inside = max(0, inside - 1)
            elif token == "{" and not self._declares(begin, at):
                if len(scopes) >= MAX_DEPTH:
                    raise self.stop(at, f"blocks are nested deeper than {MAX_DEPTH}", "check the braces")
                scopes.append(self._plain(begin, at))
                opened.append(at)
                begin, inside = match.end(), 0
            elif token in {";", "}"} and not (inside and token == ";"):
                if found := self._declaration(begin, at, scopes):
                    yield found
                if token == "}":
                    if not scopes:
                        raise self.stop(at, "a '}' closes nothing", "delete it")
                    scopes.pop()
                    opened.pop()
                begin, inside = match.end(), 0
        if opened:
            raise self.stop(opened[-1], "a '{' is opened here and never closed", "close it with '}'")

    def _declares(self, begin: int, at: int) -> bool:
        return bool(re.match(r"--[\w-]+\s*:\s*$", self._plain(begin, at)))

    def _plain(self, begin: int, end: int) -> str:
        return _TOKEN.sub(lambda match: " " if match[0].startswith("/*") else match[0], self.text[begin:end]).strip()

    def _declaration(self, begin: int, end: int, scopes: list[str]) -> Property | None:
        name, colon, value = self._plain(begin, end).partition(":")
        if not colon or not re.fullmatch(r"--[\w-]+", name.strip()):
            return None
        at = self.text.index(name.strip(), begin)
        return Property(name.strip(), " ".join(value.split()), " ".join(" ".join(scopes).split())[:200], *self.place(at))

    def value(self, name: str) -> str:
        """The value of a property with whole-value `var()` resolved.

        Raises:
            ValueError: It leads in a circle, to nothing, or is computed.
        """
        seen = [name]
        value = self.properties[name].value
        while match := _VAR.fullmatch(value):
            target, fallback = match[1], match[2]
            if target in seen or len(seen) > MAX_CHAIN:
                raise ValueError(
                    f"var() leads in a circle: {' → '.join([*seen[:6], target])}; name the file of one theme, where it has a value"
                )
            seen.append(target)
            if target in self.properties:
                value = self.properties[target].value
            elif fallback:
                value = fallback
            else:
                raise ValueError(f"var({target}) names nothing in this file; add the file that declares it")
        return value
