"""Which examples the page of each check shows, from good to bad."""

from __future__ import annotations

import atexit
import io
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFont

from benchmarks.drift import on_mark, on_page
from benchmarks.drift.base import Base, Made
from benchmarks.drift.nuisance import p3_profile
from brandkit.brand.resolve import Brand
from brandkit.brand.tone import Brief
from brandkit.image.load import load_picture
from brandkit.image.region import Box
from brandkit.metric.series import read_look, read_series
from brandkit.results import CheckResult, Level
from docs.figures.examples import (
    BRANDS,
    COPY,
    Example,
    Pixels,
    asset,
    draw,
    ebbware,
    halfpast,
    judge,
    photograph,
    png,
    series,
    split,
    wide,
    words,
)

RATIO = 1200 / 628
COPY_PART = Box(0, 284, 620, 620 / RATIO)  # of the split asset: its copy from near, so that a small move is seen
PAIRS = BRANDS.parent / "benchmarks/drift/pairs"
SWAPPED = {"ground": "iron", "accent": "tide", "ink": "chalk"}
LEGAL = "Every line falls differently. Yours will not match the picture."
HANDMADE = ("handmade",)
LONG = "Dipped once by hand, held by the foot, lowered into the glaze and never, ever straightened by anybody afterwards."


@dataclass(frozen=True)
class Text:
    """A piece of copy and what a check of words says about it."""

    caption: str
    copy: dict[str, str]
    result: CheckResult


def around_mark(base: Base, wide: float = 1.9) -> Box:
    """The part of an asset around its mark, in the shape of a panel."""
    box = base.layout.mark.box
    w = wide * box.w
    h, form = w / RATIO, base.layout.format
    x = min(max(0.0, box.x + box.w / 2 - w / 2), form.width - w)
    return Box(x, min(max(0.0, box.y + box.h / 2 - h / 2), form.height - h), w, h)


def on_marks(check: str, *rows: tuple[str, Callable[[Base], Pixels | Made | None]], zoom: float = 1.9, read: str = "") -> list[Example]:
    """The laid-out mark, then the same with faults, shown from near."""
    base = split("chalk")
    shown = around_mark(base, zoom)
    return [
        judge(check, "as laid out", base, focus=shown, read=read),
        *(judge(check, caption, base, make(base), focus=shown) for caption, make in rows),
    ]


def centred(base: Base) -> Pixels:
    """The mark in the middle of the lower edge, as large as it was laid out."""
    box, form = base.layout.mark.box, base.layout.format
    return on_mark.put(base, base.mark(), Box((form.width - box.w) / 2, form.height - 2.2 * box.h, box.w, box.h))


def wrong_mark(base: Base) -> Pixels:
    """Another brand's mark in the place of the own."""
    mark, box = base.mark(file=halfpast().mark_path("primary")), base.layout.mark.box
    scale = min(box.w / mark.shape[1], box.h / mark.shape[0])
    return on_mark.put(base, mark, on_mark._about(box, scale * mark.shape[1] / box.w, scale * mark.shape[0] / box.h))


def chequered(base: Base) -> Pixels:
    """The mug cut out, on the chequers that editors show for transparency, painted."""
    canvas = Image.fromarray(base.rgb.copy())
    rows, columns = np.indices((628, 560)) // 16
    canvas.paste(Image.fromarray(np.where((rows + columns) % 2, 255, 204).astype(np.uint8)).convert("RGB"), (640, 0))
    with Image.open(BRANDS / "ebbware/products/mug.png") as mug:
        cut = mug.convert("RGBA").crop(mug.convert("RGBA").getbbox())
    cut.thumbnail((360, 420), Image.Resampling.LANCZOS)
    canvas.paste(cut, (920 - cut.width // 2, 330 - cut.height // 2), cut)
    return np.array(canvas)


def graded(name: str, warmth: float, chroma: float, light: float) -> Base:
    """The asset with its photograph in another grade."""
    pixels = np.asarray(ImageEnhance.Color(photograph(name)).enhance(chroma), float) * [1 + warmth, 1, 1 - warmth] * light
    return asset("full-bleed", "chalk", Image.fromarray(pixels.clip(0, 255).astype(np.uint8)))


def beyond_srgb(base: Base, boost: float) -> Made:
    """A Display P3 file of the asset; with `boost` its photograph is more colourful than sRGB can show."""
    from benchmarks.drift.nuisance import to_p3

    buffer = io.BytesIO()
    vivid = Image.fromarray(to_p3(base.rgb))
    vivid = ImageEnhance.Color(vivid).enhance(boost) if boost > 1 else vivid
    vivid.save(buffer, "PNG", icc_profile=p3_profile())
    return Made(data=buffer.getvalue())


def lettered(base: Base, text: str, at: tuple[float, float], size: float, ink: str) -> Made:
    """Words painted into the picture underneath: on the pot, as image models do."""
    raw = Image.fromarray(base.raw)
    font = ImageFont.truetype(str(BRANDS / "ebbware/fonts/Fraunces-SemiBold.ttf"), round(size * raw.width))
    ImageDraw.Draw(raw).text((at[0] * raw.width, at[1] * raw.height), text, font=font, fill=ink, anchor="mm")
    return Made(base.draw(base.layout.data, page=asset_page(base, raw)), raw=np.asarray(raw))


def asset_page(base: Base, raw: Image.Image) -> Image.Image:
    """The page with another picture: what differs in the picture differs on the page."""
    changed = np.abs(np.asarray(raw, int) - np.asarray(base.picture.convert("RGB"), int)).max(axis=2) > 0
    page, box = np.asarray(base.page).copy(), base.layout.picture
    rows, columns = box.pixels(page.shape[1], page.shape[0])
    page[rows, columns][changed] = np.asarray(raw)[changed]
    return Image.fromarray(page)


def shown_raw(example: Example, made: Made | None, base: Base) -> Example:
    """The same, with the picture underneath shown instead of the finished asset."""
    return replace(example, picture=Image.fromarray(base.raw if made is None or made.raw is None else made.raw))


def small_print(size: float) -> Base:
    """The asset with its small print made smaller, to `size` px."""
    base = asset("split", "chalk", photograph("table-overhead"), copy=COPY | {"legal": LEGAL})
    legal = next(slot for slot in base.layout.slots if slot.name == "legal")
    factor, canvas = size / legal.size, Image.fromarray(base.rgb.copy())
    rows, columns = legal.box.grown(2).pixels(canvas.width, canvas.height)
    print_ = Image.fromarray(base.rgb[rows, columns])
    canvas.paste(base.layout.ground, (columns.start, rows.start, columns.stop, rows.stop))
    small = print_.resize((round(print_.width * factor), round(print_.height * factor)), Image.Resampling.LANCZOS)
    canvas.paste(small, (columns.start, rows.start))
    box = Box(legal.box.x, legal.box.y, legal.box.w * factor, legal.box.h * factor)
    slots = tuple(replace(slot, size=size, box=box) if slot.name == "legal" else slot for slot in base.layout.slots)
    return replace(base, rgb=np.array(canvas), layout=replace(base.layout, slots=slots))


def in_series() -> list[Example]:
    """Two pieces of a campaign of seven, and a stray among them."""
    photos = ("mug-sweep", "cups-row", "bowls-linen", "table-overhead", "pitcher-line", "vase-window")
    pieces = [asset("frame", "chalk", photograph(name)) for name in photos]
    copy = {"headline": "See you at half past", "cta": "Find your stop"}
    stray = asset("poster", "night", None, copy=copy, brand=halfpast())
    readings = read_series([read_look(piece.rgb) for piece in (*pieces, stray)])
    return [
        series("one of seven pieces of a campaign", pieces[0], readings[0]),
        series("another one", pieces[1], readings[1]),
        series("the seventh, by somebody else", stray, readings[-1]),
    ]


def told(check: str, caption: str, copy: dict[str, str], *, topics: tuple[str, ...] = (), brand: Brand | None = None) -> Text:
    """What a check of words says about a piece of copy."""
    return Text(caption, copy, words(check, copy, Brief("en", topics), brand))


def strict() -> Brand:
    """The demo brand, whose disclaimers are not wishes but musts."""
    document = ebbware().document
    demanded = [rule.model_copy(update={"level": Level.MUST}) for rule in document.tone.disclaimers]
    return replace(ebbware(), document=document.model_copy(update={"tone": document.tone.model_copy(update={"disclaimers": demanded})}))


def misspelt(count: int) -> Example:
    """The headline with letters changed; the layout still holds the brief's words."""
    texts = {1: "Dipped once.\nNevar straightened.", 3: "Dippad onca.\nNever strightened."}
    copy = COPY | {"headline": texts[count]} if count else COPY
    drawn = asset("full-bleed", "chalk", photograph("mug-sweep"), copy=copy)
    caption = {0: "as the brief has it", 1: "one letter", 3: "three letters"}[count]
    return judge("text-misspelt", caption, wide(), Made(drawn.rgb))


def unrequested(text: str, caption: str) -> Example:
    """The raw picture, with `text` painted on the mug."""
    base = wide()
    made = lettered(base, text, (0.728, 0.43), 0.034, "#F2EBE0") if text else None
    return shown_raw(judge("text-unrequested", caption, base, made), made, base)


@lru_cache
def bottle_kept() -> Brand:
    """The demo brand, which keeps the rendered bottle as it is in its reference picture."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with Image.open(PAIRS / "bottle-base.jpg") as shot, Image.open(PAIRS / "bottle-base.png") as mask:
        cut = shot.convert("RGB")
        cut.putalpha(mask.convert("L"))
    cut.save(folder / "bottle.png")
    imagery = ebbware().document.imagery
    product = next(reference for reference in imagery.references if reference.role == "product")
    rule = product.model_copy(update={"file": "bottle.png", "keep": "everything"})
    document = ebbware().document.model_copy(update={"imagery": imagery.model_copy(update={"references": [rule]})})
    return replace(ebbware(), document=document, paths={("imagery", "references", 0, "file"): folder / "bottle.png"})


def kept(what: str, caption: str) -> Example:
    """A rendered bottle of the drift benchmark beside its reference."""
    with Image.open(PAIRS / f"bottle-{what}.jpg") as shot:
        picture = shot.convert("RGB")
    raw = load_picture(png(np.asarray(picture)), name="raw")
    example = judge("reference-drift", caption, replace(wide(), brand=bottle_kept()), focus=Box(0, 100, 400, 400 / RATIO), raw=raw)
    return replace(example, picture=picture)


def in_grade(warmth: float, chroma: float, light: float, caption: str) -> Example:
    """The asset with its photograph in another light."""
    return judge("palette-grade", caption, graded("cups-row", warmth, chroma, light))


def balanced(scheme: dict[str, str], caption: str) -> Example:
    """The asset with its colours in other roles."""
    base = split("chalk")
    return judge("palette-balance", caption, base, on_page._recomposed(base, scheme) if scheme else None)


def lines(headline: str, caption: str) -> Example:
    """The asset with another headline."""
    return judge("tone-length", caption, asset("split", "chalk", photograph("table-overhead"), copy={**COPY, "headline": headline}))


def size_of(least: float, caption: str) -> Example:
    """The corner with the small print in `least` px."""
    base = small_print(least)
    return judge("text-size", caption, base, focus=Box(0, 628 - 520 / RATIO, 520, 520 / RATIO))


def page(check: str, base: Base, good: str, *rows: tuple[str, object]) -> list[Example]:
    """An asset, then the same with faults."""
    return [judge(check, good, base), *(judge(check, caption, base, made) for caption, made in rows)]  # type: ignore[arg-type]


PLATES: dict[str, Callable[[], list[Example] | list[Text]]] = {
    "format-wrong": lambda: page(
        "format-wrong", wide(), "1200 × 628, as the placement takes it",
        ("chequers painted where transparency was asked for", chequered(wide())),
    ),
    "gamut": lambda: [
        judge("gamut", "a Display P3 file whose colours sRGB can show", split(), beyond_srgb(split(), 1)),
        judge("gamut", "colours beyond sRGB: duller or shifted elsewhere", split(), beyond_srgb(split(), 1.9)),
    ],
    "layout-drift": lambda: [
        judge("layout-drift", "as laid out", split(), focus=COPY_PART),
        judge("layout-drift", "copy 2 % of the side away", split(), draw(on_page.slot_moved, split(), 2, 3), focus=COPY_PART),
        judge("layout-drift", "5 % away", split(), draw(on_page.slot_moved, split(), 5, 3), focus=COPY_PART),
    ],
    "logo-altered": lambda: on_marks(
        "logo-altered",
        ("stretched", lambda base: draw(on_mark.stretch, base, 3, 2)),
        ("turned", lambda base: draw(on_mark.rotate, base, 8, 1)), read="aspect",
    ),
    "logo-clearspace": lambda: on_marks(
        "logo-clearspace",
        ("a bar just inside the clear space", lambda base: draw(on_mark.crowded, base, 0.1, 1)),
        ("far inside", lambda base: draw(on_mark.crowded, base, 0.35, 1)), zoom=1.7,
    ),
    "logo-missing": lambda: [
        *on_marks("logo-missing", ("another brand's mark", wrong_mark)),
        judge(
            "logo-missing", "an ad made elsewhere, where every asset must carry a mark", split("chalk"),
            draw(on_mark.missing, split("chalk"), 100), foreign=True, must_carry=True,
        ),
    ],
    "logo-placement": lambda: [
        judge("logo-placement", "in its place", split("chalk")),
        judge("logo-placement", "a little away", split("chalk"), draw(on_mark.moved, split("chalk"), 2, 2)),
        judge("logo-placement", "a picture made elsewhere, its mark in no corner", wide(), centred(wide()), foreign=True),
    ],
    "logo-size": lambda: on_marks(
        "logo-size", ("5 % under its least width", lambda base: draw(on_mark.too_small, base, 5)),
        ("20 % under it", lambda base: draw(on_mark.too_small, base, 20)),
    ),
    "logo-wrong": lambda: [
        judge("logo-wrong", "the dark mark on a light ground", split("mist"), focus=around_mark(split("mist"))),
        judge(
            "logo-wrong", "the light one", split("mist"), draw(on_mark.wrong, split("mist"), 1),
            focus=around_mark(split("mist")), read="reversed",
        ),
    ],
    "palette-balance": lambda: [
        balanced({}, "chalk, tide and a line of iron"),
        balanced({key: ebbware().hex(name) for key, name in SWAPPED.items()}, "iron, an accent, as the ground"),
    ],
    "palette-drift": lambda: page(
        "palette-drift", split(), "tide as the brand has it",
        ("ΔE00 3: side by side one sees it", draw(on_page.swatch, split(), 3, 5)),
        ("ΔE00 10: another colour", draw(on_page.swatch, split(), 10, 5)),
    ),
    "palette-grade": lambda: [
        in_grade(0, 1, 1, "the light of the brand's references"),
        in_grade(-0.45, 1.0, 0.6, "cold and dark"),
        in_grade(0.5, 5.0, 1.0, "a filter"),
    ],
    "palette-intruder": lambda: page(
        "palette-intruder", split("chalk"), "brand colours only; the photograph is free",
        ("a flat strange colour", draw(on_page.intruder, split("chalk"), 2, 8)),
        ("on more of the page", draw(on_page.intruder, split("chalk"), 8, 8)),
    ),
    "reference-drift": lambda: [
        kept("light-and-camera", "another light and camera, the same bottle"), kept("label-moved-6", "its label moved up"),
        kept("colour-10", "another green"),
    ],
    "series-drift": in_series,
    "text-contrast": lambda: page(
        "text-contrast", split("chalk"), "ink on chalk",
        ("too pale for small text", draw(on_page.contrast, split("chalk"), 1 / 3)),
        ("too pale for any", draw(on_page.contrast, split("chalk"), 1 / 2)),
    ),
    "text-misspelt": lambda: [misspelt(0), misspelt(1), misspelt(3)],
    "text-size": lambda: [size_of(11, "small print that can be read"), size_of(10, "a little smaller"), size_of(7, "dust on a telephone")],
    "text-unrequested": lambda: [unrequested("", "the raw picture, without a word"), unrequested("fresh", "a word painted on the mug")],
    "tone-ban": lambda: [
        told("tone-ban", "plain words", {"headline": "Dipped once", "body": "Each pot is held by the foot."}),
        told("tone-ban", "a word that the brand replaces", {"headline": "Artisanal pots", "body": "Each is held by the foot."}),
        told("tone-ban", "a word that it bans", {"headline": "A timeless mug", "body": "Elevate your morning."}),
    ],
    "tone-claim": lambda: [
        told("tone-claim", "nothing that needs proof", {"headline": "Thrown by hand", "body": "Dipped once, fired twice."}),
        told("tone-claim", "a claim without its proof", {"headline": "Thrown by hand", "body": "Our lead-free glaze is fired twice."}),
    ],
    "tone-disclaimer": lambda: [
        told("tone-disclaimer", "the sentence stands there", {"headline": "Made by hand", "legal": LEGAL}, topics=HANDMADE, brand=strict()),
        told("tone-disclaimer", "it is missing", {"headline": "Made by hand", "body": "Dipped once."}, topics=HANDMADE, brand=strict()),
    ],
    "tone-length": lambda: [
        lines(COPY["headline"], "two lines"), lines(LONG[:93], "more lines than a headline has"), lines(LONG, "a paragraph"),
    ],
}  # fmt: skip
