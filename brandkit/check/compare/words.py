"""Words and pictures of two kits: bans, claims, disclaimers, what pictures avoid, and the references that assets are held to."""

from __future__ import annotations

from collections.abc import Iterator

from brandkit.brand.model import Disclaimer, Reference
from brandkit.brand.resolve import Loc
from brandkit.brand.source import dotted
from brandkit.check.compare.change import Change, Effect, Sides, level_changed, set_changed


def compare_tone(sides: Sides) -> Iterator[Change]:
    """Changes of what the brand may not say, must prove and must add."""
    a, b = sides.a.brand.document.tone, sides.b.brand.document.tone
    yield from set_changed(("tone", "ban"), ("banned word", "banned words"), a.ban, b.ban, looser="shorter", checks=("tone-ban",))
    preferred = [[f"{one.instead_of} → {one.say}" for one in tone.prefer] for tone in (a, b)]
    yield from set_changed(("tone", "prefer"), ("preferred word", "preferred words"), *preferred, looser="shorter", checks=("tone-ban",))
    words, loc = ("claim that needs proof", "claims that need proof"), ("tone", "claims", "need_proof")
    yield from set_changed(loc, words, a.claims.need_proof, b.claims.need_proof, looser="shorter", checks=("tone-claim",))
    yield from set_changed(
        ("tone", "claims", "allowed"),
        ("allowed claim", "allowed claims"),
        a.claims.allowed,
        b.claims.allowed,
        looser="longer",
        checks=("tone-claim",),
    )
    yield from _disclaimers(a.disclaimers, b.disclaimers)


def _disclaimers(before: list[Disclaimer], after: list[Disclaimer]) -> Iterator[Change]:
    """A text that no longer stands, at another time, or with less force; one with another wording for the same case is reworded."""
    loc: Loc = ("tone", "disclaimers")
    for index, old in enumerate(before):
        same = next((new for new in after if new.when == old.when and new.text == old.text), None)
        if same:
            yield from level_changed((*loc, index), old.level, same.level, ("tone-disclaimer",))
            continue
        fresh = [new for new in after if new.when == old.when and not any(new.text == one.text for one in before if one.when == new.when)]
        if fresh:
            yield Change(Effect.OTHER, (*loc, index), "disclaimer reworded", old.text, fresh[0].text, ("tone-disclaimer",))
            if old.level != fresh[0].level:
                yield from level_changed((*loc, index), old.level, fresh[0].level, ("tone-disclaimer",))
        else:
            yield Change(Effect.REGRESSION, (*loc, index), "disclaimer removed", old.text, "", ("tone-disclaimer",))
    known = [old.when for old in before]
    for index, new in enumerate(after):
        if new.when not in known:
            yield Change(Effect.IMPROVEMENT, (*loc, index), "disclaimer added", "", new.text, ("tone-disclaimer",))


def compare_imagery(sides: Sides) -> Iterator[Change]:
    """Changes of what pictures must avoid, and of the references that they are compared with."""
    a, b = sides.a.brand.document.imagery, sides.b.brand.document.imagery
    yield from set_changed(
        ("imagery", "subjects", "avoid"), ("subject to avoid", "subjects to avoid"), a.subjects.avoid, b.subjects.avoid, looser="shorter"
    )
    before, after = (_references(sides, second=second) for second in (False, True))
    now = {(reference.role, digest) for reference, digest in after.values()}
    files = {reference.file: digest for reference, digest in after.values()}
    left = {reference.role for reference, _ in after.values()}
    for loc, (reference, digest) in before.items():
        if (reference.role, digest) in now:
            continue
        checks = ("reference-drift",) if reference.role == "product" else ("palette-grade",) if reference.role == "style" else ()
        if reference.file in files:
            yield Change(Effect.OTHER, loc, f"another {reference.role} picture", reference.file, reference.file, checks)
        else:
            bad = reference.role == "product" or reference.role not in left
            effect = Effect.REGRESSION if bad else Effect.OTHER
            yield Change(effect, loc, f"{reference.role} reference removed", reference.file, "", checks)


def _references(sides: Sides, *, second: bool) -> dict[Loc, tuple[Reference, str]]:
    kit = sides.b if second else sides.a
    locs: list[Loc] = [("imagery", "references", index) for index in range(len(kit.brand.document.imagery.references))]
    return {
        loc: (reference, kit.files.get(dotted((*loc, "file")), ""))
        for loc, reference in zip(locs, kit.brand.document.imagery.references, strict=True)
    }
