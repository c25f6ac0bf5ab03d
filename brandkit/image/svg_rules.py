"""What may stand in a logo SVG: the allow-lists and limits of `svg.py`, as data."""

from __future__ import annotations

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"

MAX_BYTES = 2_000_000  # the largest of 108 collected logo files has 0.72 MB
MAX_NODES = 20_000  # elements; illustrations have about 4 000
MAX_DEPTH = 64  # nested elements; renderers recurse
MAX_CHAIN = 128  # elements inside or behind one another once references are followed; real files stay under 20
MAX_NAMESAKES = 50  # elements of one id; careless exports have up to five
MAX_STYLED = 20_000_000  # characters of attributes and style rules, as often as they apply; illustrations have a million
MAX_EXPANDED = 400_000  # drawing cost after every `use` is unfolded, in simple elements: about 3 s of rendering at 384 px
MAX_LAYERS = 10  # nested groups that need a canvas of their own, each as large as the output
MAX_SIDE = 1_000_000  # user units; larger figures lose precision in the renderer
MAX_RATIO = 100  # width to height, either way
MAX_EMBEDDED_PIXELS = 8_000_000  # of all embedded pictures together
MAX_BLUR = 250  # user units of stdDeviation; larger blurs show nothing

MAX_FILTER_REGION = 10  # sides of the drawing, or of the shape it is for; the renderer keeps a canvas as large as the region

FILTER_COST = 4_000  # simple elements; a filter touches every pixel of the canvas several times
LAYER_COST = 400  # simple elements; one more canvas is cleared and blended
DASH_COST = 2_000  # simple elements; a dash pattern multiplies the segments of its path

GROUPS = frozenset(("svg", "g", "defs", "symbol", "use", "switch", "clipPath", "mask", "pattern"))
SHAPES = frozenset(("path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "image"))
PAINTS = frozenset(("linearGradient", "radialGradient", "stop", "style"))
FILTERS = frozenset((
    "filter", "feBlend", "feColorMatrix", "feComponentTransfer", "feComposite", "feDropShadow", "feFlood", "feFuncA", "feFuncB",
    "feFuncG", "feFuncR", "feGaussianBlur", "feMerge", "feMergeNode", "feOffset",
))  # fmt: skip
ELEMENTS = GROUPS | SHAPES | PAINTS | FILTERS

IGNORED = frozenset(("title", "desc", "metadata", "view", "animate", "animateMotion", "animateTransform", "animateColor", "set"))
"""Elements that draw nothing in a still picture: left out with all they hold."""

TEXT = frozenset(("text", "tspan", "tref", "textPath", "altGlyph", "font", "font-face", "glyph"))
"""Live text: needs a font that the file does not carry, so that the mark would look different on every machine."""

PROPERTIES = frozenset((
    "clip-path", "clip-rule", "color", "color-interpolation", "color-interpolation-filters", "display", "fill", "fill-opacity",
    "fill-rule", "filter", "flood-color", "flood-opacity", "isolation", "mask",
    "mask-type", "mix-blend-mode", "opacity", "overflow", "paint-order", "shape-rendering", "stop-color", "stop-opacity", "stroke",
    "stroke-dasharray", "stroke-dashoffset", "stroke-linecap", "stroke-linejoin", "stroke-miterlimit", "stroke-opacity",
    "stroke-width", "transform", "transform-origin", "vector-effect", "visibility",
))  # fmt: skip
"""Presentation properties, allowed as attributes, in `style` attributes and in class rules."""

ATTRIBUTES = PROPERTIES | frozenset((
    "amplitude", "class", "clipPathUnits", "cx", "cy", "d", "dx", "dy", "exponent", "filterUnits", "fr", "fx", "fy",
    "gradientTransform", "gradientUnits", "height", "href", "id", "image-rendering", "in", "in2", "intercept", "k1", "k2", "k3", "k4",
    "maskContentUnits", "maskUnits", "mode", "offset", "operator", "orient",
    "patternContentUnits", "patternTransform", "patternUnits", "points", "preserveAspectRatio", "primitiveUnits", "r", "refX", "refY",
    "result", "rx", "ry", "slope", "spreadMethod", "stdDeviation", "style", "tableValues", "type", "values", "viewBox", "width", "x",
    "x1", "x2", "y", "y1", "y2",
))  # fmt: skip
"""Attributes that are kept; every other one is dropped, except the dangerous ones, which are refused."""

LAYERED = ("opacity", "mask", "clip-path", "filter", "mix-blend-mode", "isolation")
"""Properties that make the renderer draw the element on a canvas of its own."""
