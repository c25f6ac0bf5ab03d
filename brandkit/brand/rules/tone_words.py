"""Rules on words: what the kit bans, prefers, claims and adds, and whether it keeps to that itself."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import islice, product
from typing import Any

from brandkit.brand.edit import Delete, Replace
from brandkit.brand.kit import Kit
from brandkit.brand.phrases import find_phrases, fold, possible
from brandkit.brand.references import select
from brandkit.brand.registry import Found, Level, rule
from brandkit.brand.resolve import Loc
from brandkit.color.parse import parse_color

MAX_WORDS = 400  # banned words that are looked for; each takes milliseconds to prepare, and real kits have under 50
MAX_COMPARED = 50_000  # texts times words; real kits have under 2 000, and a stranger's must not take minutes
TAG = r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?"
LISTS: tuple[Loc, ...] = (
    ("palette", "forbidden"),
    ("logo", "never"),
    ("logo", "placement", "allow"),
    ("logo", "marks", "*", "on"),
    ("typography", "families", "*", "fallback"),
    ("tone", "voice"),
    ("tone", "prefer"),
    ("tone", "ban"),
    ("tone", "disclaimers"),
    ("tone", "claims", "allowed"),
    ("tone", "claims", "need_proof"),
    ("imagery", "materials"),
    ("imagery", "subjects", "prefer"),
    ("imagery", "subjects", "avoid"),
    ("open",),
)
"""Lists in which an entry that stands twice says nothing new."""


@rule(
    id="banned-copy",
    area="tone",
    level="advice",
    rationale="""
        A kit that uses the words it bans is not believed, and a disclaimer that holds one fails the gate in every asset that must
        carry it (error). In the idea, the voice and the descriptions of marks and photographs it is a slip (advice).
    """,
    bad="""
        tone:
          ban: [timeless]
          disclaimers:
            - {when: {locale: en}, text: Timeless pieces vary from the picture.}
    """,
    good="""
        tone:
          ban: [timeless]
          disclaimers:
            - {when: {locale: en}, text: Pieces vary from the picture.}
    """,
)
def banned_copy(kit: Kit) -> Iterator[Found]:
    """The kit's own words hold a word that it bans."""
    own = list(_own_words(kit))
    words = possible(kit.brand.document.tone.ban, [text for _, text, _, _ in own])[:MAX_WORDS]
    for (loc, text, locale, level), banned in islice(product(own, words), MAX_COMPARED):
        if found := find_phrases(text, banned, locale):
            said = text[found[0].start : found[0].end]
            yield Found(loc, f"says {said!r}, which the kit bans", "say it in other words", level=level)


def _own_words(kit: Kit) -> Iterator[tuple[Loc, str, str, Level]]:
    document = kit.brand.document
    for index, disclaimer in enumerate(document.tone.disclaimers):
        yield ("tone", "disclaimers", index, "text"), disclaimer.text, disclaimer.when.locale or "en", "error"
    texts: list[tuple[Loc, str | None]] = [(("idea",), document.idea)]
    texts += [(("tone", "voice", index), text) for index, text in enumerate(document.tone.voice)]
    texts += [(("logo", "marks", name, "alt"), mark.alt) for name, mark in kit.brand.marks.items()]
    texts += [(("imagery", "photographs", name, "alt"), photo.alt) for name, photo in document.imagery.photographs.items()]
    yield from ((loc, text, "en", "advice") for loc, text in texts if text)


@rule(
    id="prefer-banned",
    area="tone",
    level="error",
    rationale="""
        A preference tells writers what to say instead. When that word is banned, or is itself replaced by another entry, whoever
        follows the kit breaks it.
    """,
    bad="""
        tone:
          ban: [artisanal]
          prefer:
            - {instead_of: crafted, say: artisanal}
    """,
    good="""
        tone:
          ban: [artisanal]
          prefer:
            - {instead_of: crafted, say: handmade}
    """,
)
def prefer_banned(kit: Kit) -> Iterator[Found]:
    """The word to say instead is banned or replaced itself."""
    tone = kit.brand.document.tone
    replaced = {fold(entry.instead_of): entry.say for entry in reversed(tone.prefer)}
    said_banned = _holding([entry.say for entry in tone.prefer], tone.ban)
    for index, entry in enumerate(tone.prefer):
        loc: Loc = ("tone", "prefer", index, "say")
        other = replaced.get(fold(entry.say))
        if index in said_banned:
            message = f"{entry.say!r} holds {said_banned[index]!r}, which the kit bans"
            yield Found(loc, message, "prefer another word, or take it off 'tone.ban'")
        elif other and fold(entry.say) != fold(entry.instead_of):
            yield Found(loc, f"{entry.say!r} is itself replaced by {other!r}", f"say {other!r} here, or delete one of the two")


def _holding(texts: list[str], words: list[str]) -> dict[int, str]:
    """Index of each text that holds one of the words, with the first of them."""
    found: dict[int, str] = {}
    for (index, text), word in islice(product(enumerate(texts), possible(words, texts)[:MAX_WORDS]), MAX_COMPARED):
        if index not in found and find_phrases(text, word):
            found[index] = word
    return found


@rule(
    id="prefer-conflict",
    area="tone",
    level="error",
    rationale="A word with two replacements leaves every writer to choose, so that the copy of one campaign says both. Keep one.",
    bad="""
        tone:
          prefer:
            - {instead_of: customer, say: passenger}
            - {instead_of: Customer, say: traveller}
    """,
    good="""
        tone:
          prefer:
            - {instead_of: customer, say: passenger}
    """,
)
def prefer_conflict(kit: Kit) -> Iterator[Found]:
    """A word has two different replacements."""
    first: dict[str, str] = {}
    for index, entry in enumerate(kit.brand.document.tone.prefer):
        say = first.setdefault(fold(entry.instead_of), entry.say)
        if fold(say) != fold(entry.say):
            message = f"{entry.instead_of!r} is already replaced by {say!r}, and here by {entry.say!r}"
            yield Found(("tone", "prefer", index), message, "keep one of the two")


@rule(
    id="claim-conflict",
    area="tone",
    level="error",
    rationale="""
        `need_proof` stops words until somebody has the evidence; `allowed` clears exact statements. The same words in both lists
        are cleared wherever they stand, so nothing is ever stopped. Allow the longer statement that carries its proof.
    """,
    bad="""
        tone:
          claims:
            allowed: [lead-free]
            need_proof: [lead-free]
    """,
    good="""
        tone:
          claims:
            allowed: ["lead-free, tested by our laboratory"]
            need_proof: [lead-free]
    """,
)
def claim_conflict(kit: Kit) -> Iterator[Found]:
    """The same claim is allowed and needs proof."""
    claims = kit.brand.document.tone.claims
    allowed = {fold(text) for text in claims.allowed}
    for index, word in enumerate(claims.need_proof):
        if fold(word) in allowed:
            hint = "delete it from one of the lists, or allow the whole statement that carries the proof"
            yield Found(("tone", "claims", "need_proof", index), f"{word!r} is allowed everywhere, so proof is never asked for", hint)


@rule(
    id="claim-banned",
    area="tone",
    level="error",
    rationale="A statement that is allowed and holds a banned word cannot be published: the gate clears the claim and fails the word.",
    bad="""
        tone:
          ban: [seamless]
          claims: {allowed: [seamless change of trains]}
    """,
    good="""
        tone:
          ban: [seamless]
          claims: {allowed: [change of trains side by side]}
    """,
)
def claim_banned(kit: Kit) -> Iterator[Found]:
    """An allowed claim holds a banned word."""
    tone = kit.brand.document.tone
    for index, banned in _holding(tone.claims.allowed, tone.ban).items():
        message = f"{tone.claims.allowed[index]!r} holds {banned!r}, which the kit bans"
        yield Found(("tone", "claims", "allowed", index), message, "say it in other words")


@rule(
    id="word-repeated",
    area="tone",
    level="advice",
    rationale="""
        An entry that stands twice in a list says nothing new. The second one is usually a slip for another word, and when the
        list changes one of the two is forgotten. Case, accents and ways to write a colour make no difference.
    """,
    bad="""
        tone:
          ban: [seamless, effortless, Seamless]
    """,
    good="""
        tone:
          ban: [seamless, effortless]
    """,
    fix="deletes the later entry",
)
def word_repeated(kit: Kit) -> Iterator[Found]:
    """An entry stands twice in a list."""
    for pattern in LISTS:
        for loc, entries in select(kit.source.tree, pattern):
            seen: dict[str, Any] = {}
            for index, entry in enumerate(entries):
                form, inner = _alike(entry, loc), (*loc, index)
                if form in seen:
                    message = f"{_said(entry)} stands already in this list{_as(seen[form], entry)}"
                    yield Found(inner, message, "delete it", fix=(Delete(inner),))
                seen.setdefault(form, entry)


def _alike(entry: Any, loc: Loc) -> str:
    if isinstance(entry, dict):
        return fold(json.dumps(entry, sort_keys=True, ensure_ascii=False))
    return parse_color(entry).hex if loc == ("palette", "forbidden") else fold(entry)


def _said(entry: Any) -> str:
    return repr(entry.get("text") or entry.get("instead_of") if isinstance(entry, dict) else entry)


def _as(first: Any, entry: Any) -> str:
    return "" if first == entry or isinstance(entry, dict) else f", as {first!r}"


@rule(
    id="word-unmatchable",
    area="tone",
    level="error",
    rationale="""
        Words are looked for in copy letter by letter. An entry without a letter or digit, such as punctuation alone, is never
        found: the rule that somebody wrote down never applies.
    """,
    bad="""
        tone:
          ban: ["!!!"]
    """,
    good="""
        tone:
          ban: [wow]
    """,
)
def word_unmatchable(kit: Kit) -> Iterator[Found]:
    """A word to be found in copy has no letters."""
    for pattern in (("tone", "ban", "*"), ("tone", "claims", "*", "*"), ("tone", "prefer", "*", "instead_of")):
        for loc, text in select(kit.source.tree, pattern):
            if not any(letter.isalnum() for letter in text):
                yield Found(loc, f"{text!r} has no letter or digit, so it is never found", "write the word, or delete it")


@rule(
    id="locale-tag",
    area="tone",
    level="error",
    rationale="""
        Locales are compared as language tags: `en`, `de-AT`, `zh-Hant-TW`. Written in another way (`de_at`, `German`), a
        condition matches no locale, and the disclaimer that the law asks for is never added.
    """,
    bad="""
        tone:
          disclaimers:
            - {when: {locale: de_at}, text: Solange der Vorrat reicht.}
    """,
    good="""
        tone:
          disclaimers:
            - {when: {locale: de-AT}, text: Solange der Vorrat reicht.}
    """,
    fix="writes the tag in its usual form",
)
def locale_tag(kit: Kit) -> Iterator[Found]:
    """The locale of a disclaimer is no language tag."""
    for index, disclaimer in enumerate(kit.brand.document.tone.disclaimers):
        locale, loc = disclaimer.when.locale, ("tone", "disclaimers", index, "when", "locale")
        if locale is not None and not re.fullmatch(TAG, locale):
            better = _tag(locale)
            known = re.fullmatch(TAG, better)
            hint = f"write '{better}'" if known else "write a language tag, e.g. 'en', 'de-AT' or 'zh-Hant-TW'"
            message = f"{locale!r} is no language tag, so the disclaimer never applies"
            yield Found(loc, message, hint, fix=(Replace(loc, better),) if known else ())


def _tag(locale: str) -> str:
    """`locale` in the usual form: language in lower case, script with a capital, region in capitals."""
    first, *rest = locale.strip().replace("_", "-").split("-")
    return "-".join([first.lower(), *(part.title() if len(part) == 4 else part.upper() for part in rest)])
