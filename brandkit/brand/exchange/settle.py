"""From what foreign files say to what a kit can hold: one name and one entry for each colour, at most 256, roles, pairs that reach."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from itertools import chain
from typing import Any

from brandkit.brand.exchange.names import kit_name, role_of
from brandkit.brand.exchange.sketch import Color, Sketch, joined, part
from brandkit.brand.exchange.values import srgb_hex
from brandkit.color.contrast import WCAG_RATIOS, wcag_contrast
from brandkit.color.parse import parse_color

MAX_COLORS = 256  # as in the model
MAX_PAIRS = 12  # proposals; more is a matrix, not a choice
DARK, LIGHT = 0.5, 0.85  # OKLab L below which a colour can be an ink, and from which it can be a ground
GREY, VIVID = 0.03, 0.05  # OKLab chroma below which a colour is neutral, and from which it can be a brand's own
LEVELS = ("AAA", "AA", "AA-large")  # from the strongest; the first that a pair reaches is written


def merged(sketches: Iterable[Sketch]) -> Sketch:
    """Several sketches as one: where two say the same thing differently, the first holds; colours of the same name keep both."""
    result = Sketch()
    colors: dict[str, Color] = {}
    for sketch in sketches:
        for color in sketch.colors:
            if color.name not in colors or colors[color.name].value != color.value:
                name = kit_name(color.name, colors)
                colors[name] = replace(color, name=name)
        result = Sketch(
            name=result.name or sketch.name,
            idea=result.idea or sketch.idea,
            colors=tuple(colors.values()),
            fonts=_first(result.fonts, sketch.fonts, "name"),
            styles=_first(result.styles, sketch.styles, "slot"),
            marks=_first(result.marks, sketch.marks, "name"),
            tone=joined(dict(result.tone), sketch.tone),
            rest=joined(dict(result.rest), sketch.rest),
        )
    return result


def _first(known: Sequence[Any], more: Sequence[Any], key: str) -> tuple[Any, ...]:
    names = {getattr(entry, key) for entry in known}
    return (*known, *(entry for entry in more if getattr(entry, key) not in names))


def only(sketch: Sketch, patterns: Sequence[str]) -> Sketch:
    """The sketch with the colours whose name matches one of the patterns; all of them without any."""
    if not patterns:
        return sketch
    return replace(sketch, colors=tuple(c for c in sketch.colors if any(fnmatchcase(c.name, pattern) for pattern in patterns)))


def settled(sketch: Sketch, *, unnamed: Collection[str] = (), weights: Mapping[str, float] | None = None) -> tuple[Sketch, list[str]]:
    """The sketch as a kit can hold it, and what was decided on the way, in words.

    Args:
        sketch: What files say.
        unnamed: Colours whose name was made up here, so that it says nothing of their role.
        weights: Colour to how much logos show of it; the order of the colours counts where that is the same.
    """
    said: list[str] = []
    colors = _without_repeats(sketch.colors, said)
    if not any(color.role for color in colors):
        colors = [color if color.name in unnamed else replace(color, role=role_of(color.name)) for color in colors]
        named = [f"{color.name} ({color.role})" for color in colors if color.role]
        if named:
            said.append(f"roles by name: {', '.join(named[:8])}")
        colors = _roles(colors, said, weights or {})
    if len(colors) > MAX_COLORS:
        ranked = sorted(colors, key=lambda color: color.role == "")
        kept = {color.name for color in ranked[:MAX_COLORS]}
        said.append(
            f"a kit holds {MAX_COLORS} colours: {len(colors) - MAX_COLORS} of {len(colors)} are left out; choose with --only PATTERN"
        )
        colors = [color for color in colors if color.name in kept]
    sketch = replace(sketch, colors=tuple(colors))
    if not part(sketch.rest, "palette", "pairs") and (pairs := proposed_pairs(colors)):
        said.append(f"{len(pairs)} pair{'s' if len(pairs) > 1 else ''} of ink and ground, by the contrast that is reached")
        sketch = replace(sketch, rest=joined({"palette": {"pairs": pairs}}, sketch.rest))
    return sketch, said


def _without_repeats(colors: Iterable[Color], said: list[str]) -> list[Color]:
    """Each colour once; a later name for it lends its role, or its name where that states one."""
    kept: dict[str, Color] = {}
    repeats: list[str] = []
    for color in colors:
        known = kept.get(color.value)
        if known is None or (known.role and color.role and known.role != color.role):
            kept[color.value if known is None else f"{color.value} {color.name}"] = color
            continue
        repeats.append(f"{color.name} = {known.name}")
        role = known.role or color.role or role_of(known.name) or role_of(color.name)
        if role and not known.role and not color.role and any(other.role == role for other in kept.values()):
            role = ""
        kept[color.value] = replace(known, role=role if known.role or color.role else "", note=known.note or color.note)
    if repeats:
        shown = ", ".join(repeats[:6]) + (", …" if len(repeats) > 6 else "")
        said.append(f"names of colours that have one already ({len(repeats)}): {shown}")
    return list(kept.values())


def _roles(colors: Sequence[Color], said: list[str], weights: Mapping[str, float]) -> list[Color]:
    """Roles that no name gives, by lightness and chroma; what logos show, then the order of the colours says how much they matter."""
    from brandkit.color.spaces import oklab_to_oklch, srgb_to_oklab

    seen = {c.name: oklab_to_oklch(srgb_to_oklab([v / 255 for v in parse_color(c.value).rgb])).tolist() for c in colors}
    roles = {color.name: color.role for color in colors}
    free = [color.name for color in colors if not color.role]

    def give(role: str, names: Sequence[str]) -> None:
        if names and role not in roles.values():
            roles[names[0]] = role

    vivid = [name for name in free if seen[name][1] >= VIVID and not roles[name]]
    give("primary", sorted(vivid, key=lambda name: -weights.get(name, 0.0)))
    give("surface", sorted((n for n in free if seen[n][0] >= LIGHT and not roles[n]), key=lambda n: (seen[n][1] > VIVID, -seen[n][0])))
    give("ink", sorted((n for n in free if seen[n][0] <= DARK and not roles[n]), key=lambda n: seen[n][0]))
    give("primary", [name for name in free if not roles[name]])
    primary = next((name for name, role in roles.items() if role == "primary"), "")
    far = [n for n in free if not roles[n] and seen[n][1] >= VIVID and primary and _turn(seen[n][2], seen[primary][2]) > 40]
    give("accent", far)
    for name in free:
        lightness, chroma, _ = seen[name]
        roles[name] = roles[name] or ("neutral" if chroma < GREY else "tint" if lightness >= LIGHT else "secondary")
    if free:
        said.append(f"roles by lightness, chroma and order: {', '.join(f'{name} ({roles[name]})' for name in free[:8])}")
    return [replace(color, role=roles[color.name]) for color in colors]


def _turn(first: float, second: float) -> float:
    return abs((first - second + 180) % 360 - 180)


def proposed_pairs(colors: Sequence[Color]) -> list[dict[str, Any]]:
    """Pairs of ink and ground that reach a WCAG level, the ones of the main roles first."""
    hexes = {color.name: srgb_hex(color.value) for color in colors}
    by_role: Mapping[str, list[str]] = {
        role: [color.name for color in colors if color.role == role]
        for role in ("surface", "tint", "primary", "accent", "ink", "secondary")
    }
    grounds = list(chain(*(by_role[role] for role in ("surface", "primary", "accent", "tint", "secondary"))))
    inks = list(chain(*(by_role[role] for role in ("ink", "surface", "primary", "secondary", "accent"))))
    pairs = []
    for ground in grounds:
        reached = [(ink, level) for ink in inks if ink != ground and (level := _level(hexes[ink], hexes[ground]))]
        strong = [entry for entry in reached if entry[1] != "AA-large"] or reached
        for ink, level in strong[: 3 if ground in by_role["surface"] else 1]:
            pairs.append({"ink": ink, "on": ground, "level": level})
    return pairs[:MAX_PAIRS]


def _level(ink: str, ground: str) -> str:
    ratio = wcag_contrast(ink, ground)
    return next((level for level in LEVELS if ratio >= WCAG_RATIOS[level]), "")
