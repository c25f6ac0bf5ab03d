"""Token files as one library: groups unfolded, types inherited, `$extends`, `$ref` and aliases resolved, cycles and bombs refused.

Used for DTCG and, with other words for its keys, for Style Dictionary and Tokens Studio. A token that breaks a rule is left out with
a remark at its place; the others are taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import unquote

from brandkit.brand.exchange.sketch import Kind, Remark
from brandkit.brand.resolve import Loc
from brandkit.brand.source import Source
from brandkit.errors import BrandFileError

MAX_TOKENS = 50_000  # tokens after every `$extends` is unfolded; GitHub's whole design system has about 3 000
MAX_CHAIN = 48  # references that lead to one another, and groups inside groups
MAX_VALUE = 5_000  # plain values in one token after its references are resolved

ALIAS = re.compile(r"\{([^{}]+)\}")
Path = tuple[str, ...]


@dataclass(frozen=True)
class Dialect:
    """The words of one token format. `strict` formats allow nothing beside groups and tokens."""

    value: str
    type: str
    description: tuple[str, ...]
    strict: bool = False


class Document(NamedTuple):
    """A tree of groups and tokens: `source` at `loc`."""

    source: Source
    loc: Loc = ()

    @property
    def tree(self) -> Any:
        return at(self.source.tree, self.loc)


@dataclass(frozen=True)
class Token:
    """A token: `value` is resolved once `Library.tokens` has returned it."""

    path: Path
    type: str
    value: Any
    description: str
    extensions: Mapping[str, Any]
    document: Document
    loc: Loc
    aliased: str = ""
    """Path of the token that it only points at, if any."""


class Problem(Exception):
    """A token that cannot be had."""

    def __init__(self, kind: Kind, loc: Loc, message: str, hint: str) -> None:
        super().__init__(message)
        self.kind, self.loc, self.message, self.hint = kind, loc, message, hint


class Resolved(NamedTuple):
    """A value without references, its type, and how many plain values it holds."""

    value: Any
    type: str
    size: int


def at(tree: Any, loc: Loc) -> Any:
    """The value at `loc` of a plain tree."""
    for step in loc:
        tree = tree[step]
    return tree


@dataclass
class Library:
    """Documents laid over each other in order: where two give the same token, the later one holds."""

    documents: Sequence[Document]
    dialect: Dialect
    remarks: list[Remark] = field(default_factory=list)
    found: dict[Path, Token] = field(default_factory=dict)
    count: int = 0
    _done: dict[Path, Resolved | Problem] = field(default_factory=dict)
    _open: list[Any] = field(default_factory=list)
    _groups: set[Path] = field(default_factory=set)

    def tokens(self) -> Iterator[Token]:
        """Every token with its value resolved, in order; the others are told in `remarks`."""
        for document in self.documents:
            self._group(document, document.loc, (), "", ())
        for path, token in self.found.items():
            try:
                value, kind, _ = self.resolve(path)
            except Problem as problem:
                where = problem.loc or (*token.loc, self.dialect.value)
                self.remark(problem.kind, token.document, where, problem.message, problem.hint)
                continue
            yield Token(path, kind, value, token.description, token.extensions, token.document, token.loc, self._target(token))

    def remark(self, kind: Kind, document: Document, loc: Loc, message: str, hint: str = "") -> None:
        self.remarks.append(Remark(document.source.fault(loc, message, hint), kind))

    def _target(self, token: Token) -> str:
        match = ALIAS.fullmatch(token.value.strip()) if isinstance(token.value, str) else None
        return match[1] if match else ""

    def _group(self, document: Document, loc: Loc, path: Path, kind: str, trail: tuple[Any, ...]) -> None:
        group = at(document.source.tree, loc)
        if len(path) > MAX_CHAIN or len(trail) > MAX_CHAIN:
            self.remark("broken", document, loc, f"groups are nested or extended more than {MAX_CHAIN} deep", "look for a circle")
            return
        own = group.get(self.dialect.type)
        kind = own if isinstance(own, str) else kind
        self._extend(document, loc, path, kind, trail)
        for key, child in group.items():
            if key.startswith("$") and key != "$root":
                self._property(document, loc, key)
            elif not isinstance(child, dict):
                self._stray(document, (*loc, key), key)
            elif self._named(document, (*loc, key), key):
                self._child(document, (*loc, key), (*path, key), kind, trail)

    def _property(self, document: Document, loc: Loc, key: str) -> None:
        known = {"$type", "$description", "$extensions", "$extends", "$deprecated", "$root", "$ref" if loc else "$schema"}
        if self.dialect.strict and key not in known:
            hint = "names that begin with '$' belong to the format; rename it, or move it into '$extensions'"
            self.remark("broken", document, (*loc, key), f"a group has no property {key!r}", hint)

    def _stray(self, document: Document, loc: Loc, key: str) -> None:
        if self.dialect.strict:
            self.remark("broken", document, loc, f"{key!r} is neither a group nor a token", "write an object with '$value'")

    def _named(self, document: Document, loc: Loc, key: str) -> bool:
        if self.dialect.strict and set(key) & set("{}."):
            self.remark("broken", document, loc, f"the name {key[:60]!r} holds '{{', '}}' or '.'", "rename it, e.g. with '-'")
            return False
        return True

    def _child(self, document: Document, loc: Loc, path: Path, kind: str, trail: tuple[Any, ...]) -> None:
        child = at(document.source.tree, loc)
        self.count += 1
        if self.count > MAX_TOKENS:
            raise BrandFileError([document.source.fault(loc, f"more than {MAX_TOKENS} tokens and groups", "split the set")])
        nested = [key for key in child if not key.startswith("$") and isinstance(child[key], dict)]
        if self.dialect.value in child and not (not self.dialect.strict and isinstance(child[self.dialect.value], dict) and nested[1:]):
            if not self.dialect.strict or self._whole(document, loc, child):
                self._token(document, loc, path, kind, child)
        elif self.dialect.strict and isinstance(child.get("$ref"), str) and not nested and not self._is_group(document, child["$ref"]):
            self._token(document, loc, path, kind, {**child, self.dialect.value: {"$ref": child["$ref"]}})
        else:
            self._group(document, loc, path, kind, trail)

    def _whole(self, document: Document, loc: Loc, token: Mapping[str, Any]) -> bool:
        known = ("$value", "$type", "$description", "$extensions", "$deprecated")
        for key in sorted(token.keys() - set(known)):
            hint = "make it a group, and name its own value '$root'" if isinstance(token[key], dict) else "move it into '$extensions'"
            what = (
                f"is a token and holds the group {key[:60]!r} as well" if isinstance(token[key], dict) else f"a token has no {key[:60]!r}"
            )
            self.remark("broken", document, (*loc, key), what, hint)
        return not token.keys() - set(known)

    def _token(self, document: Document, loc: Loc, path: Path, kind: str, token: Mapping[str, Any]) -> None:
        own = token.get(self.dialect.type)
        texts = [token.get(key) for key in self.dialect.description]
        extensions = token.get("$extensions")
        self.found.pop(path, None)
        self.found[path] = Token(
            path=path,
            type=own if isinstance(own, str) else kind,
            value=token[self.dialect.value],
            description=next((text for text in texts if isinstance(text, str)), ""),
            extensions=extensions if isinstance(extensions, dict) else {},
            document=document,
            loc=loc,
        )

    def _extend(self, document: Document, loc: Loc, path: Path, kind: str, trail: tuple[Any, ...]) -> None:
        group = at(document.source.tree, loc)
        key = next((key for key in ("$extends", "$ref") if key in group), None)
        if not self.dialect.strict or key is None:
            return
        base = self._base(document, group[key])
        mark = (id(base[0].source), base[1]) if base else None
        if base is None:
            hint = "write '{group}' or '#/group', and import the file that declares it as well"
            self.remark("left-out", document, (*loc, key), f"{str(group[key])[:60]!r} names no group of the given files", hint)
        elif mark in trail or (loc[: len(base[1])] == base[1] and base[0].source is document.source):
            self.remark("broken", document, (*loc, key), f"{group[key]!r} leads in a circle", "extend a group that does not extend this")
        else:
            self._group(base[0], base[1], path, kind or self._type_at(*base), (*trail, mark))

    def _base(self, document: Document, target: Any) -> tuple[Document, Loc] | None:
        """The document and place of the group that `{a.b}` or `#/a/b` names; the own document first, then the later ones."""
        steps = _steps(target)
        for candidate in [document, *reversed(self.documents)] if steps else []:
            loc: Loc = candidate.loc
            tree = candidate.tree
            for step in steps or ():
                tree = tree.get(step) if isinstance(tree, dict) else None
                loc = (*loc, step)
            if isinstance(tree, dict) and self.dialect.value not in tree:
                return candidate, loc
        return None

    def _is_group(self, document: Document, target: str) -> bool:
        return self._base(document, target) is not None

    def _type_at(self, document: Document, loc: Loc) -> str:
        for end in range(len(loc), len(document.loc) - 1, -1):
            own = at(document.source.tree, loc[:end]).get(self.dialect.type)
            if isinstance(own, str):
                return own
        return ""

    def resolve(self, path: Path) -> Resolved:
        """The value, type and size of the token at `path`.

        Raises:
            Problem: It does not exist, leads in a circle, or unfolds to too much.
        """
        if path not in self._done:
            try:
                self._done[path] = self._resolve(path)
            except Problem as problem:
                self._done[path] = problem
        done = self._done[path]
        if isinstance(done, Problem):
            raise done
        return done

    def _resolve(self, path: Path) -> Resolved:
        token = self.found.get(path)
        if token is None:
            raise self._unknown(path)
        self._enter(path)
        try:
            where = (*token.loc, self.dialect.value)
            result = self._value(token.value, token.document, where)
        finally:
            self._open.pop()
        return result._replace(type=token.type or result.type)

    def _enter(self, mark: Any) -> None:
        if mark in self._open:
            names = [".".join(step) if isinstance(step, tuple) else str(step) for step in [*self._open[self._open.index(mark) :], mark]]
            raise Problem("broken", (), f"references lead in a circle: {' → '.join(names[:8])}", "give one of them a value of its own")
        if len(self._open) >= MAX_CHAIN:
            raise Problem("broken", (), f"more than {MAX_CHAIN} references lead to one another", "point at the value itself")
        self._open.append(mark)

    def _unknown(self, path: Path) -> Problem:
        name = ".".join(path)
        if (*path, "$root") in self.found:
            return Problem("broken", (), f"'{{{name[:60]}}}' names a group", f"write '{{{name[:60]}.$root}}'")
        if not self._groups:
            self._groups.update(known[:end] for known in self.found for end in range(1, len(known)))
        if path in self._groups:
            return Problem("broken", (), f"'{{{name[:60]}}}' names a group, not a token", "name one of its tokens")
        hint = "correct the name, or import the file that declares it together with this one"
        return Problem("left-out", (), f"'{{{name[:60]}}}' names no token of the given files", hint)

    def _value(self, node: Any, document: Document, loc: Loc) -> Resolved:
        if isinstance(node, str):
            return self._text(node, loc)
        if isinstance(node, dict) and set(node) == {"$ref"}:
            return self._pointer(node["$ref"], document, loc)
        if isinstance(node, dict):
            entries = {key: self._value(entry, document, (*loc, key)) for key, entry in node.items()}
            return self._sized({key: entry.value for key, entry in entries.items()}, list(entries.values()), loc)
        if isinstance(node, list):
            items = [self._value(entry, document, (*loc, index)) for index, entry in enumerate(node)]
            return self._sized([item.value for item in items], items, loc)
        return Resolved(node, "", 1)

    def _sized(self, value: Any, parts: list[Resolved], loc: Loc) -> Resolved:
        size = 1 + sum(entry.size for entry in parts)
        if size > MAX_VALUE:
            raise Problem("broken", loc, f"its references unfold to more than {MAX_VALUE} values", "write a smaller value")
        return Resolved(value, "", size)

    def _text(self, text: str, loc: Loc) -> Resolved:
        if match := ALIAS.fullmatch(text.strip()):
            path = tuple(match[1].strip().split("."))
            if path not in self.found and not self.dialect.strict and path[-1] == self.dialect.value:
                path = path[:-1]
            try:
                return self.resolve(path)
            except Problem as problem:
                raise Problem(problem.kind, loc, problem.message, problem.hint) from None
        if not self.dialect.strict and ALIAS.search(text):
            raise Problem("left-out", loc, f"{text[:60]!r} is computed from other tokens", "write the result, or export resolved tokens")
        return Resolved(text, "", 1)

    def _pointer(self, target: Any, document: Document, loc: Loc) -> Resolved:
        steps = _steps(target) if isinstance(target, str) and target.startswith("#/") else None
        if not steps:
            raise Problem("broken", loc, f"{str(target)[:60]!r} is no pointer into this file", "write '#/group/token/$value'")
        self._enter(target)
        try:
            return self._follow(steps, document, loc, str(target))
        finally:
            self._open.pop()

    def _follow(self, steps: Sequence[str], document: Document, loc: Loc, target: str) -> Resolved:
        node, here = document.tree, document.loc
        for step in steps:
            if isinstance(node, str) or (isinstance(node, dict) and "$ref" in node and step not in node):
                node = self._value(node if isinstance(node, str) else {"$ref": node["$ref"]}, document, loc).value
            key: Any = int(step) if isinstance(node, list) and step.isdecimal() and len(step) < 6 else step
            try:
                node = node[key] if isinstance(node, dict | list) else None
            except (KeyError, IndexError, TypeError):
                node = None
            if node is None:
                raise Problem("left-out", loc, f"{target[:60]!r} leads nowhere", "correct the path")
            here = (*here, key)
        if isinstance(node, dict) and self.dialect.value in node:
            path = tuple(str(step) for step in here[len(document.loc) :])
            return self.resolve(path) if path in self.found else self._value(node[self.dialect.value], document, here)
        return self._value(node, document, here)


def _steps(target: Any) -> tuple[str, ...] | None:
    """The steps of `{a.b}` or of the JSON Pointer `#/a/b` (RFC 6901); None for anything else."""
    if not isinstance(target, str):
        return None
    if match := ALIAS.fullmatch(target.strip()):
        return tuple(match[1].split("."))
    if target.startswith("#/"):
        return tuple(unquote(step).replace("~1", "/").replace("~0", "~") for step in target[2:].split("/"))
    return None
