"""An XML file as a small tree whose nodes know their line and column."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from brandkit.errors import PictureError
from brandkit.image.svg_rules import MAX_BYTES, MAX_DEPTH, MAX_NODES, SVG, XLINK

ENTITY = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);|#)[A-Za-z_:][^;&<\s]{0,40};")
SEPARATOR = " "  # between namespace and local name, as expat joins them; no URI holds a space


@dataclass
class Node:
    """One element: `space` is its namespace, `attributes` are those without namespace plus `href` of xlink."""

    space: str
    name: str
    line: int
    column: int
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node] = field(default_factory=list)
    text: str = ""


def refuse(name: str, line: int, column: int, what: str, remedy: str) -> PictureError:
    """The error for a fault of the file `name` at `line` and `column`, both counted from 1."""
    return PictureError(f"{name}:{line}:{column}: {what}", hint=remedy)


def parse_tree(data: bytes, *, name: str) -> Node:
    """Parse `data` without ever resolving an entity or reading another file.

    Raises:
        PictureError: More than `MAX_BYTES`, declarations in a DOCTYPE, unknown entities, not well-formed, or more nodes or
            depth than the limits.
    """
    if len(data) > MAX_BYTES:
        raise PictureError(
            f"{name}: {len(data) / 1e6:.1f} MB of SVG, the most is {MAX_BYTES / 1e6:.0f} MB",
            hint="simplify the paths and remove embedded pictures",
        )
    if data[:2] == b"\x1f\x8b":
        raise PictureError(f"{name}: a compressed SVG (svgz)", hint="unpack it with gunzip and save it as .svg")
    reader = _Reader(name)
    try:
        reader.parser.Parse(data, True)
        reader.check_entities(data)
    except expat.ExpatError as error:
        line, column = error.lineno, error.offset + 1
        raise refuse(name, line, column, f"not well-formed XML: {expat.ErrorString(error.code)}", "export the SVG again") from None
    except (LookupError, UnicodeError, ValueError) as error:
        raise PictureError(f"{name}: the text encoding cannot be read: {error}", hint="save the SVG as UTF-8") from None
    if reader.root is None:
        raise PictureError(f"{name}: an empty file", hint="export the SVG again")
    return reader.root


class _Reader:
    def __init__(self, name: str) -> None:
        self.name = name
        self.root: Node | None = None
        self.open: list[Node] = []
        self.count = 0
        self.named_dtd = False
        self.parser = expat.ParserCreate(namespace_separator=SEPARATOR)
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.parser.EntityDeclHandler = self.declaration
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.characters

    def place(self) -> tuple[int, int]:
        return self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1

    def doctype(self, _name: str, _system: str | None, _public: str | None, own_declarations: int) -> None:
        """A bare DOCTYPE names a file that nobody opens; one with declarations of its own can define entities."""
        if own_declarations:
            self.declaration()
        self.named_dtd = True

    def declaration(self, *_declaration: Any) -> None:
        raise refuse(
            self.name, *self.place(), "a DOCTYPE with declarations of its own, which can pull in other files",
            "delete everything from <!DOCTYPE to ]>, or export again: Illustrator 'Export As > SVG' (not 'Save As'), or 'Save As' with "
            "'Preserve Illustrator Editing Capabilities' off; Inkscape 'Plain SVG'",
        )  # fmt: skip

    def check_entities(self, data: bytes) -> None:
        """Under a DOCTYPE expat leaves out, without a word, what an entity that it does not know stands for."""
        if not self.named_dtd:
            return
        if found := ENTITY.search(data if b"\x00" not in data[:64] else data.replace(b"\x00", b"")):
            line = data[: found.start()].count(b"\n") + 1
            column = found.start() - data.rfind(b"\n", 0, found.start())
            what = f"the entity {found[0].decode('ascii', 'replace')}, which the file does not define"
            raise refuse(self.name, line, column, what, "write the character itself, or export the SVG again")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if self.count > MAX_NODES:
            raise refuse(self.name, *self.place(), f"more than {MAX_NODES} elements", "simplify the drawing")
        if len(self.open) >= MAX_DEPTH:
            raise refuse(self.name, *self.place(), f"elements nested more than {MAX_DEPTH} deep", "ungroup the drawing")
        space, _, local = tag.rpartition(SEPARATOR)
        kept: dict[str, str] = {}
        for key, value in attributes.items():
            prefix, _, plain = key.rpartition(SEPARATOR)
            if not prefix or (prefix == XLINK and plain == "href"):
                kept.setdefault(plain, value)
        node = Node(space, local, *self.place(), attributes=kept)
        if self.open:
            self.open[-1].children.append(node)
        elif space != SVG or local != "svg":
            message = f"the file starts with <{local}>" + ("" if local != "svg" else " without the SVG namespace")
            raise refuse(self.name, *self.place(), message, f'an SVG starts with <svg xmlns="{SVG}">')
        else:
            self.root = node
        self.open.append(node)

    def end(self, _tag: str) -> None:
        self.open.pop()

    def characters(self, text: str) -> None:
        self.open[-1].text += text
