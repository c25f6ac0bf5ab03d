"""`brandkit init`: a kit begun from whatever a brand has, every value with its evidence, every open question as a `# decide:`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from brandkit.brand.exchange.catalogue import format_of
from brandkit.brand.exchange.importing import Imported, Plan, plan_kit, read_all, write_kit
from brandkit.brand.exchange.names import kit_name
from brandkit.brand.exchange.settle import merged, settled
from brandkit.brand.exchange.sketch import Color, Mark, Remark, Sketch
from brandkit.brand.exchange.values import srgb_hex
from brandkit.color.difference import delta_e_2000
from brandkit.errors import BrandFileError, Fault, InputError, PictureError
from brandkit.start.drawings import Drawing, is_drawing, look_at_drawing
from brandkit.start.pictures import look_at_picture
from brandkit.start.sightings import SAME, Sighting, lab_of, name_of, proposals
from brandkit.start.type_files import SUFFIXES, Face, families_of, read_face

PICTURES = {".png", ".jpg", ".jpeg", ".webp", ".avif", ".gif", ".tif", ".tiff"}
SHOWN_LOOKS = 4  # pictures whose look is described
MAX_MARKS = 24  # as in the model
READABLE = 0.6  # of a mark's ink that must stand out on a ground that it is proposed for
SHARP = 96  # px; twice the least width of a mark's smallest use
MAX_FILES = 200  # files of one command, folders unfolded
WIDE, SQUARE = 2.0, 1.3  # width to height from which a mark is a line, and below which it is a symbol
INK, PAPER = "#1A1A1A", "#FFFFFF"  # stand in where nothing dark or light was seen
DARK, LIGHT = 40.0, 85.0  # CIELAB L* below which a colour can be an ink, and above which a ground


@dataclass
class Found:
    """What was seen in all files."""

    sightings: list[Sighting] = field(default_factory=list)
    drawings: dict[Path, Drawing] = field(default_factory=dict)
    faces: list[Face] = field(default_factory=list)
    sketches: list[tuple[Sketch, Path]] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    display: dict[str, list[str]] = field(default_factory=dict)


def begin_kit(into: Path, sources: Sequence[Path], *, name: str = "") -> Imported:
    """Make the brand folder `into`, or add what is new to one that is there, as comments.

    Raises:
        InputError: A source cannot be read.
        OutputError: The folder cannot be written.
    """
    found = Found()
    files = _unfolded(sources, found)
    _look(files, found)
    sketch = merged(sketch for sketch, _ in found.sketches)
    fonts, styles = families_of(found.faces)
    seen = proposals(found.sightings)
    colors = _joined(sketch.colors, [_color(one.hex, one.evidence) for one in seen])
    sketch = replace(sketch, colors=tuple(colors), fonts=(*sketch.fonts, *fonts), styles=sketch.styles or styles)
    own = frozenset(color.name for color in sketch.colors) - {color.name for one, _ in found.sketches for color in one.colors}
    sketch, guessed = settled(_with_ends(sketch), unnamed=own)
    marks, given = _marks(_chosen(found), sketch)
    sketch = _grounded(replace(sketch, marks=(*sketch.marks, *marks)), found.drawings)
    given |= {f"fonts/{face.path.name}": face.path for face in found.faces}
    folders = [folder for _, folder in found.sketches]
    plan = plan_kit(sketch, folders, into, name=name or sketch.name or into.resolve().name, given=given)
    _questions(plan, sketch, found)
    return write_kit(plan, into, guessed, found.remarks, origin=[file.name for file in files] or ["nothing yet"])


def _unfolded(sources: Sequence[Path], found: Found) -> list[Path]:
    """The files, and those of the folders among them that brandkit reads."""
    files: list[Path] = []
    for source in sources:
        if source.is_dir():
            for file in sorted(file for file in source.iterdir() if file.is_file() and not file.name.startswith(".")):
                if file.suffix.lower() in PICTURES | SUFFIXES | {".svg"} or _foreign(file):
                    files.append(file)
                else:
                    found.remarks.append(Remark(Fault(str(file), 0, 0, "", "is nothing that brandkit reads"), "left-out"))
        else:
            files.append(source)
    if len(files) > MAX_FILES:
        raise InputError(f"{len(files)} files are more than {MAX_FILES}", hint="choose the ones that show the brand best")
    return files


def _foreign(file: Path) -> bool:
    try:
        return bool(format_of(file))
    except BrandFileError:
        return False


def _look(files: Sequence[Path], found: Found) -> None:
    foreign: list[Path] = []
    for file in files:
        kind = file.suffix.lower()
        if not file.is_file():
            raise InputError(f"{file} does not exist", hint="check the path")
        if is_drawing(file):
            try:
                drawing = look_at_drawing(file)
            except PictureError as error:
                found.remarks.append(Remark(Fault(str(file), 0, 0, "", error.message, hint=error.hint or ""), "broken"))
                continue
            found.drawings[file] = drawing
            found.sightings += drawing.sightings
        elif kind in PICTURES:
            try:
                seen = look_at_picture(file)
            except PictureError as error:
                found.remarks.append(Remark(Fault(str(file), 0, 0, "", error.message, hint=error.hint or ""), "broken"))
                continue
            found.sightings += seen
            found.display[file.name] = [one.hex for one in seen if one.sure == "display"]
        elif kind in SUFFIXES:
            found.faces.append(read_face(file))
        else:
            foreign.append(file)
    if foreign:
        found.sketches, remarks = read_all(foreign, {})
        found.remarks += remarks


def _color(digits: str, evidence: str) -> Color:
    return Color(name_of(digits), digits, evidence=evidence)


def _joined(stated: Sequence[Color], seen: Sequence[Color]) -> list[Color]:
    """Colours that files state, with what logos and pictures show of them; then the ones only seen."""
    colors = list(stated)
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
    """Drawings for the kit: no PNG beside an SVG of the same name, none too small to stay sharp, at most as many as a kit holds."""
    vectors = {path.stem for path in found.drawings if path.suffix.lower() == ".svg"}
    chosen: dict[Path, Drawing] = {}
    for path, drawing in found.drawings.items():
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
        shares = {tone: min(drawing.standing_out(ground) for ground in all_of) for tone, all_of in by_tone.items()}
        on = tuple(tone for tone, share in shares.items() if share >= READABLE) or (max(shares, key=lambda tone: shares[tone]),)
        name = kit_name(path.stem, marks, "mark")
        file = f"logo/{name}{path.suffix.lower()}"
        lockup = "horizontal" if drawing.aspect >= WIDE else "symbol" if 1 / SQUARE <= drawing.aspect <= SQUARE else "stacked"
        marks[name] = Mark(name, file, on, lockup, evidence=f"{path.name}, {drawing.aspect:.1f} times as wide as high")
        given[file] = path
    return list(marks.values()), given


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


def _questions(plan: Plan, sketch: Sketch, found: Found) -> None:
    """What only a person can know."""
    if not sketch.colors:
        plan.decide.append("palette: name the brand's colours under palette.colors, or run again with --from logo.svg")
    if not sketch.marks:
        plan.decide.append("logo: run again with --from logo.svg, or name its files under logo.marks")
    elif not any("dark" in mark.on for mark in sketch.marks):
        plan.decide.append("logo: no mark stands out on dark grounds; is there a reversed one?")
    if sketch.marks:
        plan.decide.append("logo: must every asset carry a mark? then write logo.required: true, and a picture without one does not pass")
    for file, palette in list(found.display.items())[:SHOWN_LOOKS]:
        if palette and not any(color.evidence.startswith(file) for color in sketch.colors):
            plan.decide.append(f"{file} looks like {', '.join(palette)} at a glance; name it under imagery.references if that is the look")
