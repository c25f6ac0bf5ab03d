"""Type as plain values for the page: what each family can write, and every style of the scale with words to set in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from brandkit.book.look import fonts_of
from brandkit.brand.resolve import Brand
from brandkit.layout.fonts import faces, script_of
from brandkit.layout.given import px, style_for

LONG = 72  # characters; longer sentences fill a page when they are set as headlines
ORDER = ("headline", "body", "cta", "label", "legal")
WEIGHTS = {
    100: "Thin", 200: "ExtraLight", 300: "Light", 400: "Regular", 500: "Medium", 600: "SemiBold", 700: "Bold", 800: "ExtraBold",
    900: "Black",
}  # fmt: skip
SPECIMENS = {  # script: its name, letters shown large, its alphabet or a start of it
    "latin": ("Latin", "Aa", "ABCDEFGHIJKLMNOPQRSTUVWXYZ abcdefghijklmnopqrstuvwxyz 0123456789"),
    "arabic": ("Arabic", "أب", "أ ب ت ث ج ح خ د ذ ر ز س ش ص ض ط ظ ع غ ف ق ك ل م ن ه و ي"),
    "cjk": ("Japanese", "あ永", "あいうえお かきくけこ さしすせそ たちつてと アイウエオ カキクケコ 日月火水木金土"),
    "hebrew": ("Hebrew", "אב", "א ב ג ד ה ו ז ח ט י כ ל מ נ ס ע פ צ ק ר ש ת"),
    "thai": ("Thai", "กข", "ก ข ค ง จ ฉ ช ซ ด ต ถ ท ธ น บ ป ผ ฝ พ ฟ ภ ม ย ร ล ว ศ ส ห อ ฮ"),
    "devanagari": ("Devanagari", "अक", "अ आ इ ई उ ऊ ए ऐ ओ औ क ख ग घ च छ ज झ ट ठ ड ढ त थ द ध न प फ ब भ म य र ल व श स ह"),
}


def families(brand: Brand) -> list[dict[str, Any]]:
    """Each family with its weights and, for each script it can write, a specimen."""
    typography = brand.document.typography
    found = []
    for name in typography.families if typography else {}:
        own = [face for face in faces(brand, name) if face.group == name]
        has = frozenset().union(*(face.characters for face in own))
        scripts = [
            {"script": title, "big": big, "letters": letters}
            for title, big, letters in SPECIMENS.values()
            if all(ord(char) in has for char in (big + letters).replace(" ", ""))
        ]
        shown = own[0].family
        weights = sorted({face.weight for face in own})
        cuts = [{"weight": weight, "title": WEIGHTS.get(weight, ""), "fonts": fonts_of(brand, name, weight)} for weight in weights]
        found.append({"name": name, "family": _plain(shown, own), "cuts": cuts, "scripts": scripts, "licence": _licence(brand, name)})
    return found


def _plain(family: str, own: list[Any]) -> str:
    """The family's name without the weight that some foundries write into it."""
    for title in sorted(WEIGHTS.values(), key=len, reverse=True):
        if family.endswith(f" {title}"):
            return family.removesuffix(f" {title}")
    return family


def _licence(brand: Brand, name: str) -> str:
    typography = brand.document.typography
    licence = typography.families[name].licence if typography else None
    return str(licence).rpartition("/")[2] if licence else ""


def styles(brand: Brand, words: dict[str, list[str]]) -> list[dict[str, Any]]:
    """The scale: each style with its numbers and a sample in every script that the kit itself writes."""
    if not brand.document.typography:
        return []
    shown = []
    for slot in ORDER:
        style = style_for(brand, slot)
        has = frozenset().union(*(face.characters for face in faces(brand, style.family)))
        samples = [text for texts in words.values() if writes(text := _sample(texts), has)]
        low, high = (px(length) for length in style.size)
        shown.append(
            {
                "slot": slot, "family": style.family, "weight": style.weight, "low": low, "high": high, "leading": style.leading,
                "tracking": style.tracking, "case": style.case, "fonts": fonts_of(brand, style.family, style.weight), "samples": samples,
            }
        )  # fmt: skip
    return shown


def _sample(texts: list[str]) -> str:
    """The most telling sentence that a line or two can hold."""
    return next((text for text in texts if len(text) <= LONG), min(texts, key=len))


def writes(text: str, has: frozenset[int]) -> bool:
    """Whether every visible character of `text` is among the code points `has`."""
    return all(ord(char) in has or char.isspace() for char in text)


def own_words(brand: Brand) -> dict[str, list[str]]:
    """The kit's own sentences by script, the most telling first: idea, allowed claims, disclaimers."""
    found: dict[str, list[str]] = {}
    for text in _sentences(brand):
        found.setdefault(script_of(text), []).append(text)
    return found


def _sentences(brand: Brand) -> Iterator[str]:
    document = brand.document
    yield from (text for text in (document.idea, document.name) if text)
    yield from (disclaimer.text for disclaimer in document.tone.disclaimers)
    yield from document.tone.claims.allowed
