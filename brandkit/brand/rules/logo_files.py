"""Rules on the files of marks: that they draw, alike on every machine, sharp, and as large as they say."""

from __future__ import annotations

import math
from collections.abc import Iterator

from brandkit.brand.drawing import FINE, contents
from brandkit.brand.kit import Kit
from brandkit.brand.registry import Found, rule
from brandkit.brand.resolve import Loc
from brandkit.errors import PictureError

SHARP = 2.0  # pixels of a PNG for each pixel of its smallest use, so that it stays sharp on dense screens
MARGIN = 0.06  # of the mark's height; less is optical balance, more moves the clear space visibly
THIN = 0.25  # of the ink; a hairline in an otherwise solid mark may break, letters may not


def _file(name: str) -> Loc:
    return ("logo", "marks", name, "file")


@rule(
    id="mark-unreadable",
    area="logo",
    level="error",
    rationale="""
        A mark that cannot be drawn safely cannot be placed. Logos are strangers' files: whatever could reach another file, run
        code or exhaust the machine is refused, and the message says how to save the drawing instead.
    """,
    bad="""
        logo:
          marks:
            main: {file: logo/broken.svg}
    """,
    good="""
        logo:
          marks:
            main: {file: logo/main.svg}
    """,
)
def mark_unreadable(kit: Kit) -> Iterator[Found]:
    """The file of a mark cannot be drawn."""
    for name, error in kit.drawings.items():
        held = contents(kit.brand.mark_path(name))
        if isinstance(error, PictureError) and not held.text and not held.external:
            yield Found(_file(name), error.message, error.hint or "draw it as plain SVG, or as PNG with transparency")


@rule(
    id="mark-live-text",
    area="logo",
    level="error",
    rationale="""
        Live text in an SVG needs a font that the file does not carry. On every machine without that font the wordmark is set in
        another one. Convert the text to outlines.
    """,
    bad="""
        logo:
          marks:
            main: {file: logo/text.svg}
    """,
    good="""
        logo:
          marks:
            main: {file: logo/main.svg}
    """,
)
def mark_live_text(kit: Kit) -> Iterator[Found]:
    """A mark holds text that is not converted to outlines."""
    for name in kit.brand.marks:
        path = kit.brand.mark_path(name)
        if found := contents(path).text:
            first = min(found, key=lambda node: (node.line, node.column))
            message = f"{path.name}:{first.line}:{first.column} is live text <{first.name}>, which looks different without its font"
            yield Found(
                _file(name), message, "convert text to outlines (Illustrator: Type > Create Outlines; Inkscape: Path > Object to Path)"
            )


@rule(
    id="mark-external",
    area="logo",
    level="error",
    rationale="""
        A mark that takes a part of itself from another file or from the network is whole only where that is reachable, and
        whoever owns the address can change the mark. Put everything into the one file.
    """,
    bad="""
        logo:
          marks:
            main: {file: logo/linked.svg}
    """,
    good="""
        logo:
          marks:
            main: {file: logo/main.svg}
    """,
)
def mark_external(kit: Kit) -> Iterator[Found]:
    """A mark refers to something outside its file."""
    for name in kit.brand.marks:
        path = kit.brand.mark_path(name)
        if found := contents(path).external:
            first = min(found, key=lambda node: (node.line, node.column))
            target = first.attributes["href"][:40]
            message = f"{path.name}:{first.line}:{first.column} <{first.name}> refers to {target!r}, outside the file"
            yield Found(_file(name), message, "embed what it refers to, or draw it as paths")


@rule(
    id="mark-raster",
    area="logo",
    level="advice",
    rationale="""
        An SVG with a picture inside looks like a vector file and is none: it blurs when it grows, its colours cannot be read, and
        it has no outline to print or cut. Draw the mark as paths, or name an honest PNG that is large enough.
    """,
    bad="""
        logo:
          marks:
            main: {file: logo/raster.svg}
    """,
    good="""
        logo:
          marks:
            main: {file: logo/main.svg}
    """,
)
def mark_raster(kit: Kit) -> Iterator[Found]:
    """An SVG mark holds an embedded pixel picture."""
    for name, _, drawing in kit.drawn:
        if found := contents(drawing.path).raster:
            first = min(found, key=lambda node: (node.line, node.column))
            message = f"{drawing.path.name}:{first.line}:{first.column} embeds a pixel picture, which blurs when the mark grows"
            yield Found(_file(name), message, "trace it, or ask the designer for the vector file")


@rule(
    id="mark-blurred",
    area="logo",
    level="advice",
    rationale="""
        A raster mark has as many pixels as it has. Dense screens show two for every pixel of layout, so a mark with fewer than
        twice its smallest width is blurred even there, and worse everywhere else.
    """,
    bad="""
        logo:
          marks:
            main: {file: logo/small.png, min_width: 48px}
    """,
    good="""
        logo:
          marks:
            main: {file: logo/main.svg, min_width: 48px}
    """,
)
def mark_blurred(kit: Kit) -> Iterator[Found]:
    """A raster mark has too few pixels for its smallest use."""
    for name, mark, drawing in kit.drawn:
        least, width = float(mark.min_width.removesuffix("px")), drawing.size.width
        if drawing.path.suffix.lower() == ".png" and width < SHARP * least:
            message = f"{drawing.path.name} is {width:g} px wide, too few for a smallest use of {least:g} px on dense screens"
            yield Found(_file(name), message, f"use an SVG, or a PNG at least {SHARP * least:g} px wide")


@rule(
    id="mark-margin",
    area="logo",
    level="advice",
    rationale="""
        Size, alignment and clear space are measured from the edge of the file. Empty canvas around the drawing makes the mark
        smaller than its width says, moves it off the margin, and adds to the clear space on some sides. Crop the canvas to the
        drawing.
    """,
    bad="""
        logo:
          marks:
            main: {file: logo/loose.svg}
    """,
    good="""
        logo:
          marks:
            main: {file: logo/main.svg}
    """,
)
def mark_margin(kit: Kit) -> Iterator[Found]:
    """The file of a mark has empty canvas around the drawing."""
    for name, _, drawing in kit.drawn:
        sides = dict(zip(("top", "right", "bottom", "left"), drawing.margins, strict=True))
        loose = [f"{share:.0%} at the {side}" for side, share in sides.items() if share > MARGIN]
        if loose:
            message = f"{drawing.path.name} has empty canvas: {', '.join(loose)}, in heights of the mark; sizes and clear space count it"
            yield Found(
                _file(name), message, "crop the canvas to the drawing (Illustrator: Fit to Artwork Bounds; Inkscape: Resize to content)"
            )


@rule(
    id="mark-thin",
    area="logo",
    level="advice",
    rationale="""
        At its smallest width a mark must still be drawn. Strokes thinner than one pixel turn grey and break up, counters close,
        and small letters become a smear. Raise the smallest width, or give small uses a simpler mark.
    """,
    bad="""
        logo:
          marks:
            main: {file: logo/hairline.svg, min_width: 40px}
    """,
    good="""
        logo:
          marks:
            main: {file: logo/hairline.svg, min_width: 160px}
    """,
)
def mark_thin(kit: Kit) -> Iterator[Found]:
    """Strokes of a mark are thinner than a pixel at its smallest width."""
    for name, mark, drawing in kit.drawn:
        least = float(mark.min_width.removesuffix("px"))
        if drawing.path.suffix.lower() != ".svg" or least < 4 or drawing.thin_share(least) <= THIN:
            continue
        stroke = next((stroke for stroke in range(FINE - 1, 1, -1) if drawing.thin_share(least, stroke) <= THIN), None)
        enough = math.ceil(least * FINE / stroke) if stroke else None
        message = f"at {least:g} px {drawing.thin_share(least):.0%} of {name!r} is thinner than a pixel"
        hint = f"set min_width to {enough}px" if enough else "raise min_width"
        yield Found(("logo", "marks", name, "min_width"), message, f"{hint}, or add a simpler mark for small uses")
