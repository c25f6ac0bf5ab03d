"""Clean strangers' SVG logos by allow-list before anything renders them.

What comes out of `clean_svg` names no file and no network, holds no script, text, animation or entity, refers only to
itself without cycles, and draws at a bounded cost: whatever is not known to be needed for a logo is dropped, whatever is
dangerous or would change the look when dropped is refused with its line and column.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from brandkit.color.parse import parse_color
from brandkit.errors import PictureError
from brandkit.image.svg_cost import check_cost
from brandkit.image.svg_css import rules_of, urls_of, without_comments
from brandkit.image.svg_rules import (
    ATTRIBUTES,
    ELEMENTS,
    IGNORED,
    MAX_BLUR,
    MAX_EMBEDDED_PIXELS,
    MAX_FILTER_REGION,
    MAX_RATIO,
    MAX_SIDE,
    PROPERTIES,
    SVG,
    TEXT,
)  # fmt: skip
from brandkit.image.svg_tree import Node, parse_tree, refuse

PAINT_PROPERTIES = ("fill", "stroke", "stop-color", "color", "flood-color")
PX_PER_UNIT = {"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}  # CSS reference pixels
DATA_PICTURE = re.compile(r"data:image/(png|jpe?g);base64,", re.IGNORECASE)
MAX_LENGTH_TEXT = 64  # characters of a width or height
SELECTOR = re.compile(r"[.#]?[A-Za-z_][\w-]*(?:\s*,\s*[.#]?[A-Za-z_][\w-]*)*")


class Size(NamedTuple):
    """Width and height of a drawing, in user units or CSS pixels; only their ratio is reliable."""

    width: float
    height: float


def clean_svg(data: bytes, *, name: str) -> bytes:
    """Rewrite an SVG so that only allow-listed drawing remains.

    Args:
        data: The file's bytes.
        name: How messages call the file.

    Returns:
        UTF-8 SVG that looks as the file does; the same bytes for the same input.

    Raises:
        PictureError: Not an SVG, beyond a limit of `svg_rules`, or holding something that is refused: declarations, script,
            foreignObject, event handlers, live text, references out of the file or in a circle. The message names
            line and column, the hint says how to save the file instead.
    """
    root = parse_tree(data, name=name)
    root = _keep(root, name) or root
    _check_filters(root, _size(root, name), name)
    _check_embedded(root, name)
    check_cost(root, name)
    return _write(root, top=True).encode()


def svg_size(data: bytes, *, name: str = "logo.svg") -> Size:
    """Width and height as drawn: those of `width` and `height` where absolute, else of the `viewBox`.

    Raises:
        PictureError: The file is no SVG, or has no usable size.
    """
    return _size(parse_tree(data, name=name), name)


def svg_colors(data: bytes, *, name: str = "logo.svg") -> list[str]:
    """The paints that the file names, as `#RRGGBB` in order of first use; black for shapes that inherit no fill.

    Raises:
        PictureError: As `clean_svg`.
    """
    root = _keep(parse_tree(data, name=name), name)
    found: dict[str, None] = {}
    for node, filled in _with_fill(root, False) if root else ():
        values = [value for key, value in _declared(node) if key in PAINT_PROPERTIES]
        if node.name == "style":
            values = [part.split(":", 1)[1] for _, body in rules_of(node.text) for part in body.split(";") if _is_paint(part)]
        if node.name in ("path", "rect", "circle", "ellipse", "polygon") and not filled and "class" not in node.attributes:
            values.append("#000000")  # the initial value of fill
        for value in values:
            try:
                found.setdefault(parse_color(value.strip()).hex)
            except ValueError:
                continue  # none, currentColor, url(#…)
    return list(found)


def _is_paint(declaration: str) -> bool:
    return declaration.split(":", 1)[0].strip() in PAINT_PROPERTIES and ":" in declaration


def _declared(node: Node) -> list[tuple[str, str]]:
    inline = [part.split(":", 1) for part in node.attributes.get("style", "").split(";") if ":" in part]
    return [*node.attributes.items(), *((key.strip(), value.strip()) for key, value in inline)]


def _with_fill(node: Node, filled: bool) -> list[tuple[Node, bool]]:
    filled = filled or any(key == "fill" for key, _ in _declared(node))
    return [(node, filled), *(pair for child in node.children for pair in _with_fill(child, filled))]


def _keep(node: Node, name: str) -> Node | None:
    if node.space != SVG or node.name in IGNORED:
        return None  # editors' own data, titles and animation draw nothing
    if node.name in TEXT:
        raise refuse(
            name, node.line, node.column, f"live text <{node.name}>, whose font is not in the file",
            "convert text to outlines (Illustrator: Type > Create Outlines; Inkscape: Path > Object to Path)",
        )  # fmt: skip
    if node.name not in ELEMENTS:
        raise refuse(
            name, node.line, node.column, f"<{node.name}> is not allowed in a logo",
            "export the drawing as plain SVG: shapes, groups, gradients, masks and embedded PNG or JPEG only",
        )  # fmt: skip
    children = [kept for child in node.children if (kept := _keep(child, name)) is not None]
    attributes = {key: value for key, raw in node.attributes.items() if (value := _attribute(node, key, raw, name)) is not None}
    return Node(SVG, node.name, node.line, node.column, attributes, children, _sheet(node, name) if node.name == "style" else "")


def _attribute(node: Node, key: str, value: str, name: str) -> str | None:
    if key.lower().startswith("on"):
        raise refuse(name, node.line, node.column, f"the event handler {key!r}", f"delete the attribute {key}; a logo runs no code")
    if key not in ATTRIBUTES:
        return None
    if key == "href":
        return _href(node, value.strip(), name)
    if key == "style":
        return _declarations(node, value, name)
    if key == "stdDeviation" and any(abs(number) > MAX_BLUR for number in _numbers(value)):
        raise refuse(name, node.line, node.column, f"a blur of {value}", f"keep stdDeviation up to {MAX_BLUR}")
    if key == "operator" and value.strip() == "arithmetic":
        raise refuse(name, node.line, node.column, "an arithmetic feComposite, on which renderers fail", "flatten the effect to shapes")
    _check_value(node, value, name)
    return value


def _href(node: Node, value: str, name: str) -> str:
    if value.startswith("#") and node.name != "image":
        return value
    if node.name == "image" and DATA_PICTURE.match(value):
        return value
    raise refuse(
        name, node.line, node.column, f"a reference out of the file: {value[:60]!r}",
        "embed pictures as PNG or JPEG (data:image/png;base64,…) and refer to parts of the drawing by #id only",
    )  # fmt: skip


def _check_value(node: Node, value: str, name: str) -> None:
    squeezed = value.replace(" ", "").lower()
    targets = urls_of(value)
    bad = "\\" in value or "javascript:" in squeezed or "expression(" in squeezed or "@" in value
    if bad or any(not target.startswith("#") for target in targets) or squeezed.count("url(") != len(targets):
        raise refuse(name, node.line, node.column, f"a value that leads out of the file: {value[:60]!r}", "refer to parts by url(#id) only")


def _declarations(node: Node, text: str, name: str) -> str | None:
    kept = []
    for part in without_comments(text).split(";"):
        key, _, value = part.partition(":")
        if key.strip() in PROPERTIES and value.strip():
            _check_value(node, value, name)
            kept.append(f"{key.strip()}:{value.strip()}")
    return ";".join(kept) or None


def _sheet(node: Node, name: str) -> str:
    text = without_comments(node.text).replace("<!--", "").replace("-->", "")
    if "@" in text or "\\" in text:
        raise refuse(
            name, node.line, node.column, "a style sheet with @import, @font-face or another @-rule",
            "export with 'Presentation attributes' instead of a style sheet, and text as outlines",
        )  # fmt: skip
    rules = []
    for selector, body in rules_of(text):
        if not SELECTOR.fullmatch(selector.strip()):
            raise refuse(
                name, node.line, node.column, f"the style selector {selector.strip()[:40]!r}", "use plain class rules such as .st0 {…}"
            )
        if "url(" in body.lower() and not all(part.strip()[:1] in ".#" for part in selector.split(",")):
            raise refuse(name, node.line, node.column, "url() in a rule for a whole element type", "put the url(#id) on the shape itself")
        if declarations := _declarations(node, body, name):
            rules.append(f"{selector.strip()}{{{declarations}}}")
    return "\n".join(rules)


def _numbers(text: str) -> list[float]:
    try:
        return [float(part) for part in re.split(r"[\s,]+", text.strip()) if part]
    except ValueError:
        return []


def _length(text: str | None) -> float | None:
    match = re.fullmatch(r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*([a-z]*)\s*", (text or "")[:MAX_LENGTH_TEXT])
    return float(match[1]) * PX_PER_UNIT[match[2]] if match and match[2] in PX_PER_UNIT else None


def _size(root: Node, name: str) -> Size:
    box = _numbers(root.attributes.get("viewBox", ""))
    width, height = _length(root.attributes.get("width")), _length(root.attributes.get("height"))
    if len(box) == 4:
        ratio = box[2] / box[3] if box[3] else 0.0
        width, height = (
            width if width is not None else height * ratio if height is not None else box[2],
            height if height is not None else width / ratio if width is not None and ratio else box[3],
        )
    if width is None or height is None:
        raise refuse(name, root.line, root.column, "no size: neither a viewBox nor width and height", 'add viewBox="0 0 WIDTH HEIGHT"')
    sides = (width, height, *box[2:])
    if not all(math.isfinite(side) and 0 < side <= MAX_SIDE for side in sides) or not 1 / MAX_RATIO <= width / height <= MAX_RATIO:
        raise refuse(name, root.line, root.column, f"an unusable size of {width:g} × {height:g}", "give the artboard its real size")
    return Size(width, height)


def _check_filters(root: Node, size: Size, name: str) -> None:
    """Refuse filters over regions that dwarf the drawing."""
    box = _numbers(root.attributes.get("viewBox", ""))
    side = max(box[2:] if len(box) == 4 else size)
    for node in _walk(root):
        if node.name == "filter":
            unit = side if node.attributes.get("filterUnits") == "userSpaceOnUse" else 1.0
            for key in ("x", "y", "width", "height"):
                text = node.attributes.get(key, "").strip()
                value = _numbers(text.removesuffix("%"))
                if value and abs(value[0]) > MAX_FILTER_REGION * (100 if text.endswith("%") else unit):
                    message = f"a filter region with {key}={text!r}, many times as large as the drawing"
                    raise refuse(name, node.line, node.column, message, "export again, or flatten the effect to shapes")


def _check_embedded(root: Node, name: str) -> None:
    from io import BytesIO

    from PIL import Image

    pixels = 0
    for node in _walk(root):
        href = node.attributes.get("href", "")
        match = DATA_PICTURE.match(href) if node.name == "image" else None
        if match is None:
            continue
        kind = "PNG" if match[1].lower() == "png" else "JPEG"
        try:
            raw = base64.b64decode(re.sub(r"\s+", "", href[match.end() :]), validate=True)
            with Image.open(BytesIO(raw), formats=(kind,)) as picture:  # header only; nothing is decoded yet
                pixels += picture.width * picture.height
                if pixels > MAX_EMBEDDED_PIXELS:
                    raise refuse(name, node.line, node.column, "embedded pictures of more than 8 megapixels", "embed them smaller")
                picture.load()
        except PictureError:
            raise
        except (binascii.Error, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
            raise refuse(name, node.line, node.column, f"an embedded {kind} that does not load: {error}", "embed it again") from None


def _walk(node: Node) -> list[Node]:
    return [node, *(inner for child in node.children for inner in _walk(child))]


def _write(node: Node, *, top: bool = False) -> str:
    attributes = "".join(f" {key}={quoteattr(value)}" for key, value in node.attributes.items())
    space = f' xmlns="{SVG}"' if top else ""
    inner = escape(node.text) + "".join(_write(child) for child in node.children)
    return f"<{node.name}{space}{attributes}>{inner}</{node.name}>" if inner else f"<{node.name}{space}{attributes}/>"
