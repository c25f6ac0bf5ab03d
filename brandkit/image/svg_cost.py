"""What an SVG costs to draw once every reference in it is followed."""

from __future__ import annotations

import re
from typing import NamedTuple

from brandkit.image.svg_css import rules_of, urls_of
from brandkit.image.svg_rules import (
    DASH_COST,
    FILTER_COST,
    LAYER_COST,
    LAYERED,
    MAX_CHAIN,
    MAX_EXPANDED,
    MAX_LAYERS,
    MAX_NAMESAKES,
    MAX_STYLED,
)
from brandkit.image.svg_tree import Node, refuse


class Cost(NamedTuple):
    """Drawing cost in simple elements, and how many canvases are open at once."""

    weight: int
    layers: int


def check_cost(root: Node, name: str) -> None:
    """Refuse a drawing that refers to itself, or whose expansion exceeds the limits of `svg_rules`.

    Args:
        root: A cleaned tree: every reference is `#id`.
        name: How messages call the file.

    Raises:
        PictureError: With the element where the circle closes, or the drawing's total cost.
    """
    book = _Book(root, name)
    total = book.cost(root)
    if total.weight > MAX_EXPANDED:
        raise refuse(
            name, root.line, root.column, f"the drawing unfolds to {total.weight:,} elements, the most is {MAX_EXPANDED:,}",
            "replace nested <use>, repeated filters and masks by plain shapes",
        )  # fmt: skip
    if total.layers > MAX_LAYERS:
        raise refuse(
            name, root.line, root.column, f"{total.layers} nested groups with opacity, mask, clip or filter, the most is {MAX_LAYERS}",
            "flatten the transparency before exporting",
        )  # fmt: skip


class _Book:
    def __init__(self, root: Node, name: str) -> None:
        self.name = name
        self.ids: dict[str, list[Node]] = {}
        self.rules: dict[str, list[str]] = {}
        self.styled = 0
        self.known: dict[int, Cost] = {}
        self.open: set[int] = set()
        self._index(root)

    def _index(self, node: Node) -> None:
        if "id" in node.attributes:
            named = self.ids.setdefault(node.attributes["id"], [])
            named.append(node)  # renderers differ on which of two wins
            if len(named) > MAX_NAMESAKES:
                message = f"the id {node.attributes['id'][:40]!r} for more than {MAX_NAMESAKES} elements"
                raise refuse(self.name, node.line, node.column, message, "give each element an id of its own, or none")
        if node.name == "style":
            for selectors, body in rules_of(node.text):
                for selector in selectors.split(","):
                    self.rules.setdefault(selector.strip(), []).append(body)
        for child in node.children:
            self._index(child)

    def cost(self, node: Node) -> Cost:
        """Cost of `node` with all it holds and refers to; each is worked out once."""
        key = id(node)
        if key in self.known:
            return self.known[key]
        if key in self.open:
            raise refuse(
                self.name, node.line, node.column, f"<{node.name}> refers to itself", "remove the circular reference; export the SVG again"
            )
        if len(self.open) >= MAX_CHAIN:
            message = f"references that lead through more than {MAX_CHAIN} elements"
            raise refuse(self.name, node.line, node.column, message, "expand the symbols before exporting")
        self.open.add(key)
        text = self._styling(node)
        parts = [self.cost(child) for child in node.children]
        targets = [target for target in (*urls_of(text), node.attributes.get("href", "")) if target.startswith("#")]
        parts += [self.cost(other) for target in dict.fromkeys(targets) for other in self.ids.get(target[1:].strip(), ())]
        own = Cost(1 + self._extra(node, text), int(_layered(text)))
        total = Cost(own.weight + sum(part.weight for part in parts), own.layers + max((part.layers for part in parts), default=0))
        self.open.discard(key)
        self.known[key] = total
        return total

    def _styling(self, node: Node) -> str:
        pieces = [f"{key}:{value};" for key, value in node.attributes.items() if key not in ("href", "d", "points")]
        classes = dict.fromkeys(node.attributes.get("class", "").split())
        for selector in (*(f".{word}" for word in classes), f"#{node.attributes.get('id')}", node.name):
            pieces += self.rules.get(selector, ())
        text = ";".join(pieces)
        self.styled += len(text)
        if self.styled > MAX_STYLED:
            message = f"style rules that apply to {MAX_STYLED:,} characters and more"
            raise refuse(self.name, node.line, node.column, message, "export with 'Presentation attributes' instead of a style sheet")
        return text

    @staticmethod
    def _extra(node: Node, text: str) -> int:
        extra = FILTER_COST if node.name.startswith("fe") else 0
        extra += LAYER_COST if _layered(text) or node.name in ("pattern", "image") else 0
        return extra + (DASH_COST if "stroke-dasharray" in text and "stroke-dasharray:none" not in text else 0) + _length(node)


def _length(node: Node) -> int:
    return len(node.attributes.get("d", "") + node.attributes.get("points", "")) // 200  # characters per simple shape


def _layered(text: str) -> bool:
    return any(re.search(rf"(?<![\w-]){word}:(?!\s*(?:1(?:\.0*)?|none|auto|normal)\s*(?:;|$))", text) for word in LAYERED)
