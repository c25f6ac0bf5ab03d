"""Rules on photographs that may be published: pixels, words, focus and subject."""

from __future__ import annotations

from collections.abc import Iterator

from brandkit.brand.kit import Kit
from brandkit.brand.registry import Found, rule, rule_on_loading

PHOTOGRAPH = 720  # px of the shorter side; the common square placement has 1080 px, and 1.5-fold enlargement begins to look soft


@rule(
    id="photograph-small",
    area="imagery",
    level="advice",
    rationale="""
        Photographs are published as they are, cropped to the placement. Under 720 px on the shorter side a square post of 1080 px
        enlarges them more than one and a half times, and they look soft beside the sharp type.
    """,
    bad="""
        imagery:
          photographs:
            quay: {file: refs/light.png, alt: A quay}
    """,
    good="""
        imagery:
          photographs:
            quay: {file: refs/large.png, alt: A quay}
    """,
)
def photograph_small(kit: Kit) -> Iterator[Found]:
    """A photograph has too few pixels to be published."""
    for loc, picture in kit.thumbs("photographs"):
        if min(picture.width, picture.height) < PHOTOGRAPH:
            message = f"{kit.brand.path(*loc).name} has {picture.width} × {picture.height} px, and will be enlarged"
            yield Found(loc, message, f"give a picture with at least {PHOTOGRAPH} px on its shorter side")


@rule(
    id="photograph-alt",
    area="imagery",
    level="advice",
    rationale="""
        The words for a photograph become the alternative text of every asset that shows it. People who use a screen reader get
        nothing without them, and in many countries the law asks for them.
    """,
    bad="""
        imagery:
          photographs:
            quay: {file: refs/large.png}
    """,
    good="""
        imagery:
          photographs:
            quay: {file: refs/large.png, alt: A quay at low tide}
    """,
)
def photograph_alt(kit: Kit) -> Iterator[Found]:
    """A photograph has no description in words."""
    for name, photograph in kit.brand.document.imagery.photographs.items():
        if not photograph.alt:
            yield Found(("imagery", "photographs", name), f"no words describe {name!r}", "add 'alt:' with what it shows", key=True)


@rule(
    id="focus-outside",
    area="imagery",
    level="advice",
    rationale="""
        Crops keep the focus and try not to cut the subject. When the focus lies outside the subject's box the two pull apart, and
        a narrow crop shows the place beside the thing.
    """,
    bad="""
        imagery:
          photographs:
            quay: {file: refs/large.png, alt: A quay, focus: [0.1, 0.5], subject: [0.5, 0.3, 0.4, 0.4]}
    """,
    good="""
        imagery:
          photographs:
            quay: {file: refs/large.png, alt: A quay, focus: [0.7, 0.5], subject: [0.5, 0.3, 0.4, 0.4]}
    """,
)
def focus_outside(kit: Kit) -> Iterator[Found]:
    """The focus of a photograph lies outside its subject."""
    for name, photograph in kit.brand.document.imagery.photographs.items():
        if photograph.subject:
            (x, y), (left, top, width, height) = photograph.focus, photograph.subject
            if not (left <= x <= left + width and top <= y <= top + height):
                message = f"the focus ({x:g}, {y:g}) lies outside the subject's box"
                hint = f"write focus: [{left + width / 2:.2f}, {top + height / 2:.2f}], the middle of the subject"
                yield Found(("imagery", "photographs", name, "focus"), message, hint)


rule_on_loading(
    id="subject-outside",
    area="imagery",
    summary="The subject's box leaves the picture.",
    rationale="""
        The box is `[x, y, width, height]` in fractions of the picture. A box that reaches beyond it was given by its corners or
        in pixels.
    """,
    bad="""
        imagery:
          photographs:
            quay: {file: refs/large.png, alt: A quay, subject: [0.5, 0.3, 0.9, 0.7]}
    """,
    good="""
        imagery:
          photographs:
            quay: {file: refs/large.png, alt: A quay, subject: [0.5, 0.3, 0.4, 0.4]}
    """,
)
