"""Rules on the gate: limits and levels that apply, are the right way round, and have a reason where they are looser."""

from __future__ import annotations

from collections.abc import Iterator

from brandkit.brand.edit import Delete
from brandkit.brand.kit import Kit
from brandkit.brand.registry import Found, rule
from brandkit.brand.resolve import Loc
from brandkit.brand.rules.palette_shares import swap
from brandkit.brand.wording import closest
from brandkit.results import Level


def _known(kit: Kit) -> Iterator[tuple[str, tuple[float, float]]]:
    """Limits of the brand's own on checks that exist."""
    for name, pair in kit.brand.document.gate.limits.items():
        if name in kit.surroundings.checks:
            yield name, pair


@rule(
    id="check-unknown",
    area="gate",
    level="error",
    rationale="""
        A limit or level for a check that does not exist applies to nothing: the gate goes on with the default, and whoever wrote
        the line believes otherwise. `brandkit checks` lists all ids.
    """,
    bad="""
        gate:
          limits: {palette-drfit: [2, 3]}
    """,
    good="""
        gate:
          limits: {palette-drift: [2, 3]}
    """,
)
def check_unknown(kit: Kit) -> Iterator[Found]:
    """The gate has a limit or level for a check that does not exist."""
    gate, known = kit.brand.document.gate, list(kit.surroundings.checks)
    for section, names in (("limits", gate.limits), ("levels", gate.levels)):
        for name in names if known else ():
            if name not in known:
                near = closest(name, known)
                hint = near if near.startswith("did") else "`brandkit checks` lists them"
                yield Found(("gate", section, name), f"there is no check {name!r}", hint, key=True)


@rule(
    id="limit-order",
    area="gate",
    level="error",
    rationale="""
        Limits are `[review_at, fail_at]`: first a person looks, then the asset fails. For a check where more is worse the second
        number is the larger one, for the others the smaller. The wrong way round nothing is ever reviewed.
    """,
    bad="""
        gate:
          limits: {palette-drift: [5, 3]}
          why: Agreed with the printer.
    """,
    good="""
        gate:
          limits: {palette-drift: [3, 5]}
          why: Agreed with the printer.
    """,
    fix="exchanges the two numbers",
)
def limit_order(kit: Kit) -> Iterator[Found]:
    """The limits of a check are the wrong way round."""
    for name, (review, fail) in _known(kit):
        worse = kit.surroundings.checks[name].limits.higher_is_worse
        if review != fail and (review > fail) == worse:
            loc: Loc = ("gate", "limits", name)
            message = f"{'more' if worse else 'less'} is worse in {name}, so [{review:g}, {fail:g}] fails before anybody looks"
            yield Found(loc, message, f"write [{fail:g}, {review:g}]", fix=swap(kit.source, loc))


@rule(
    id="limit-loose",
    area="gate",
    level="advice",
    rationale="""
        Defaults are measured: up to there people do not notice, beyond it they do. A looser limit lets through what the brand
        would not accept elsewhere. That can be right, for a fabric or a rough print, and then the reason belongs beside it, or
        nobody dares to change it back.
    """,
    bad="""
        gate:
          limits: {palette-drift: [9, 15]}
    """,
    good="""
        gate:
          limits: {palette-drift: [9, 15]}
          why: Dyed cloth strays this far from batch to batch.
    """,
)
def limit_loose(kit: Kit) -> Iterator[Found]:
    """A limit is looser than the default, and nobody says why."""
    for name, (review, fail) in _known(kit) if not kit.brand.document.gate.why else ():
        default = kit.surroundings.checks[name].limits
        sign = 1 if default.higher_is_worse else -1
        if sign * (review - default.review_at) > 0 or sign * (fail - default.fail_at) > 0:
            message = f"[{review:g}, {fail:g}] is looser than the default [{default.review_at:g}, {default.fail_at:g}] {default.unit}"
            yield Found(("gate", "limits", name), message, "add 'why:' to 'gate', or run `brandkit calibrate` on your own pictures")


@rule(
    id="level-loose",
    area="gate",
    level="advice",
    rationale="""
        A check that only advises never stops an asset. Turning a must into advice is a decision about the brand, and the next
        person needs to know whether it was meant or was a way out on a Friday.
    """,
    bad="""
        gate:
          levels: {palette-drift: should}
    """,
    good="""
        gate:
          levels: {palette-drift: should}
          why: The palette is being replaced until spring.
    """,
)
def level_loose(kit: Kit) -> Iterator[Found]:
    """A must is turned into advice, and nobody says why."""
    gate = kit.brand.document.gate
    for name, level in gate.levels.items() if not gate.why else ():
        check = kit.surroundings.checks.get(name)
        if check and check.level is Level.MUST and level is Level.SHOULD:
            yield Found(("gate", "levels", name), f"{name} is a must by default, and only advises here", "add 'why:' to 'gate'")


@rule(
    id="gate-idle",
    area="gate",
    level="advice",
    rationale="""
        A limit that says what the default says anyway does nothing today. When the default gets better, it keeps the brand at the
        old number, and it hides a calibration. Write down only what differs.
    """,
    bad="""
        gate:
          limits: {format-wrong: [0, 1]}
    """,
    good="""
        gate:
          limits: {palette-drift: [2, 3]}
    """,
    fix="deletes the entry",
)
def gate_idle(kit: Kit) -> Iterator[Found]:
    """A limit or level of the gate repeats the default."""
    gate = kit.brand.document.gate
    if gate.profile != "default" or kit.brand.calibration:
        return  # then the brand's own limit goes before something else than the default
    for name, (review, fail) in _known(kit):
        default = kit.surroundings.checks[name].limits
        if (review, fail) == (default.review_at, default.fail_at):
            loc: Loc = ("gate", "limits", name)
            yield Found(loc, f"[{review:g}, {fail:g}] is the default", "delete it", key=True, fix=(Delete(loc),))


@rule(
    id="calibration-stale",
    area="gate",
    level="advice",
    rationale="""
        Limits that were fitted on the brand's own pictures hold for the kit that they were fitted with. When the palette, the
        logo or a check has changed since, the gate goes back to its defaults, and false alarms return without a word.
    """,
    bad="""
        palette: {colors: {tide: {value: "#04444E", role: ink}, chalk: {value: "#F2EBE0", role: surface}}}
    """,
    good="""
        palette: {colors: {tide: {value: "#04444E", role: ink}}}
    """,
)
def calibration_stale(kit: Kit) -> Iterator[Found]:
    """The calibration was made for another state of the kit."""
    calibration = kit.brand.calibration
    stale: dict[str, list[str]] = {}
    for name, fit in calibration.checks.items() if calibration else ():
        check = kit.surroundings.checks.get(name.partition("/")[0])
        why = calibration.stale(kit.brand, name, check.version) if calibration and check and fit.state == "fitted" else ""
        if why:
            stale.setdefault(why, []).append(name)
    for why, names in stale.items():
        message = f"the calibration of {', '.join(names)} no longer holds: {why}"
        yield Found((), message, "run `brandkit calibrate --apply` again, or delete calibration.json")


@rule(
    id="tolerance-ignored",
    area="gate",
    level="advice",
    rationale="""
        `gate.limits.palette-drift` goes before the palette's tolerance, and a colour's own tolerance before both. With both written, the
        palette's does nothing: whoever tightens it later changes no verdict. Keep one of the two.
    """,
    bad="""
        palette:
          tolerance: 2
          colors: {tide: {value: "#04444E", role: ink}}
        gate:
          limits: {palette-drift: [1.5, 3]}
    """,
    good="""
        palette:
          tolerance: 2
          colors: {tide: {value: "#04444E", role: ink}}
    """,
)
def tolerance_ignored(kit: Kit) -> Iterator[Found]:
    """The palette's tolerance and a limit for palette-drift are both written."""
    loc: Loc = ("palette", "tolerance")
    limit = kit.brand.document.gate.limits.get("palette-drift")
    if limit and loc in kit.source.values:
        message = f"the tolerance has no effect, because 'gate.limits.palette-drift' is [{limit[0]:g}, {limit[1]:g}]"
        yield Found(loc, message, "delete one of the two")
