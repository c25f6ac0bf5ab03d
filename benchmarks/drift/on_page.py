"""Faults of colour, type and page: composed wrongly, or painted over the finished asset."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from benchmarks.drift.base import Base, Faulty, Made
from benchmarks.drift.brands.kit import brand_named
from benchmarks.drift.brands.marks import HANKEN
from benchmarks.drift.colors import chroma, drifted, hex_of, ink_at, rgb_of, stranger
from brandkit.color.contrast import wcag_contrast
from brandkit.color.difference import delta_e_2000
from brandkit.color.spaces import srgb_to_lab
from brandkit.errors import LayoutError
from brandkit.image.region import Box
from brandkit.layout.compose import draw_page
from brandkit.layout.engine import lay_out

Pixels = NDArray[np.uint8]
Rng = np.random.Generator
LETTERS = "abcdefghijklmnopqrstuvwxyz"
LEAST_SHOWN = 0.02  # share of the page that a colour must cover before its drift is a fault of the asset
SEEN = 3.0  # ΔE00 from which a swapped colour is another one: where a swatch's drift becomes a fault
LEGIBLE = 3.0  # WCAG contrast of large text
WORDS = ("SALE", "NEW", "ONLY", "TODAY")


def _recomposed(base: Base, scheme: dict[str, str]) -> Pixels:
    """The asset composed with other colours than its layout says."""
    data = base.layout.data | {"scheme": base.layout.data["scheme"] | scheme}
    ground = scheme.get("ground", base.layout.ground)
    if ground == base.layout.ground:
        return base.draw(data)
    flat = draw_page(replace(base.layout, ground=ground), base.picture)
    before = draw_page(base.layout, base.picture)
    # The scrims are those of the base: only where the page itself shows does its ground change.
    changed = (np.asarray(flat) != np.asarray(before)).any(axis=-1)
    page = np.asarray(base.page).copy()
    page[changed] = np.asarray(flat)[changed]
    return base.draw(data, page=Image.fromarray(page))


def _shown(base: Base, key: str, hex_: str) -> float:
    """Share of the finished asset that changes when a colour of the scheme does."""
    other = hex_of(255 - rgb_of(hex_))
    return float((_recomposed(base, {key: other}) != base.rgb).any(axis=-1).mean())


def swatch(base: Base, severity: float, rng: Rng) -> Faulty:
    scheme = base.layout.data["scheme"]
    keys = [key for key in ("ground", "accent") if _shown(base, key, scheme[key]) >= LEAST_SHOWN]
    if not keys:
        return None
    key = keys[int(rng.integers(len(keys)))]
    palette = [base.brand.hex(name) for name in base.brand.colors]
    return _recomposed(base, {key: hex_of(drifted(rgb_of(scheme[key]), severity, rng, palette))})


def palette_swap(base: Base, severity: float, rng: Rng) -> Faulty:
    names = [name for name in base.material.brands if name != base.name]
    other = brand_named(str(rng.choice(names)), base.folder)
    scheme = max(other.schemes.values(), key=lambda scheme: chroma(other.hex(scheme.ground)))
    keys = ("accent", "ground", "ink")[: int(severity)]
    own, last = base.layout.data["scheme"][keys[-1]], other.hex(getattr(scheme, keys[-1]))
    if _shown(base, keys[-1], own) < LEAST_SHOWN or float(delta_e_2000(*srgb_to_lab(np.array([rgb_of(own), rgb_of(last)]) / 255))) < SEEN:
        return None  # the same picture as with one colour fewer
    return _recomposed(base, {key: other.hex(getattr(scheme, key)) for key in keys})


def intruder(base: Base, severity: float, rng: Rng) -> Faulty:
    """A rectangle in a strange colour, clear of copy and mark where there is room."""
    colour = stranger([base.brand.hex(name) for name in base.brand.colors], rng)
    height, width = base.rgb.shape[:2]
    busy = [base.layout.mark.clear, *(slot.box for slot in base.layout.slots)]
    best, cost = None, np.inf
    for _ in range(120):
        area = severity / 100 * width * height
        ratio = float(np.exp(rng.uniform(-0.7, 0.7)))
        w, h = min(width, round((area * ratio) ** 0.5)), 0
        h = min(height, round(area / w))
        box = Box(float(rng.integers(0, width - w + 1)), float(rng.integers(0, height - h + 1)), w, h)
        covered = sum(box.intersection(other).area for other in busy) + 50 * box.intersection(busy[0]).area
        if covered < cost:
            best, cost = box, covered
        if cost == 0:
            break
    if best is None or best.intersection(busy[0]).area > 0:
        return None
    rgb = base.rgb.copy()
    rgb[best.pixels(width, height)] = colour.astype(np.uint8)
    return rgb


def slot_moved(base: Base, severity: float, rng: Rng) -> Faulty:
    slots = [slot for slot in base.layout.slots if slot.name in ("headline", "body")]
    slot = slots[int(rng.integers(len(slots)))]
    far = severity / 100 * base.side
    form, box = base.layout.format, slot.box
    room = [(far, 0.0, form.width - box.right), (-far, 0.0, box.x), (0.0, far, form.height - box.bottom), (0.0, -far, box.y)]
    ways = [(x, y) for x, y, free in room if free >= far]
    if not ways:
        return None
    x, y = ways[int(rng.integers(len(ways)))]
    shifts = dict(base.layout.data["shifts"])
    before = shifts.get(slot.name, [0.0, 0.0])
    shifts[slot.name] = [before[0] + x, before[1] + y]
    return base.draw(base.layout.data | {"shifts": shifts})


def contrast(base: Base, severity: float, rng: Rng) -> Faulty:
    """The copy's ink blended towards what is really behind it; the layout believes in the paler ink."""
    slots = [slot for slot in base.layout.slots if slot.name != "cta"]
    small = [slot for slot in slots if slot.size < 24]
    if not small and severity < 1 / 3.0:
        return None  # 4.2:1 is enough for large text
    judged = small[0] if small else slots[0]
    ground = np.median(base.plate[judged.box.pixels(base.plate.shape[1], base.plate.shape[0])].reshape(-1, 3), axis=0)
    ink = hex_of(ink_at((1 / severity) * (0.97 if small else 0.9), rgb_of(judged.ink), ground))
    data = base.layout.data | {"scheme": base.layout.data["scheme"] | {"ink": ink}}
    changed = tuple(slot if slot.name == "cta" or slot.ink != judged.ink else replace(slot, ink=ink) for slot in base.layout.slots)
    return Made(base.draw(data), layout=replace(base.layout, slots=changed))


def _relaid(base: Base, copy: dict[str, str]) -> Pixels | None:
    layout = base.layout
    try:
        other = lay_out(base.brand, copy=copy, format=layout.format, locale="en", template=layout.template, scheme=layout.scheme)
    except LayoutError:
        return None
    return base.draw(other.data)


def misspelt(base: Base, severity: float, rng: Rng) -> Faulty:
    letters = list(base.copy["headline"])
    places = [i for i, letter in enumerate(letters) if letter.isalpha() and letter.islower()]
    for place in rng.choice(places, min(int(severity), len(places)), replace=False):
        letters[int(place)] = str(rng.choice([letter for letter in LETTERS if letter != letters[int(place)]]))
    return _relaid(base, base.copy | {"headline": "".join(letters)})


def unrequested(base: Base, severity: float, rng: Rng) -> Faulty:
    """Words that nobody asked for, painted into the picture underneath, where neither copy nor mark stands and they can be read."""
    box, raw = base.layout.picture, base.raw
    if box is None or raw is None or base.lettered:
        return None
    text = " ".join(WORDS[: int(severity)])
    size = max(14, round(0.05 * base.side))
    font = ImageFont.truetype(str(HANKEN), size)
    wide = font.getlength(text)
    busy = [base.layout.mark.clear, *(slot.box for slot in base.layout.slots)]
    for _ in range(60):
        if box.w <= wide + 8 or box.h <= size + 8:
            return None
        x, y = float(rng.uniform(box.x + 2, box.right - wide - 4)), float(rng.uniform(box.y + 2, box.bottom - size - 4))
        place, left, top = Box(x, y, wide, 1.3 * size), round(box.x), round(box.y)
        ink = _legible(raw[Box(x - left, y - top, wide, 1.3 * size).pixels(raw.shape[1], raw.shape[0])])
        if ink and all(place.intersection(other).area == 0 for other in busy):
            rgb = base.rgb
            return Made(_written(rgb, x, y, text, font, ink), raw=_written(raw, x - left, y - top, text, font, ink))
    return None


def _legible(ground: Pixels) -> tuple[int, int, int] | None:
    """Dark or light ink that contrasts 3:1 with 95 % of a ground, the better one; None where neither does, or there is no ground."""
    pixels = ground.reshape(-1, 3)
    if not len(pixels):
        return None
    order = pixels[np.argsort(pixels @ np.array([0.2126, 0.7152, 0.0722]))]
    dark, light = (20, 20, 20), (240, 240, 240)
    worst = {dark: order[int(0.05 * len(order))], light: order[int(0.95 * (len(order) - 1))]}
    found = {ink: wcag_contrast(ink, [float(value) for value in pixel]) for ink, pixel in worst.items()}
    best = max(found, key=lambda ink: found[ink])
    return best if found[best] >= LEGIBLE else None


def _written(rgb: Pixels, x: float, y: float, text: str, font: ImageFont.FreeTypeFont, ink: tuple[int, int, int]) -> Pixels:
    picture = Image.fromarray(rgb)
    ImageDraw.Draw(picture).text((x, y), text, font=font, fill=ink)
    return np.array(picture, np.uint8)


def chequers(base: Base, severity: float, rng: Rng) -> Faulty:
    """Grey chequers as editors show transparency, in a rectangle away from the mark where there is room."""
    height, width = base.rgb.shape[:2]
    side = int(rng.integers(6, 25))
    part = (severity / 100) ** 0.5
    w, h = round(part * width), round(part * height)
    x, y = int(rng.integers(0, width - w + 1)), int(rng.integers(0, height - h + 1))
    light, dark = ((255, 204), (204, 153), (102, 76))[int(rng.integers(3))]
    rows, columns = np.mgrid[0:h, 0:w]
    board = np.where((rows // side + columns // side) % 2, light, dark).astype(np.uint8)
    rgb = base.rgb.copy()
    rgb[y : y + h, x : x + w] = board[..., None]
    return rgb


def banned(base: Base, severity: float, rng: Rng) -> Faulty:
    tone = base.brand.document.tone
    words = list(tone.ban)[: int(severity)] if tone else []
    if not words:
        return None
    return Made(base.rgb, copy=base.copy | {"headline": f"{base.copy['headline']}, {' and '.join(map(str, words))}"})
