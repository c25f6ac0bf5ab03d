"""Rules on shares: how much of an asset each colour covers."""

from __future__ import annotations

from collections.abc import Iterator

from brandkit.brand.edit import Edit, Replace
from brandkit.brand.kit import Kit
from brandkit.brand.registry import Found, rule, rule_on_loading
from brandkit.brand.resolve import Loc
from brandkit.brand.source import Source

SLACK = 0.02  # of the area; shares are written in whole per cent


def swap(source: Source, loc: Loc) -> tuple[Edit, ...]:
    """The edits that exchange the two values of the list at `loc`."""
    value = source.tree
    for step in loc:
        value = value[step]  # type: ignore[index]
    first, second = value
    return Replace((*loc, 0), str(second)), Replace((*loc, 1), str(first))


rule_on_loading(
    id="share-range",
    area="palette",
    summary="The least share is more than the most.",
    rationale="A share is `[least, most]`. The other way round no picture can meet it, so every asset would fail.",
    bad="""
        palette:
          colors:
            tide: {value: "#04444E", share: [0.45, 0.15]}
    """,
    good="""
        palette:
          colors:
            tide: {value: "#04444E", share: [0.15, 0.45]}
    """,
    fix="exchanges the two numbers",
    repair=swap,
)
rule_on_loading(
    id="share-sum",
    area="palette",
    summary="The least shares need more than the whole area.",
    rationale="An asset has one area. When the least shares of all colours add up to more than 1, no asset can be on-brand.",
    bad="""
        palette:
          colors:
            chalk: {value: "#F2EBE0", share: [0.6, 0.8]}
            tide: {value: "#04444E", share: [0.5, 0.7]}
    """,
    good="""
        palette:
          colors:
            chalk: {value: "#F2EBE0", share: [0.4, 0.8]}
            tide: {value: "#04444E", share: [0.2, 0.6]}
    """,
)


@rule(
    id="share-short",
    area="palette",
    level="advice",
    rationale="""
        When every colour has a share and the most of all of them together is less than the whole, some of each flat picture must
        be off the palette. Widen a share, or leave it out for one colour, which then takes the rest. Kits with photographs are
        exempt: the photograph is the rest.
    """,
    bad="""
        palette:
          colors:
            chalk: {value: "#F2EBE0", share: 0.5}
            tide: {value: "#04444E", share: 0.3}
    """,
    good="""
        palette:
          colors:
            chalk: {value: "#F2EBE0", share: [0.5, 0.7]}
            tide: {value: "#04444E", share: 0.3}
    """,
)
def share_short(kit: Kit) -> Iterator[Found]:
    """The most shares of all colours do not fill the area."""
    shares = [color.share for color in kit.colors.values()]
    most = sum(share[1] for share in shares if share)
    if shares and all(shares) and most < 1 - SLACK and not kit.brand.document.imagery.photographs:
        message = f"all colours together cover at most {most:.0%} of a picture"
        yield Found(("palette", "colors"), message, "widen a share, or leave out that of the ground", key=True)


@rule(
    id="share-required",
    area="palette",
    level="error",
    rationale="A colour with `required: true` must be in every asset; a most share of 0 keeps it out of every asset. Both cannot hold.",
    bad="""
        palette:
          colors:
            ember: {value: "#FB6527", required: true, share: 0}
    """,
    good="""
        palette:
          colors:
            ember: {value: "#FB6527", required: true, share: [0.01, 0.1]}
    """,
)
def share_required(kit: Kit) -> Iterator[Found]:
    """A colour is required and may cover nothing."""
    for name, color in kit.colors.items():
        if color.required and color.share and color.share[1] == 0:
            message = f"{name!r} must be shown, and its share is 0"
            yield Found(("palette", "colors", name, "share"), message, "give it a share, or delete 'required'")
