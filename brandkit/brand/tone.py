"""Copy against the brand's tone: banned and discouraged words, claims without proof, disclaimers that are missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from brandkit.brand.model import Disclaimer
from brandkit.brand.phrases import find_phrases, fold
from brandkit.brand.resolve import Brand
from brandkit.results import Level

Kind = Literal["banned", "discouraged", "unproven", "disclaimer"]


@dataclass(frozen=True)
class Written:
    """Where a text was written: the file's name, the value's first line and column (from 1), and the file's lines from there on."""

    file: str
    line: int
    column: int
    lines: tuple[str, ...] = field(repr=False)

    def place(self, text: str, start: int, end: int) -> str:
        """`campaign.yaml:33:15` of `text[start:end]`, where `text` is the value; of the value itself when it is spelt otherwise there."""
        wanted = text[start:end].partition("\n")[0]
        nth = text.count(wanted, 0, start)
        for number, line in enumerate(self.lines):
            at = line.find(wanted, self.column - 1 if number == 0 else 0)
            while at >= 0:
                if nth == 0:
                    return f"{self.file}:{self.line + number}:{at + 1}"
                nth -= 1
                at = line.find(wanted, at + len(wanted))
        return str(self)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True)
class Brief:
    """What the campaign says about a piece of copy: its locale, the topics it is about, and where each slot was written."""

    locale: str
    topics: tuple[str, ...] = ()
    written: Mapping[str, Written] = field(default_factory=dict, repr=False)
    copy_written: Written | None = field(default=None, repr=False)
    """Where the copy of this locale begins."""


@dataclass(frozen=True)
class CopyFault:
    """Words that the brand does not want, or that are missing: `words` as they stand in the copy, `rule` where the brand says so."""

    kind: Kind
    slot: str
    """Empty for a missing disclaimer."""
    words: str
    message: str
    remedy: str
    level: Level
    rule: str
    place: str = ""
    """`campaign.yaml:33:15`; empty when nobody knows."""

    @property
    def told(self) -> str:
        """The message with its place before it, where that is known."""
        return f"{self.place}: {self.message}" if self.place else self.message


def one_line(words: str) -> str:
    """Words as a message shows them: a line break in the copy is a space."""
    return " ".join(words.split())


def lint_words(brand: Brand, copy: Mapping[str, str], brief: Brief) -> Iterator[CopyFault]:
    """Banned words (with what to say instead, where the brand knows), and words for which the brand prefers others."""
    tone = brand.document.tone
    instead = {fold(rule.instead_of): rule.say for rule in tone.prefer}
    for slot, text in copy.items():
        for index, word in enumerate(tone.ban):
            say = instead.get(fold(word))
            remedy = f"say {say!r} instead" if say else "say it in other words"
            rule = brand.where("tone", "ban", index)
            for words, place in _places(text, word, slot, brief):
                message = f"the {slot} says {one_line(words)!r}, which the brand bans ({rule})"
                yield CopyFault("banned", slot, words, message, remedy, Level.MUST, rule, place)
        banned = {fold(word) for word in tone.ban}
        for index, preference in enumerate(tone.prefer):
            if fold(preference.instead_of) in banned:
                continue
            rule = brand.where("tone", "prefer", index)
            why = f": {preference.why.rstrip('.')}" if preference.why else ""
            for words, place in _places(text, preference.instead_of, slot, brief):
                message = f"the {slot} says {one_line(words)!r}, and the brand says {preference.say!r} instead ({rule}{why})"
                yield CopyFault("discouraged", slot, words, message, f"say {preference.say!r}", preference.level, rule, place)


def lint_claims(brand: Brand, copy: Mapping[str, str], brief: Brief) -> Iterator[CopyFault]:
    """Words that need proof, outside every statement that the brand allows."""
    claims = brand.document.tone.claims
    for slot, text in copy.items():
        cleared = [match for allowed in claims.allowed for match in find_phrases(text, allowed, brief.locale)]
        for index, word in enumerate(claims.need_proof):
            rule = brand.where("tone", "claims", "need_proof", index)
            for match in find_phrases(text, word, brief.locale):
                if any(allowed.start <= match.start and match.end <= allowed.end for allowed in cleared):
                    continue
                words = text[match.start : match.end]
                message = f"the {slot} claims {one_line(words)!r}, which needs proof ({rule})"
                remedy = "have the proof at hand, or add the exact words to `tone.claims.allowed`"
                yield CopyFault(
                    "unproven", slot, words, message, remedy, Level.MUST, rule, _place(text, match.start, match.end, slot, brief)
                )


def lint_disclaimers(brand: Brand, copy: Mapping[str, str], brief: Brief) -> Iterator[CopyFault]:
    """Disclaimers that apply to this locale and these topics and stand in no slot."""
    for index, disclaimer in applying(brand.document.tone.disclaimers, brief):
        if not any(holds(text, disclaimer.text) for text in copy.values()):
            rule = brand.where("tone", "disclaimers", index)
            message = f"the copy for {brief.locale!r} lacks the disclaimer {disclaimer.text!r} ({rule})"
            place = str(brief.copy_written) if brief.copy_written else ""
            yield CopyFault("disclaimer", "", disclaimer.text, message, "add it to the slot 'legal'", disclaimer.level, rule, place)


def applying(disclaimers: Sequence[Disclaimer], brief: Brief) -> Iterator[tuple[int, Disclaimer]]:
    """The disclaimers that apply to the brief's locale and topics, with their indices. `de` holds for `de-AT` as well."""
    for index, disclaimer in enumerate(disclaimers):
        locale, topic = disclaimer.when.locale, disclaimer.when.topic
        fits = locale is None or brief.locale == locale or brief.locale.startswith(f"{locale}-")
        if fits and (topic is None or topic in brief.topics):
            yield index, disclaimer


def holds(text: str, sentence: str) -> bool:
    """Whether `sentence` stands in `text` word for word, whatever the line breaks and the case."""
    return "".join(fold(sentence).split()) in "".join(fold(text).split())


def _places(text: str, phrase: str, slot: str, brief: Brief) -> Iterator[tuple[str, str]]:
    for start, end in find_phrases(text, phrase, brief.locale):
        yield text[start:end], _place(text, start, end, slot, brief)


def _place(text: str, start: int, end: int, slot: str, brief: Brief) -> str:
    written = brief.written.get(slot)
    return written.place(text, start, end) if written else ""
