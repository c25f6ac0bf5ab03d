"""`brandkit init`: a kit begun from whatever a brand has, every value with its evidence, every open question as a `# decide:`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from brandkit.brand.exchange.importing import Imported, Plan, plan_kit, sections, whole_text, write_kit
from brandkit.brand.exchange.names import kit_name
from brandkit.brand.exchange.settle import merged, settled
from brandkit.brand.exchange.sketch import Color, Mark, Remark, Sketch, joined
from brandkit.brand.exchange.values import srgb_hex
from brandkit.color.difference import delta_e_2000
from brandkit.errors import BrandFileError, Fault, InputError
from brandkit.start.drawings import Drawing
from brandkit.start.sightings import SAME, Proposal, lab_of, name_of, proposals
from brandkit.start.sources import Found, look_at_all, says_logo
from brandkit.start.type_files import distinct, families_of, proposed_sizes

SHOWN = 4  # photographs that are named
NOTHING = ["nothing yet"]  # what a kit without sources is made from
MAX_MARKS = 24  # as in the model
LOST = 0.07  # of a mark's ink that may vanish on a ground that it is proposed for: the inside of a letter, a fine line
READABLE = 0.8  # of a mark's ink that must stand out there
HALF = 0.5  # of its ink that must do so at the least, where a ground takes some of it
SHARP = 96  # px; twice the least width of a mark's smallest use
WIDE, SQUARE = 2.0, 1.3  # width to height from which a mark is a line, and below which it is a symbol
INK, PAPER = "#1A1A1A", "#FFFFFF"  # stand in where nothing dark or light was seen
DARK, LIGHT = 40.0, 85.0  # CIELAB L* below which a colour can be an ink, and above which a ground


def begin_kit(into: Path, sources: Sequence[Path], *, name: str = "") -> Imported:
    """Make the brand folder `into`, or add what is new to one that is there, as comments. One that was begun from nothing is made anew.

    Raises:
        BrandFileError: A source cannot be read, or the brand file that is there cannot.
        InputError: There is nothing of a brand in the sources; nothing is written then.
        OutputError: The folder cannot be written.
    """
    there = sections(into)
    files, found = look_at_all(sources, into)
    if sources and found.empty:
        raise _nothing(sources, found)
    sketch = merged(sketch for sketch, _ in found.sketches)
    faces = distinct(found.faces)
    fonts, styles = families_of(faces)
    seen = proposals(found.sightings)
    colors = _joined([_called(color) for color in sketch.colors], [_color(one.hex, one.evidence) for one in seen])
    sketch = replace(sketch, colors=tuple(colors), fonts=(*sketch.fonts, *fonts), styles=sketch.styles or styles)
    if sketch.styles == styles:
        sketch = replace(sketch, rest=joined(dict(sketch.rest), proposed_sizes(styles)))
    own = frozenset(color.name for color in sketch.colors) - {color.name for one, _ in found.sketches for color in one.colors}
    sketch, guessed = settled(_with_ends(sketch), unnamed=own, weights=_weights(sketch.colors, seen))
    marks, given = _marks(_chosen(found), sketch)
    sketch = _grounded(replace(sketch, marks=(*sketch.marks, *marks)), found.drawings)
    given |= {f"fonts/{face.name}": face.path for face in faces}
    folders = [folder for _, folder in found.sketches]
    begun = there.get("name", "") if not there.keys() - {"brandkit", "name"} else ""
    plan = plan_kit(sketch, folders, into, name=name or sketch.name or begun or into.resolve().name, given=given, there=there)
    _questions(plan, sketch, found, there)
    origin = [file.name for file in files] or NOTHING
    return write_kit(plan, into, guessed, found.remarks, origin=origin, blank=_blank(into, begun) if begun else "")


def _nothing(sources: Sequence[Path], found: Found) -> InputError:
    """Why nothing can be begun from the sources."""
    if broken := [remark.fault for remark in found.remarks if remark.kind == "broken"]:
        return BrandFileError(broken)
    names = ", ".join(map(str, sources))
    return InputError(f"there is nothing of a brand in {names}", hint="give logos (SVG, PNG), pictures, fonts (TTF, OTF) or token files")


def _blank(into: Path, name: str) -> str:
    """The brand file of that name as it is begun from nothing."""
    plan = plan_kit(Sketch(), [], into, name=name)
    _questions(plan, Sketch(), Found(), {})
    return whole_text(plan, NOTHING, ())


def _called(color: Color) -> Color:
    """A colour of a swatch file that bears digits for a name, by what it looks like."""
    digits = srgb_hex(color.value)
    return replace(color, name=name_of(digits)) if color.name == f"color-{digits[1:].lower()}" else color


def _weights(colors: Sequence[Color], seen: Sequence[Proposal]) -> dict[str, float]:
    """Name of a colour to how much logos and pictures show of it."""
    labs = {color.name: lab_of(srgb_hex(color.value)) for color in colors}
    shown = [(lab_of(one.hex), one.weight) for one in seen]
    return {name: sum(weight for other, weight in shown if float(delta_e_2000(lab, other)) < SAME) for name, lab in labs.items()}


def _color(digits: str, evidence: str) -> Color:
    return Color(name_of(digits), digits, evidence=evidence)


def _joined(stated: Sequence[Color], seen: Sequence[Color]) -> list[Color]:
    """Colours that files state, with what logos and pictures show of them; then the ones only seen. No name stands twice."""
    colors: list[Color] = []
    for color in stated:
        colors.append(replace(color, name=kit_name(color.name, {known.name for known in colors})))
    labs = [lab_of(srgb_hex(color.value)) for color in colors]
    for color in seen:
        lab = lab_of(color.value)
        distances = [float(delta_e_2000(lab, known)) for known in labs]
        if distances and min(distances) < SAME:
            index = distances.index(min(distances))
            colors[index] = replace(colors[index], evidence=f"{colors[index].evidence}; {color.evidence}")
        else:
            colors.append(replace(color, name=kit_name(color.name, {known.name for known in colors})))
            labs.append(lab)
    return colors


def _with_ends(sketch: Sketch) -> Sketch:
    """The sketch with an ink and a ground, where it has colours but nothing dark or light enough for text."""
    if not sketch.colors:
        return sketch
    lightness = [float(lab_of(srgb_hex(color.value))[0]) for color in sketch.colors]
    more: list[Color] = []
    taken = {color.name for color in sketch.colors}
    if not any(value >= LIGHT for value in lightness):
        more.append(_stand_in("paper", PAPER, "no file shows a light ground; is it white?", taken))
    if not any(value <= DARK for value in lightness):
        more.append(_stand_in("ink", INK, "no file shows a colour for text; is it black?", taken))
    return replace(sketch, colors=(*sketch.colors, *more))


def _stand_in(name: str, digits: str, question: str, taken: set[str]) -> Color:
    return Color(kit_name(name, taken), digits, evidence="stands in", decide=question)


def _chosen(found: Found) -> dict[Path, Drawing]:
    """Drawings for the kit: no PNG beside an SVG of the same name, none too small to stay sharp, at most as many as a kit holds.

    Those whose names say that they are logos come first, icons of browsers after the others, and vectors before pixels: layouts take the
    first that suits.
    """
    vectors = {path.stem for path in found.drawings if path.suffix.lower() == ".svg"}
    chosen: dict[Path, Drawing] = {}
    for path in sorted(found.drawings, key=lambda path: (not says_logo(path), "icon" in path.stem.lower(), path.suffix.lower() != ".svg")):
        drawing = found.drawings[path]
        why = ""
        if path.suffix.lower() != ".svg" and path.stem in vectors:
            why = "the SVG of the same name is taken"
        elif path.suffix.lower() != ".svg" and drawing.width < SHARP:
            why = f"{drawing.width:.0f} px wide, too few for a logo that stays sharp"
        elif len(chosen) >= MAX_MARKS:
            why = f"a kit holds {MAX_MARKS} marks"
        if why:
            found.remarks.append(Remark(Fault(str(path), 0, 0, "", f"is not taken as a mark: {why}"), "left-out"))
        else:
            chosen[path] = drawing
    return chosen


def _marks(drawings: dict[Path, Drawing], sketch: Sketch) -> tuple[list[Mark], dict[str, Path]]:
    """Marks with the grounds that they stand out on, and where each file goes in the kit."""
    grounds = {srgb_hex(color.value) for color in sketch.colors if color.role == "surface"}
    by_tone = {
        "light": [ground for ground in grounds if float(lab_of(ground)[0]) >= 50] or [PAPER],
        "dark": [ground for ground in grounds if float(lab_of(ground)[0]) < 50] or [INK],
    }
    marks: dict[str, Mark] = {}
    given: dict[str, Path] = {}
    for path, drawing in drawings.items():
        on = _tones(drawing, by_tone)
        name = kit_name(path.stem, marks, "mark")
        file = f"logo/{name}{path.suffix.lower()}"
        lockup = "horizontal" if drawing.aspect >= WIDE else "symbol" if 1 / SQUARE <= drawing.aspect <= SQUARE else "stacked"
        marks[name] = Mark(name, file, on, lockup, evidence=f"{path.name}, {drawing.aspect:.1f} times as wide as high")
        given[file] = path
    return list(marks.values()), given


def _tones(drawing: Drawing, by_tone: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The tones of ground on which a mark keeps its ink; where it does on none, the one that takes least of it and leaves most readable."""
    lost = {tone: max(drawing.lost(ground) for ground in grounds) for tone, grounds in by_tone.items()}
    clear = {tone: min(drawing.standing_out(ground) for ground in grounds) for tone, grounds in by_tone.items()}
    if on := tuple(tone for tone in by_tone if lost[tone] <= LOST and clear[tone] >= READABLE):
        return on
    return (min(by_tone, key=lambda tone: (clear[tone] < HALF, lost[tone], -clear[tone])),)


def _grounded(sketch: Sketch, drawings: dict[Path, Drawing]) -> Sketch:
    """Without a mark for light grounds, a brand with a reversed mark is dark ground first: the surface is its darkest colour."""
    tones = {tone for mark in sketch.marks for tone in mark.on}
    if not drawings or "light" in tones or not sketch.colors:
        return sketch
    darkest = min(sketch.colors, key=lambda color: float(lab_of(srgb_hex(color.value))[0]))
    colors = [
        replace(color, role="surface", decide="every logo is for dark grounds; is this the ground, or is a logo for light ones missing?")
        if color is darkest
        else replace(color, role="ink" if color.role == "surface" else color.role)
        for color in sketch.colors
    ]
    return replace(sketch, colors=tuple(colors))


def _questions(plan: Plan, sketch: Sketch, found: Found, there: Mapping[str, Any]) -> None:
    """What only a person can know, and the brand file that is there does not say."""
    if not sketch.colors and not {"palette", "extends"} & there.keys():
        plan.decide.append("palette: name the brand's colours under palette.colors, or run again with --from logo.svg")
    if {"logo", "extends"} & there.keys():
        pass
    elif not sketch.marks:
        plan.decide.append("logo: run again with --from logo.svg, or name its files under logo.marks")
    elif not any("dark" in mark.on for mark in sketch.marks):
        plan.decide.append("logo: no mark stands out on dark grounds; is there a reversed one?")
    if sketch.marks and not {"logo", "extends"} & there.keys():
        plan.decide.append("logo: must every asset carry a mark? then write logo.required: true, and a picture without one does not pass")
        plan.decide.append(
            "logo: half a mark's height stays clear around it, and it stands top left or bottom right; "
            "is it so? otherwise write clear_space beside its file, and logo.placement"
        )
    if found.photographs:
        names = [file.name for file in found.photographs]
        shown = ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")
        plan.decide.append(
            f"photographs: {shown}; copy the brand's own into photos/ and name them under imagery.photographs, "
            "and those that show its look under imagery.references with role: style"
        )
