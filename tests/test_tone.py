"""Phrases found in copy of any script, and their places in the campaign file."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_kit import write_kit

from brandkit.brand.phrases import find_phrases, fold, possible
from brandkit.brand.tone import Brief, Written, lint_words

FOUND = [
    ("It elevates you", "elevate", "en", "elevates"),
    ("an elevator", "elevate", "en", None),
    ("Luxuries, luxury", "luxury", "en", "Luxuries"),
    ("a musthave", "must-have", "en", "musthave"),
    ("Lead‑free", "lead-free", "en", "Lead‑free"),
    ("iPad", "pad", "en", None),
    ("Mobilitätslösungen", "Mobilitätslösung", "de", "Mobilitätslösungen"),
    ("die Nahtlosigkeit", "nahtlos", "de", None),
    ("STRASSE", "straße", "de", "STRASSE"),
    ("電子レンジ\n対応です", "電子レンジ対応", "ja", "電子レンジ\n対応"),
    ("والتجربة الفريدة", "تجربة فريدة", "ar", "والتجربة الفريدة"),
    ("تَجرِبة فريدة", "تجربة فريدة", "ar", "تَجرِبة فريدة"),
    ("cafe\u0301 culture", "café culture", "en", "cafe\u0301 culture"),
    ("ＥＬＥＶＡＴＥ", "elevate", "en", "ＥＬＥＶＡＴＥ"),
    ("re\u00advolutionary", "revolutionary", "en", "re\u00advolutionary"),
    ("", "x", "en", None),
    ("abc", "...", "en", None),
]


@pytest.mark.parametrize(("text", "phrase", "locale", "expected"), FOUND)
def test_a_phrase_is_found_as_it_is_written(text: str, phrase: str, locale: str, expected: str | None) -> None:
    matches = find_phrases(text, phrase, locale)
    assert (text[matches[0].start : matches[0].end] if matches else None) == expected


@given(st.text(max_size=30), st.text(max_size=8), st.sampled_from(["en", "de", "ja", "ar", "fr"]))
def test_matches_lie_in_the_text_in_order(text: str, phrase: str, locale: str) -> None:
    matches = find_phrases(text, phrase, locale)
    assert all(0 <= match.start < match.end <= len(text) for match in matches)
    assert [match.start for match in matches] == sorted(match.start for match in matches)


@given(st.sampled_from(["elevate", "café", "こだわりの", "تجربة", "Straße"]), st.booleans())
def test_a_word_between_spaces_is_always_found(word: str, upper: bool) -> None:
    text = f"so {word.upper() if upper else word} so"
    assert [text[m.start : m.end] for m in find_phrases(text, word)] == [text[3:-3]]


def test_fold_forgets_what_makes_no_difference() -> None:
    assert fold("Ｃafé\u00ad") == fold("CAFE\u0301")


def test_the_place_is_line_and_column_also_in_blocks(tmp_path: Path) -> None:
    campaign = write_kit(tmp_path, campaign={"concepts": {"mug": {"copy": {"en": {"headline": "One mug.\nOne revolutionary mug."}}}}})
    brief = campaign.brief("mug", "en")
    text = campaign.document.concepts["mug"].copy_["en"]["headline"]
    (fault,) = lint_words(campaign.brand, {"headline": text}, brief)
    name, line, column = fault.place.split(":")
    written = (campaign.file.parent / name).read_text(encoding="utf-8").splitlines()[int(line) - 1]
    assert written[int(column) - 1 :].startswith("revolutionary")


def test_the_second_of_two_equal_words_has_its_own_place() -> None:
    text = "new mug, new jug"
    written = Written("campaign.yaml", 8, 15, (f'    headline: "{text}"', "    body: new"))
    assert written.place(text, 0, 3) == "campaign.yaml:8:16"
    assert written.place(text, 9, 12) == "campaign.yaml:8:25"


def test_words_spelt_otherwise_in_the_file_have_the_place_of_their_value() -> None:
    written = Written("campaign.yaml", 8, 15, ('    headline: "caf\\u00e9"',))
    assert written.place("café", 0, 4) == "campaign.yaml:8:15"


def test_without_a_file_there_is_no_place(tmp_path: Path) -> None:
    brand = write_kit(tmp_path).brand
    (fault,) = lint_words(brand, {"headline": "Revolutionary"}, Brief("en"))
    assert fault.place == "" and fault.told == fault.message


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("elevate", "Elevating taste"),
        ("e-mail", "an Email"),
        ("至高", "至\n高の器"),
        ("كتاب", "والكتاب"),
        ("wow", "WOW!"),
        ("a b", "a\u00a0b"),
    ],
)
def test_what_can_be_found_is_possible(phrase, text):
    locale = "ar" if phrase == "كتاب" else "en"
    assert find_phrases(text, phrase, locale)
    assert possible([phrase, "seamless", "!!!"], ["other", text]) == [phrase]
