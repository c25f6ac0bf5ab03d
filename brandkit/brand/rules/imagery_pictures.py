"""Rules on pictures of the kit: that they load, are large enough to teach, mean something, and may be used."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product

import numpy as np

from brandkit.brand.kit import Kit
from brandkit.brand.phrases import find_phrases, possible
from brandkit.brand.registry import Found, rule
from brandkit.brand.resolve import Loc
from brandkit.color.difference import delta_e_2000
from brandkit.color.spaces import srgb_to_lab
from brandkit.errors import PictureError

MAX_WORDS = 400  # subjects to avoid that are looked for; real kits have under 20
MAX_COMPARED = 50_000  # subjects to show times those to avoid; real kits have under 200
REFERENCE = 512  # px of the shorter side; models see references at about this size
FOREIGN = 12.0  # ΔE00 from every swatch, beyond tints and soft edges
MOST_FOREIGN = 0.2  # of the area of a reference for the graphic language
LICENCES = ("license", "licence", "copying", "credits", "notice", "readme", "rights")


@rule(
    id="picture-unreadable",
    area="imagery",
    level="error",
    rationale="""
        A reference that does not load is sent to no model and compared with nothing; a photograph that does not load leaves a
        hole in the layout. Usually a download was cut short, or a file has the wrong ending.
    """,
    bad="""
        imagery:
          references:
            - {file: refs/broken.png, note: the light}
    """,
    good="""
        imagery:
          references:
            - {file: refs/light.png, note: the light}
    """,
)
def picture_unreadable(kit: Kit) -> Iterator[Found]:
    """A reference or photograph cannot be read."""
    for loc, picture in kit.pictures.items():
        if isinstance(picture, PictureError):
            yield Found(loc, picture.message, picture.hint or "replace it by a PNG, JPEG or WebP picture")


@rule(
    id="reference-small",
    area="imagery",
    level="advice",
    rationale="""
        A reference teaches a model light, material and line. Under 512 px on the shorter side there is little left to teach:
        texture is gone and compression shows, and the model copies both.
    """,
    bad="""
        imagery:
          references:
            - {file: refs/small.png, note: the light}
    """,
    good="""
        imagery:
          references:
            - {file: refs/light.png, note: the light}
    """,
)
def reference_small(kit: Kit) -> Iterator[Found]:
    """A reference has too few pixels to teach anything."""
    for loc, picture in kit.thumbs("references"):
        if min(picture.width, picture.height) < REFERENCE:
            message = f"{kit.brand.path(*loc).name} has {picture.width} × {picture.height} px"
            yield Found(loc, message, f"give a picture with at least {REFERENCE} px on its shorter side")


@rule(
    id="reference-keep",
    area="imagery",
    level="advice",
    rationale="""
        `keep` says what must stay as it is in a product. On a style or pattern reference it has no effect, because those show how
        to do things and not what to show: either the role is wrong, or the word is.
    """,
    bad="""
        imagery:
          references:
            - {file: refs/light.png, role: style, keep: geometry, note: the mug}
    """,
    good="""
        imagery:
          references:
            - {file: refs/light.png, role: product, keep: geometry, note: the mug}
    """,
)
def reference_keep(kit: Kit) -> Iterator[Found]:
    """A reference that is no product says what to keep of it."""
    for index, reference in enumerate(kit.brand.document.imagery.references):
        if reference.keep and reference.role != "product":
            message = f"'keep: {reference.keep}' has no effect on a {reference.role} reference"
            yield Found(("imagery", "references", index, "keep"), message, "write 'role: product', or delete 'keep'")


@rule(
    id="reference-note",
    area="imagery",
    level="advice",
    rationale="""
        A picture shows a hundred things. The note says which one is meant ("the light, not the boat"); without it a model takes
        what is most conspicuous, which is mostly the subject.
    """,
    bad="""
        imagery:
          references:
            - {file: refs/light.png, role: style}
    """,
    good="""
        imagery:
          references:
            - {file: refs/light.png, role: style, note: "the light, not the boat"}
    """,
)
def reference_note(kit: Kit) -> Iterator[Found]:
    """A reference does not say what to take from it."""
    for index, reference in enumerate(kit.brand.document.imagery.references):
        if not reference.note:
            yield Found(
                ("imagery", "references", index), f"nobody says what to take from {reference.file!r}", "add a note, e.g. 'the light'"
            )


@rule(
    id="reference-palette",
    area="imagery",
    level="advice",
    rationale="""
        A pattern reference shows the graphic language: flat areas in the brand's colours. A model copies colours from a reference
        before it reads about them in the prompt, so foreign ones come back in every asset, and the gate rejects them.
    """,
    bad="""
        palette: {colors: {tide: {value: "#04444E"}, chalk: {value: "#F2EBE0"}}}
        imagery:
          references:
            - {file: refs/foreign.png, role: pattern, note: the waves}
    """,
    good="""
        palette: {colors: {tide: {value: "#04444E"}, chalk: {value: "#F2EBE0"}}}
        imagery:
          references:
            - {file: refs/own.png, role: pattern, note: the waves}
    """,
)
def reference_palette(kit: Kit) -> Iterator[Found]:
    """A pattern reference shows colours that are not in the palette."""
    references = kit.brand.document.imagery.references
    for loc, picture in kit.thumbs("references") if kit.labs else ():
        if references[int(loc[2])].role == "pattern":
            lab = srgb_to_lab(picture.rgb.reshape(-1, 3) / 255)
            nearest = np.min([delta_e_2000(lab, swatch) for swatch in kit.labs.values()], axis=0)
            share = float((nearest > FOREIGN).mean())
            if share > MOST_FOREIGN:
                message = f"{share:.0%} of {kit.brand.path(*loc).name} is in colours that no swatch has"
                yield Found(loc, message, "draw it in the brand's colours, or make it a style reference")


@rule(
    id="picture-twin",
    area="imagery",
    level="advice",
    rationale="""
        The same picture twice among the references counts double in what a model sees and in what pictures are compared with;
        twice among the photographs, it comes up twice as often.
    """,
    bad="""
        imagery:
          references:
            - {file: refs/light.png, note: the light}
            - {file: refs/copy.png, note: the shadow}
    """,
    good="""
        imagery:
          references:
            - {file: refs/light.png, note: the light and the shadow}
    """,
)
def picture_twin(kit: Kit) -> Iterator[Found]:
    """Two references, or two photographs, are the same picture."""
    for kind in ("references", "photographs"):
        first: dict[str, Loc] = {}
        for loc, picture in kit.thumbs(kind):
            earlier = first.setdefault(picture.sha256, loc)
            if earlier != loc:
                names = [kit.brand.path(*one).name for one in (loc, earlier)]
                yield Found(loc, f"{names[0]} is the same picture as {names[1]}", "delete one of the two")


@rule(
    id="picture-licence",
    area="imagery",
    level="advice",
    rationale="""
        A picture without a word about its rights is published by whoever finds it in the kit. Say beside the pictures, or at the
        root of the kit, who made them and what may be done with them: a LICENSE, CREDITS or README file.
    """,
    bad="""
        imagery:
          references:
            - {file: refs/light.png, note: the light}
    """,
    good="""
        imagery:
          references:
            - {file: rights/light.png, note: the light}
    """,
)
def picture_licence(kit: Kit) -> Iterator[Found]:
    """No file says what may be done with the pictures."""
    folders = {kit.brand.path(*loc).parent: loc for loc in reversed(list(kit.pictures))}
    roots = {source.file.resolve().parent for source in (kit.source, *kit.source.chain)}
    for folder, loc in sorted(folders.items()):
        places = {folder, *(root for root in roots if root in folder.parents)}
        names = [entry.name.lower() for place in places for entry in place.iterdir() if entry.is_file()]
        if not any(name.startswith(LICENCES) for name in names):
            hint = f"add a LICENSE or CREDITS file to {folder.name}/, or to the kit"
            yield Found(loc, f"no file says who made the pictures in {folder.name}/ and what may be done with them", hint)


@rule(
    id="subjects-conflict",
    area="imagery",
    level="error",
    rationale="""
        What pictures should show and what they should not are both told to the model. A thing in both lists is asked for and
        forbidden in one prompt, and comes out by chance.
    """,
    bad="""
        imagery:
          subjects:
            prefer: [a pair of hands at the wheel]
            avoid: [hands]
    """,
    good="""
        imagery:
          subjects:
            prefer: [a bowl on the wheel]
            avoid: [hands]
    """,
)
def subjects_conflict(kit: Kit) -> Iterator[Found]:
    """A preferred subject is also one to avoid."""
    subjects = kit.brand.document.imagery.subjects
    avoid = possible(subjects.avoid, subjects.prefer)[:MAX_WORDS]
    for (index, wanted), avoided in islice(product(enumerate(subjects.prefer), avoid), MAX_COMPARED):
        if find_phrases(wanted, avoided):
            message = f"{wanted!r} shows {avoided!r}, which pictures avoid"
            yield Found(("imagery", "subjects", "prefer", index), message, "take it out of one of the lists")
