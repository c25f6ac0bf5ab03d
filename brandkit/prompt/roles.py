"""Reference images named by index in the prompt, each with its role and what must be kept of it."""

from __future__ import annotations

from brandkit.brand.model import Reference
from brandkit.prompt.dialect import Dialect
from brandkit.prompt.foreign import MAX_ITEM, bracketed
from brandkit.prompt.references import GivenReference
from brandkit.prompt.request import ReferenceInput
from brandkit.results import Level, Source

DRAWN = {
    "layout": "plan of the frame. Pale outlined areas are calm zones, the grey oval is the subject's place, dark margins are cut off.",
    "palette": "card of the palette. Its bands are the colours, as wide as their weight.",
}
KEEP = {
    "geometry": "its exact geometry, proportions, parts and outline",
    "colour": "its exact colours and finish",
    "everything": "its exact geometry, proportions, parts, outline, colours, finish, label and markings",
}


def reference_clauses(references: tuple[ReferenceInput, ...], given: tuple[GivenReference, ...], dialect: Dialect) -> list[Source]:
    """One clause for each reference input, in upload order; `given` are the written ones, which come after the drawn ones."""
    drawn = [reference for reference in references if reference.role in DRAWN]
    found = [_clause(dialect.image_word.format(index=item.index) + f": {DRAWN[item.role]}", item.source) for item in drawn]
    for item, written in zip(references[len(drawn) :], given, strict=True):
        text = f"{dialect.image_word.format(index=item.index)}: {_role(written.rule)}"
        if note := written.rule.note:
            text += f" To take from it: {bracketed(note, MAX_ITEM)}."
        found.append(_clause(text, item.source, written.rule.level))
    return found


def keep_clauses(references: tuple[ReferenceInput, ...], given: tuple[GivenReference, ...], dialect: Dialect) -> list[Source]:
    """What must stay as it is, said again among the constraints."""
    found = []
    for item, written in zip(references[len(references) - len(given) :], given, strict=True):
        if written.rule.role == "product" or written.rule.keep:
            text = f"KEEP from {dialect.image_word.format(index=item.index)}: {KEEP[written.rule.keep or 'everything']}."
            found.append(Source(section="constraints", text=text, level=Level.MUST, source=item.source))
    return found


def _role(rule: Reference) -> str:
    if rule.role == "product":
        kept = rule.keep or "everything"
        tail = "; only place and light change" if kept == "everything" else ""
        return f"the product itself. Show this very thing; KEEP {KEEP[kept]}{tail}."
    if rule.role == "pattern":
        return "the brand's graphic language. Take its geometry and rhythm, not its arrangement."
    return "the look. Take its light, tonality and surface, not the things in it."


def _clause(text: str, source: str, level: Level = Level.MUST) -> Source:
    return Source(section="references", text=text, level=level, source=source)
