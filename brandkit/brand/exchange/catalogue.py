"""Every foreign format by its id, and which one a file is in."""

from __future__ import annotations

from pathlib import Path

from brandkit.brand.exchange import aco, adcp, ase, brand_yml, css, design_md, dtcg, gpl, loose_tokens, tailwind
from brandkit.brand.exchange.format import Format
from brandkit.brand.exchange.json_source import read_bytes
from brandkit.brand.wording import closest
from brandkit.errors import BrandFileError, Fault, InputError

_ALL = (
    loose_tokens.TOKENS_STUDIO, adcp.FORMAT, dtcg.FORMAT, loose_tokens.STYLE_DICTIONARY, brand_yml.FORMAT, design_md.FORMAT,
    tailwind.FORMAT, tailwind.FORMAT_V3, css.FORMAT, ase.FORMAT, aco.FORMAT, gpl.FORMAT,
)  # fmt: skip
FORMATS: dict[str, Format] = {format.id: format for format in _ALL}
"""In the order in which files are recognised."""
INIT = "give it to `brandkit init`"
INSTEAD = {
    ".clr": ("an Apple colour list", "save the palette as .ase or .gpl"),
    ".js": ("a program", "export the theme as JSON or CSS"),
    ".ts": ("a program", "export the theme as JSON or CSS"),
    ".pdf": ("a document", "save the logo as SVG, and a page with colours as PNG, for `brandkit init`"),
    **dict.fromkeys((".ai", ".eps", ".ps", ".svgz", ".cdr", ".indd"), ("a drawing", "save it as plain SVG, for `brandkit init`")),
    **dict.fromkeys(
        (".psd", ".psb", ".heic", ".heif", ".bmp", ".ico", ".jp2", ".icns"), ("a picture", "save it as PNG, for `brandkit init`")
    ),
    **dict.fromkeys((".fig", ".sketch", ".xd"), ("a design file", "export its logos as SVG, and its colours as design tokens")),
    **dict.fromkeys((".woff", ".woff2", ".ttc", ".pfb", ".dfont"), ("a font", "get it as TTF or OTF: layouts are set with those")),
    ".zip": ("an archive", "unpack it, and give the folder"),
    **dict.fromkeys((".svg", ".png", ".jpg", ".jpeg", ".webp", ".avif", ".gif", ".tif", ".tiff"), ("a logo or picture", INIT)),
    **dict.fromkeys((".ttf", ".otf"), ("a font", INIT)),
}
"""File endings that people try, what they are, and what to give instead."""
HEAD = 8_000_000  # bytes that recognising a file may look at


def format_of(file: Path) -> Format:
    """The format that `file` is written in, by its name and content.

    Raises:
        BrandFileError: It cannot be read, or is in no format that brandkit reads.
    """
    data = read_bytes(file, HEAD)
    for format in FORMATS.values():
        if format.read and format.recognises(file, data):
            return format
    if hint := INSTEAD.get(file.suffix.lower()):
        unread = f"is {hint[0]}, which `import` does not read" if hint[1] == INIT else f"is {hint[0]} that brandkit does not read"
        raise BrandFileError([Fault(str(file), 0, 0, "", unread, hint=hint[1])])
    known = ", ".join(format.title for format in FORMATS.values() if format.read)
    raise BrandFileError(
        [
            Fault(
                str(file), 1, 1, "", "is in no format that brandkit reads", hint=f"it reads: {known}; logos, pictures and fonts with `init`"
            )
        ]
    )


def format_named(name: str, *, write: bool = False) -> Format:
    """The format with the id `name`.

    Raises:
        InputError: There is none, or it cannot be written.
    """
    choices = [format.id for format in FORMATS.values() if format.write or not write]
    if name not in choices:
        raise InputError(f"{name!r} is no format to {'export to' if write else 'import from'}", hint=closest(name, choices))
    return FORMATS[name]
