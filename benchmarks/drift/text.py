"""How often a misspelt, shortened or added text is seen, and how often a right one is blamed: `python benchmarks/drift/text.py`.

Sentences in the fonts of the demo brands, on flat and photographic grounds, at sizes from headline to small print, as JPEG 80 and 92.
Every sentence is drawn as it should be, with one letter changed, without one word, and with a line that nobody asked for.
"Told" and "blamed" are what text-misspelt says at its limits; "left unread" are right texts that count as not checked.
"""

from __future__ import annotations

import argparse
import io
import math
import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from brandkit.check.registry import load_checks
from brandkit.color.parse import parse_color
from brandkit.image.region import Box
from brandkit.metric.ocr import Unreadable, reader_for
from brandkit.metric.proof import doubt, proof_read
from brandkit.metric.unrequested import unrequested_lines

ROOT = Path(__file__).parents[2]
SIDE = 1080
SIZES = (84.0, 34.0, 17.0, 12.0)  # px: headline, body, small print, the least that placements allow
BANDS = (60.0, 430.0, 640.0, 780.0)  # top of each text
WIDTH = 940.0
FONTS = {
    "en": ("ebbware", "Fraunces", "Hanken Grotesk"),
    "de": ("halfpast", "Familjen Grotesk", "IBM Plex Sans"),
    "ja": ("ebbware", "Noto Serif JP", "Noto Serif JP"),
    "ar": ("halfpast", "IBM Plex Sans Arabic", "IBM Plex Sans Arabic"),
}
SENTENCES = {
    "en": [
        "Dipped once, never straightened",
        "See you at half past four",
        "Choose the cup that fits your hand",
        "One departure every half hour",
        "Each pot is lowered into the glaze by the foot",
        "Every line falls differently and will not match the picture",
        "Find your stop before the last ferry leaves",
        "Bread, butter and a very large mug",
        "The kiln opens on the first Sunday of March",
        "Walk across the quay and step onto the next train",
        "Quiet colours for loud mornings",
        "Small batch, fired twice in our own kiln",
    ],
    "de": [
        "Wir sehen uns um halb",
        "Jede halbe Stunde eine Fähre",
        "Aussteigen, einsteigen und weiterfahren",
        "Haltestelle finden und losgehen",
        "Frühstück auf der großen Überfahrt",
        "An Feiertagen fährt jede Linie stündlich",
        "Drei Linien treffen sich an einem Gleis",
        "Schöne Grüße aus dem späten Süden",
        "Der Fahrplan passt auf eine halbe Postkarte",
        "Bäckerei, Brücke und ein kurzer Fußweg",
        "Morgens um sieben liegt Nebel über dem Fluss",
        "Zug, Tram und Schiff warten aufeinander",
    ],
    "ja": [
        "浸すのは、一度だけ。",
        "うつわを選ぶ朝の時間",
        "釉薬の境目は一点ごとに異なります。",
        "はじめての窯出しのお知らせ",
        "高台をつまみ、釉薬にくぐらせる。",
        "青の途切れるところに作り手の指",
        "静かな台所で飲む熱いお茶",
        "土と水と火でつくる毎日の道具",
        "三月の最初の日曜日に窯をあけます",
        "手のひらに合う湯のみを探して",
        "海辺の工房から届く小さな箱",
        "同じものは二つとありません",
    ],
    "ar": [
        "موعدنا عند نصف الساعة",
        "رحلة كل نصف ساعة",
        "ابحث عن أقرب محطة إليك",
        "القطار والترام والعبارة معا",
        "تنزل من هذا وتصعد إلى ذاك",
        "صباح هادئ على ضفة النهر",
        "الخط الأزرق يصل إلى الميناء",
        "تذكرة واحدة لكل المدينة",
        "نلتقي على الرصيف الثالث",
        "قهوة ساخنة قبل السفر",
        "عطلة سعيدة في المدينة القديمة",
        "الطريق قصير بين المحطتين",
    ],
}  # fmt: skip
EXTRA = {"en": "Limited offer", "de": "Neu im Regal", "ja": "送料無料です", "ar": "عرض خاص"}
INKS = {"flat": "#04444E", "photograph": "#FFFFFF"}
FAULTS = ("letter", "word", "extra")
PASSES = load_checks()["text-misspelt"].limits.review_at


@dataclass(frozen=True)
class Page:
    """One picture to draw: four sentences of one language, its ground and its JPEG quality."""

    locale: str
    sentences: tuple[str, ...]
    ground: str
    quality: int


def pages(seed: int, count: int, locales: list[str]) -> list[Page]:
    """Pages with every language, ground and quality in turn."""
    chance = random.Random(seed)
    made = []
    for index in range(count):
        locale = locales[index % len(locales)]
        ground = ("flat", "photograph")[index // len(locales) % 2]
        made.append(Page(locale, tuple(chance.sample(SENTENCES[locale], 4)), ground, (80, 92)[index // (2 * len(locales)) % 2]))
    return made


def damaged(text: str, fault: str, chance: random.Random) -> str:
    """`text` with one letter replaced by its neighbour in the alphabet of the text, or without one word (in Japanese, two letters)."""
    if fault == "letter":
        places = [index for index, char in enumerate(text) if char.isalpha()]
        at = chance.choice(places)
        others = sorted({char for char in text.lower() if char.isalpha()} - set(text[at].lower()) - set("il1jo0s5"))
        return text[:at] + chance.choice(others) + text[at + 1 :]
    words = text.split()
    if len(words) < 3:
        at = chance.randrange(1, len(text) - 3)
        return text[:at] + text[at + 2 :]
    del words[chance.randrange(len(words))]
    return " ".join(words)


def draw(page: Page, texts: tuple[str, ...], seed: int, *, extra: bool = False) -> tuple[np.ndarray, list[Box]]:
    """The page's picture after JPEG, and the box of each text."""
    import typst

    brand, display, running = FONTS[page.locale]
    ink = INKS[page.ground]
    parts = [f'#set page(width: {SIDE}pt, height: {SIDE}pt, margin: 0pt, fill: none)\n#set text(lang: "{page.locale}", fill: rgb("{ink}"))']
    boxes = []
    for text, size, top in zip(texts, SIZES, BANDS, strict=True):
        family = display if size > 50 else running
        shown = f'text(font: "{family}", size: {size}pt, weight: {600 if size > 50 else 400})[{text}]'
        parts.append(f"#place(top + left, dx: 70pt, dy: {top}pt, block(width: {WIDTH}pt, {shown}))")
        boxes.append(Box(70, top, WIDTH, 300 if size > 50 else 120))
    if extra:
        parts.append(f'#place(top + left, dx: 70pt, dy: 960pt, text(font: "{running}", size: 40pt)[{EXTRA[page.locale]}])')
    folder = str(ROOT / "brands" / brand / "fonts")
    sheet = typst.compile("\n".join(parts).encode(), font_paths=[folder], ignore_system_fonts=True, format="png", ppi=72.0)
    picture = ground(page.ground, seed)
    picture.alpha_composite(Image.open(io.BytesIO(sheet)).convert("RGBA"))
    out = io.BytesIO()
    picture.convert("RGB").save(out, "jpeg", quality=page.quality)
    return np.asarray(Image.open(out).convert("RGB")), boxes


def ground(kind: str, seed: int) -> Image.Image:
    """A plain sheet, or one of the demo's photographs under a shade of 45 %."""
    if kind == "flat":
        return Image.new("RGBA", (SIDE, SIDE), "#F2EBE0")
    files = sorted((ROOT / "brands/ebbware/photos").glob("*.jpg"))
    photograph = Image.open(files[seed % len(files)]).convert("RGB")
    side = min(photograph.size)
    photograph = photograph.crop((0, 0, side, side)).resize((SIDE, SIDE), Image.Resampling.LANCZOS).convert("RGBA")
    photograph.alpha_composite(Image.new("RGBA", (SIDE, SIDE), (0, 0, 0, 115)))
    return photograph


def auroc(right: list[float], wrong: list[float]) -> float:
    """Probability that a fault scores higher than a right one; ties count half."""
    low, high = np.asarray(right)[:, None], np.asarray(wrong)[None, :]
    return float((high > low).mean() + 0.5 * (high == low).mean())


def caught(right: list[float], wrong: list[float]) -> float:
    """Share of faults above the limit that blames at most 1 % of the right ones."""
    allowed = math.floor(0.01 * len(right))
    limit = sorted(right, reverse=True)[allowed]
    return float(np.mean(np.asarray(wrong) > limit))


def interval(hits: int, count: int) -> str:
    """A share with its 95 % interval (Wilson)."""
    z, share = 1.96, hits / count
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    return f"{share:.3f} [{max(0.0, middle - half):.3f}, {min(1.0, middle + half):.3f}]"


@dataclass(frozen=True)
class Row:
    """One sentence of one picture as it was read: letters that differ, letters in the picture that nobody asked for, and any doubt.

    `told` is whether text-misspelt says so: more than half a letter differs, and there is no doubt about the reader.
    """

    locale: str
    ground: str
    quality: int
    size: float
    variant: str
    page: int
    text: str
    found: str
    wrong: float
    extra: int
    doubt: str

    @property
    def told(self) -> bool:
        return self.wrong > PASSES and not self.doubt


def measure(made: list[Page], seed: int) -> list[Row]:
    """One row for each sentence of each variant of each page."""
    rows = []
    for number, page in enumerate(made):
        chance = random.Random(seed * 1000 + number)
        reader = reader_for(page.sentences[0])
        assert not isinstance(reader, Unreadable)
        for variant in ("right", *FAULTS):
            texts = tuple(damaged(text, variant, chance) if variant in ("letter", "word") else text for text in page.sentences)
            rgb, boxes = draw(page, texts, seed + number, extra=variant == "extra")
            extra = sum(line.letters for line in unrequested_lines(rgb, reader, known=page.sentences))
            for text, size, box in zip(page.sentences, SIZES, boxes, strict=True):
                read = proof_read(rgb, text, reader, box=box, size=size, ink=parse_color(INKS[page.ground]).rgb, rtl=page.locale == "ar")
                rows.append(
                    Row(
                        page.locale,
                        page.ground,
                        page.quality,
                        size,
                        variant,
                        number,
                        text,
                        read.found,
                        read.wrong,
                        extra,
                        doubt(read, reader, size),
                    )
                )
    return rows


def table(rows: list[Row]) -> str:
    """The Markdown tables: misspelt and shortened texts, then added ones."""
    lines = [
        "| part | right texts | blamed | left unread | typo told | word told | typo AUROC | typo TPR@1% | word AUROC | word TPR@1% |",
        "|---|---:|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    lines.append(_line("all", rows))
    for key in ("locale", "ground", "quality", "size"):
        for value in sorted({getattr(row, key) for row in rows}):
            lines.append(_line(f"{key} {value}", [row for row in rows if getattr(row, key) == value]))
    pictures = {(row.page, row.variant): float(row.extra) for row in rows}
    plain = [value for (_, variant), value in pictures.items() if variant != "extra"]
    added = [value for (_, variant), value in pictures.items() if variant == "extra"]
    seen, blamed = interval(sum(value >= 3 for value in added), len(added)), interval(sum(value >= 3 for value in plain), len(plain))
    lines += ["", "| added line | pictures with + without | AUROC | seen (3 letters) | blamed without one |", "|---|---|---|---|---|"]
    lines.append(f"| all | {len(added)} + {len(plain)} | {auroc(plain, added):.3f} | {seen} | {blamed} |")
    return "\n".join(lines)


def _line(name: str, rows: list[Row]) -> str:
    scores = {variant: [row.wrong for row in rows if row.variant == variant] for variant in ("right", *FAULTS)}
    right, typo, word = scores["right"] + scores["extra"], scores["letter"], scores["word"]
    whole = [row for row in rows if row.variant in ("right", "extra")]
    blamed = interval(sum(row.told for row in whole), len(whole))
    unread = sum(row.wrong > PASSES and bool(row.doubt) for row in whole) / len(whole)
    told = [float(np.mean([row.told for row in rows if row.variant == fault])) for fault in ("letter", "word")]
    return (
        f"| {name} | {len(right)} | {blamed} | {unread:.3f} | {told[0]:.3f} | {told[1]:.3f} "
        f"| {auroc(right, typo):.3f} | {caught(right, typo):.3f} | {auroc(right, word):.3f} | {caught(right, word):.3f} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--pages", type=int, default=32, help="pictures, each with four sentences in four variants")
    parser.add_argument("--locales", nargs="*", default=list(SENTENCES), choices=list(SENTENCES))
    parser.add_argument("--show", action="store_true", help="also print every right text that was misread")
    options = parser.parse_args()
    locales = [locale for locale in options.locales if not isinstance(reader_for(SENTENCES[locale][0]), Unreadable)]
    made = pages(options.seed, options.pages, locales)
    rows = measure(made, options.seed)
    command = f"python -m benchmarks.drift.text --seed {options.seed} --pages {options.pages} --locales {' '.join(options.locales)}"
    print(f"`{command}`; languages read here: {', '.join(locales)}\n")
    print(table(rows))
    for row in rows if options.show else []:
        if row.variant in ("right", "extra") and row.wrong:
            print(row)


if __name__ == "__main__":
    main()
