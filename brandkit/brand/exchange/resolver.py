"""Resolver documents of DTCG 2025.10: sets and modifiers laid over each other in their order, from files of the same folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from brandkit.brand.exchange.json_source import read_json
from brandkit.brand.exchange.library import Document, at
from brandkit.brand.exchange.names import near
from brandkit.brand.exchange.sketch import Remark
from brandkit.brand.resolve import Loc
from brandkit.brand.source import Source
from brandkit.errors import BrandFileError, InputError
from brandkit.files import contained

VERSION = "2025.10"
MAX_FILES = 500  # token files of one resolver document; GitHub's has 50
MAX_VISITED = 5_000  # sets, contexts and sources, each as often as it is named
MAX_CHAIN = 16  # references that lead to one another


def is_resolver(tree: Mapping[str, Any]) -> bool:
    """Whether a JSON file is a resolver document rather than a file of tokens."""
    return "resolutionOrder" in tree or str(tree.get("$schema", "")).endswith("resolver.json")


def documents_of(source: Source, contexts: Mapping[str, str]) -> tuple[list[Document], list[Remark]]:
    """The token documents of a resolver in the order in which they are laid over each other.

    Raises:
        BrandFileError: The order is missing, or a reference leads nowhere, in a circle or out of the folder.
    """
    resolver = _Resolver(source, contexts)
    return list(resolver.order()), resolver.remarks


class _Resolver:
    def __init__(self, source: Source, contexts: Mapping[str, str]) -> None:
        self.source = source
        self.tree = source.tree
        self.contexts = dict(contexts)
        self.remarks: list[Remark] = []
        self.files: dict[str, Source] = {}
        self.visited = 0

    def stop(self, loc: Loc, message: str, hint: str) -> BrandFileError:
        broken = [remark.fault for remark in self.remarks if remark.kind == "broken"]
        return BrandFileError([*broken, self.source.fault(loc, message, hint)])

    def broken(self, loc: Loc, message: str, hint: str) -> None:
        self.remarks.append(Remark(self.source.fault(loc, message, hint), "broken"))

    def order(self) -> Iterator[Document]:
        if self.tree.get("version") != VERSION:
            self.broken(("version",), f"the version must be {VERSION!r}", f'write "version": "{VERSION}"')
        known = {"$schema", "name", "description", "version", "sets", "modifiers", "resolutionOrder", "$defs", "$extensions"}
        for key in sorted(self.tree.keys() - known):
            self.broken((key,), f"a resolver has no property {key!r}", near(key, known))
        entries = self.tree.get("resolutionOrder")
        if not isinstance(entries, list) or not entries:
            raise self.stop(("resolutionOrder",), "the resolution order is missing or empty", "list the sets and modifiers in their order")
        for index in range(len(entries)):
            yield from self.entry(("resolutionOrder", index))

    def entry(self, loc: Loc, depth: int = 0) -> Iterator[Document]:
        """Documents of a set, a modifier, a token tree, or of what a reference to one of them names."""
        node = at(self.tree, loc)
        self.visited += 1
        if depth > MAX_CHAIN:
            raise self.stop(loc, f"references lead in a circle, or over more than {MAX_CHAIN} steps", "name the files themselves")
        if self.visited > MAX_VISITED:
            raise self.stop(loc, f"the sets unfold to more than {MAX_VISITED} sources", "name each file once")
        if not isinstance(node, dict):
            raise self.stop(loc, "is neither a set, a modifier nor a reference", 'write {"$ref": "…"}')
        if "$ref" in node:
            yield from self.reference(node["$ref"], loc, depth)
        elif "sources" in node:
            yield from self.sources((*loc, "sources"), depth)
        elif "contexts" in node or loc[:1] == ("modifiers",) or node.get("type") == "modifier":
            yield from self.modifier(node, loc, depth)
        elif loc[0] == "sets" and len(loc) == 2:
            raise self.stop(loc, "the set has no sources", 'write "sources": [{"$ref": "colors.tokens.json"}]')
        else:
            yield Document(self.source, loc)

    def sources(self, loc: Loc, depth: int) -> Iterator[Document]:
        entries = at(self.tree, loc)
        if not isinstance(entries, list):
            raise self.stop(loc, "must be a list of token files", 'write [{"$ref": "colors.tokens.json"}]')
        for index in range(len(entries)):
            yield from self.entry((*loc, index), depth + 1)

    def modifier(self, node: Mapping[str, Any], loc: Loc, depth: int) -> Iterator[Document]:
        name = str(node.get("name", loc[-1]))
        choices = node.get("contexts")
        if not isinstance(choices, dict) or not choices:
            raise self.stop(loc, f"the modifier {name!r} has no contexts", 'write "contexts": {"light": […], "dark": […]}')
        if len(choices) == 1:
            self.broken((*loc, "contexts"), f"the modifier {name!r} has only one context", "add another, or make it a set")
        chosen = self.contexts.get(name, node.get("default"))
        if chosen is None:
            chosen = next(iter(choices))
            hint = f"choose with --context {name}=…: {', '.join(choices)}"
            fault = self.source.fault(loc, f"the modifier {name!r} has no default; its first context {chosen!r} is taken", hint)
            self.remarks.append(Remark(fault, "guessed"))
        if chosen not in choices:
            raise self.stop(loc, f"the modifier {name!r} has no context {str(chosen)[:60]!r}", near(str(chosen), choices))
        yield from self.sources((*loc, "contexts", str(chosen)), depth + 1)

    def reference(self, target: Any, loc: Loc, depth: int) -> Iterator[Document]:
        if not isinstance(target, str):
            raise self.stop((*loc, "$ref"), "a reference must be text", 'write {"$ref": "colors.tokens.json"}')
        if target.startswith("#/"):
            steps: Loc = tuple(target[2:].replace("~1", "/").replace("~0", "~").split("/"))
            if steps[0] == "resolutionOrder" or (steps[0] == "modifiers" and loc[0] != "resolutionOrder"):
                raise self.stop((*loc, "$ref"), f"{target[:60]!r} may not be named here", "name a set or a file")
            try:
                at(self.tree, steps)
            except (KeyError, TypeError):
                raise self.stop((*loc, "$ref"), f"{target[:60]!r} leads nowhere", "name a set or modifier of this file") from None
            yield from self.entry(steps, depth + 1)
        else:
            yield self.file(target, loc)

    def file(self, target: str, loc: Loc) -> Document:
        where = (*loc, "$ref")
        path, _, pointer = target.partition("#")
        if "://" in target:
            raise self.stop(where, f"{target[:60]!r} is on the network, and brandkit reads only files", "download it into this folder")
        if pointer:
            raise self.stop(where, f"{target[:60]!r} points into another file", "name the whole file")
        try:
            file = contained(self.source.file.parent, PurePosixPath(path).as_posix())
        except InputError as error:
            raise self.stop(where, error.message, error.hint or "") from None
        if str(file) not in self.files:
            if len(self.files) >= MAX_FILES:
                raise self.stop(where, f"more than {MAX_FILES} files", "split the resolver")
            if not file.is_file():
                raise self.stop(where, f"the file {path[:60]!r} does not exist", "put it there; the path is relative to the resolver")
            self.files[str(file)] = read_json(file)
        if is_resolver(self.files[str(file)].tree):
            raise self.stop(where, f"{path[:60]!r} is a resolver itself", "name its token files")
        return Document(self.files[str(file)])
