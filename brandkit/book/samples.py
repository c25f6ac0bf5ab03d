"""Layouts as pictures for the page: the shipped templates with the brand's own words, pictures and marks."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

from brandkit.book.letters import own_words
from brandkit.book.look import Look
from brandkit.book.marks import DARK, SEEN, stand_out
from brandkit.book.pictures import jpeg
from brandkit.brand.resolve import Brand
from brandkit.color.contrast import relative_luminance, wcag_contrast
from brandkit.errors import BrandkitError
from brandkit.image.region import Box
from brandkit.layout.boxes import Layout
from brandkit.layout.compose import compose
from brandkit.layout.engine import lay_out
from brandkit.layout.formats import get_format

COVER = (1024, 1190)  # px; the part of the cover beside the words, at twice its points
LONGEST = 800  # px of a sample on the page
SHOWN = (  # template, format, which of the schemes
    ("full-bleed", "facebook-link", 0),
    ("split", "instagram-portrait", 1),
    ("poster", "instagram-post", 0),
    ("frame", "instagram-post", 0),
    ("card", "pinterest-pin", 0),
    ("full-bleed", "instagram-story", 0),
    ("strip", "google-leaderboard", 1),
)
SCRIPTS = {"latin": "en", "arabic": "ar", "cjk": "ja", "hebrew": "he", "thai": "th", "devanagari": "hi"}
LONG = 90  # characters; a longer idea is no headline
LATER = ("instagram-post", "poster", 1)  # how further scripts are shown


def samples(brand: Brand) -> tuple[list[dict[str, Any]], dict[str, bytes]]:
    """One sample of each layout that the kit can be set in, and the further scripts of the kit in one each."""
    shown: list[dict[str, Any]] = []
    files: dict[str, bytes] = {}
    if not (brand.marks and brand.document.typography and brand.schemes):
        return shown, files
    words = own_words(brand)
    first = "latin" if "latin" in words else next(iter(words))
    wanted = [(template, name, scheme, first) for template, name, scheme in SHOWN]
    wanted[-1:-1] = [(LATER[1], LATER[0], LATER[2] + index, script) for index, script in enumerate(s for s in words if s != first)]
    for index, (template, name, scheme, script) in enumerate(wanted):
        made = _sample(brand, template, name, scheme, script, words[script], seed=index)
        if made:
            file = f"layout-{index}.{'svg' if made[0].lstrip().startswith(b'<') else 'jpg'}"
            files[file] = made[0]
            shown.append({"file": file, "template": template, "format": name, "scheme": made[2], "lang": SCRIPTS[script]} | made[1])
    return shown, files


def cover(brand: Brand, look: Look, shown: list[dict[str, Any]], photos: list[dict[str, Any]]) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The cover's mark, and its picture: the first photograph, else what the brand's pattern is to look like, else that pattern.

    Where none of the marks is made for the cover's colour, and there is no picture, the main mark takes the picture's place.
    """
    from PIL import Image

    tone = "dark" if relative_luminance(look.poster) < DARK else "light"
    able = [entry for entry in shown if tone in entry["on"] and stand_out(brand, entry["name"], look.poster) >= SEEN]
    ranked = sorted(able, key=lambda entry: (entry["lockup"] == "symbol", -min(4.0, stand_out(brand, entry["name"], look.poster))))
    chosen: dict[str, Any] = {"cover_mark": ranked[0] if ranked else None, "cover": None, "cover_panel": None}
    if photos:
        picture = _around(brand.path("imagery", "photographs", photos[0]["name"], "file"), photos[0]["focus"])
        return chosen | {"cover": "cover.jpg"}, {"cover.jpg": jpeg(picture)}
    patterns = [index for index, entry in enumerate(brand.document.imagery.references) if entry.role == "pattern"]
    if patterns:
        picture = _around(brand.path("imagery", "references", patterns[0], "file"), [0.5, 0.5])
        return chosen | {"cover": "cover.jpg"}, {"cover.jpg": jpeg(picture)}
    if shown and not ranked:  # no mark may stand on the cover's colour: it stands large on its own ground instead
        return chosen | {"cover_panel": shown[0]}, {}
    if len(brand.colors) < 2:
        return chosen, {}
    from brandkit.generate.studio.pattern import draw_pattern

    accent = look.accent if look.accent != look.poster else look.on_poster
    picture = draw_pattern(*COVER, brand, ground=look.poster, accent=accent, zones=(), seed=3)
    return chosen | {"cover": "cover.jpg"}, {"cover.jpg": jpeg(Image.fromarray(picture))}


def _around(path: Path, focus: list[float]) -> Any:
    """The part of a photograph that the cover shows: as large as it can be, with the focus in its middle where the edges allow."""
    from PIL import Image

    from brandkit.image.apart import load_material

    picture = Image.fromarray(load_material(path).rgb)
    scale = min(picture.width / COVER[0], picture.height / COVER[1])
    w, h = COVER[0] * scale, COVER[1] * scale
    x = max(0.0, min(focus[0] * picture.width - w / 2, picture.width - w))
    y = max(0.0, min(focus[1] * picture.height - h / 2, picture.height - h))
    return picture.resize(COVER, Image.Resampling.LANCZOS, box=(x, y, min(x + w, picture.width), min(y + h, picture.height)))


def _sample(
    brand: Brand, template: str, name: str, scheme: int, script: str, words: list[str], *, seed: int
) -> tuple[bytes, dict[str, Any], str] | None:
    from PIL import Image

    format = get_format(name)
    schemes = list(brand.schemes)
    chosen = schemes[scheme % len(schemes)]
    if wcag_contrast(brand.hex(brand.schemes[chosen].ink), brand.hex(brand.schemes[chosen].ground)) < 3:
        return None  # a kit of one colour has no ink for its ground
    for copy in _copies(brand, words, script):
        try:
            layout = lay_out(brand, copy=copy, format=format, locale=SCRIPTS[script], template=template, scheme=chosen)
            made = compose(layout, brand, _picture(layout, brand, seed), type="png" if layout.picture else "svg")
        except BrandkitError:
            continue
        told = {"aspect": format.width / format.height, "w": format.width, "h": format.height, "title": format.title}
        if not layout.picture:
            return made.data, told, chosen  # nothing but type and colour: sharp at every size
        page = Image.open(BytesIO(made.data)).convert("RGB")
        page.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
        return jpeg(page), told | {"aspect": page.width / page.height}, chosen
    return None


def _copies(brand: Brand, words: list[str], script: str) -> list[dict[str, str]]:
    """Copy to try, the fullest first: what does not fit, or has letters that no font has, makes room for less."""
    claims = [text[:1].upper() + text[1:] for text in brand.document.tone.claims.allowed if text in words]
    ideas = [text for text in words if text != brand.name and len(text) <= LONG]
    first = claims[:1] + ideas[:1] if script != "latin" else ideas[:1] + claims[:1]
    small = [entry.text for entry in brand.document.tone.disclaimers if entry.text in words]
    tries = []
    for headline in [*first, brand.name]:
        legal = {"legal": small[0]} if small and small[0] != headline else {}
        label = {"label": brand.name} if headline != brand.name and script == "latin" else {}
        tries += [{"headline": headline} | legal | label, {"headline": headline} | legal, {"headline": headline}]
    return tries


def _picture(layout: Layout, brand: Brand, seed: int) -> Any:
    """What the embedded backend would put into the layout."""
    from PIL import Image

    from brandkit.generate.studio.pattern import draw_pattern
    from brandkit.generate.studio.photograph import develop_photograph

    box = layout.picture
    if box is None:
        return None
    scheme = brand.schemes[layout.scheme]
    zones = tuple(_within(zone, box) for _, zone in layout.quiet)
    scale = min(1.0, LONGEST / max(box.w, box.h))  # the sample is shown small; `compose` brings the picture to its box
    size = max(1, round(box.w * scale)), max(1, round(box.h * scale))
    ground = brand.hex(scheme.ground)
    if names := tuple(brand.document.imagery.photographs):
        turned = names[seed % len(names) :] + names[: seed % len(names)]
        return Image.fromarray(develop_photograph(*size, brand, names=turned, ground=ground, zones=zones, seed=seed))
    return Image.fromarray(draw_pattern(*size, brand, ground=ground, accent=brand.hex(scheme.accent), zones=zones, seed=seed))


def _within(zone: Box, box: Box) -> Box:
    return Box((zone.x - box.x) / box.w, (zone.y - box.y) / box.h, zone.w / box.w, zone.h / box.h)
