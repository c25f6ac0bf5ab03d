"""logo-wrong."""

from __future__ import annotations

from collections.abc import Iterator

from brandkit.check.limits import profiled
from brandkit.check.marks import Sighting, draw
from brandkit.check.registry import Further, NotChecked, Outcome, check
from brandkit.check.subject import Subject
from brandkit.metric.logo import Pose, premultiply, read_again, same_shape, share_kept
from brandkit.metric.mark_ground import ground_lightness, middle_lightness, wrong_side
from brandkit.results import Finding, Level, Limit, Measurement, Verdict

ID = "logo-wrong"
BUSY = 6.0  # ΔE76 of the ground's own texture from which it is a photograph rather than a fill
RECOLOURED = 6.0  # ΔE00 from which the mark there may be another of the brand's variants
SAME = 3.0  # ΔE00 within which it is that variant
NEARER = 0.25  # of the distance to the mark's own colours, within which it is that variant in a lossy file
SHAPED = 0.62  # agreement of edges from which it is the mark whatever its colours
OURS = 0.50  # share of what is seen that the mark explains, softened as it may be, from which it is the mark; other marks stay below
STRANGE = Limit(review_at=2.0, fail_at=8.0, unit="% of ink")  # of what stands there instead


@check(
    id=ID,
    version=6,
    rationale="""
        A brand draws its mark more than once so that it holds on light, on dark and on photographs. The wrong drawing is the
        right logo and still sinks into its ground, and it is what people paste in most often.
    """,
    limits=Limit(review_at=2.0, fail_at=12.0, unit="L* too dark or light"),
    foreign_level=Level.SHOULD,
    further=[Further("stranger", STRANGE, "of another mark in the place of the own")],
)
def logo_wrong(subject: Subject, limit: Limit) -> Iterator[Outcome]:
    """The variant of the logo is the one that is made for its ground."""
    sighting = subject.sighting
    yield from _stranger(subject)
    if subject.foreign and (sighting is None or not sighting.likely):
        yield Measurement(name="logo", measured="no mark in this picture", expected="")
        return
    if sighting is None or not sighting.sure:
        yield NotChecked("the mark was not found with enough certainty to say which variant it is")
        return
    name = _variant(subject, sighting)
    lightness = ground_lightness(subject.rgb, sighting.box)
    photo = sighting.reading.noise >= BUSY
    middle = _middle(subject, sighting)
    off = _off(subject, name, lightness, middle, photo=photo)
    ground = ("a busy " if photo else "a ") + ("light" if lightness >= middle else "dark") + f" ground (L* {lightness:.0f})"
    made_for = ", ".join(subject.brand.marks[name].on)
    region = subject.region(sighting.box)
    yield Measurement(name=name, measured=ground, expected=made_for, value=off, unit=limit.unit, region=region)
    if subject.layout is not None and name != subject.layout.mark.name:
        yield Finding(
            check=ID, code="other-variant", verdict=Verdict.FAIL, region=region,
            message=f"the mark there is {name!r}; the layout places {subject.layout.mark.name!r}",
            remedy="compose the asset again from its layout",
        )  # fmt: skip
        return
    better = [other for other in _family(subject, sighting) if _off(subject, other, lightness, middle, photo=photo) <= limit.review_at]
    verdict = limit.verdict(off)
    if verdict is Verdict.FAIL and (subject.foreign or not better):
        verdict = Verdict.REVIEW  # without a variant for this ground, a person must say what is meant
    if verdict is not Verdict.PASS:
        yield Finding(
            check=ID, code="ground", verdict=verdict, measured=off, unit=limit.unit, limit=limit, region=region,
            message=f"the mark {name!r} is made for {made_for} and stands on {ground}",
            remedy=f"use {better[0]!r} here" if better else "put it on a ground it is made for, or add a variant under logo.marks",
        )  # fmt: skip


def _stranger(subject: Subject) -> Iterator[Finding]:
    """What stands in the mark's place where the mark should be, when it is neither the mark, however worn, nor nothing."""
    sighting = subject.sighting
    if subject.layout is None or sighting is None or sighting.reading.ncc >= SHAPED or subject.displaced is not None:
        return
    reading, mark = sighting.reading, premultiply(sighting.drawn)
    if not reading.plain or reading.noise > BUSY:
        return
    poses = (reading.pose, Pose.of_box(subject.layout.mark.box))
    explained = max(share_kept(subject.rgb, mark, pose) for pose in poses)
    if explained >= OURS:
        return
    differs, region = 100 * max(reading.residual, min(1.0, 1 - explained)), subject.region(subject.layout.mark.box)
    limit = profiled(STRANGE, subject.brand)
    verdict = Verdict.REVIEW if sighting.sure or limit.verdict(differs) is not Verdict.FAIL else Verdict.FAIL
    yield Finding(
        check=ID, code="other-mark", verdict=verdict, measured=differs, unit=limit.unit, limit=limit, region=region,
        message=f"what stands in the place of {sighting.name!r} is hardly it: {differs:.0f} % of its ink differ",
        remedy="compose the asset again from its layout",
    )  # fmt: skip


def _variant(subject: Subject, sighting: Sighting) -> str:
    """The variant that its colours say it is; in a foreign picture the sighting has told already."""
    if subject.foreign or sighting.reading.delta_e < RECOLOURED:
        return sighting.name
    readings = [
        (read_again(subject.rgb, draw(subject.brand, name), sighting.reading.pose).delta_e, name) for name in _family(subject, sighting)
    ]
    delta, name = min(readings, default=(SAME, sighting.name))
    return name if delta < max(SAME, NEARER * sighting.reading.delta_e) else sighting.name


def _family(subject: Subject, sighting: Sighting) -> list[str]:
    """The other marks of the same shape."""
    return [name for name in subject.brand.marks if name != sighting.name and same_shape(sighting.drawn, draw(subject.brand, name))]


def _middle(subject: Subject, sighting: Sighting) -> float:
    """The ground's L* on which the darkest and the lightest colouring of this mark stand out alike."""
    return middle_lightness([draw(subject.brand, name) for name in (sighting.name, *_family(subject, sighting))])


def _off(subject: Subject, name: str, lightness: float, middle: float, *, photo: bool) -> float:
    """How far the ground is on the wrong side of the middle for this mark, in L*; 0 where it is right."""
    made_for = subject.brand.marks[name].on
    return 0.0 if photo and "photo" in made_for else wrong_side(made_for, lightness, middle)
