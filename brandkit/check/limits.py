"""The limits that a brand holds a check to."""

from __future__ import annotations

from brandkit.brand.calibration import CALIBRATED
from brandkit.brand.resolve import Brand
from brandkit.brand.wording import closest
from brandkit.check.fit import widened
from brandkit.check.likeness import looks_approved
from brandkit.check.registry import Check, load_checks
from brandkit.check.subject import Subject
from brandkit.errors import BrandFileError, Fault, InputError
from brandkit.results import Limit

STRANGE = "default; unlike the approved pictures, for which the limit is wider"
RELAXED = 2.0  # how much wider the span between review and fail is under the profile `relaxed`


def require_checks(brand: Brand) -> None:
    """Refuse a gate that names a check which does not exist: its limit would apply to nothing, and whoever wrote it believes otherwise.

    Raises:
        BrandFileError: With the place of every such limit and level.
        InputError: `brand` is something else, e.g. a brand's folder.
    """
    if not isinstance(brand, Brand):
        raise InputError(f"a brand is what `load_brand` gives, not {type(brand).__name__}", hint="load it first: load_brand(PATH)")
    gate, known = brand.document.gate, [check.id for check in load_checks()]
    faults = []
    for section, names in (("limits", gate.limits), ("levels", gate.levels)):
        for name in (name for name in names if name not in known):
            place, near = brand.positions.get(("gate", section, name)), closest(name, known)
            hint = near if near.startswith("did") else "`brandkit checks` lists them"
            file, line, column = (place.file, place.line, place.column) if place else (brand.file, 0, 0)
            message = f"there is no check {name!r}"
            faults.append(Fault(str(file), line, column, f"gate.{section}.{name}", message, hint=hint, rule="check-unknown"))
    if faults:
        raise BrandFileError(faults)


def limit_for(check: Check, brand: Brand) -> Limit:
    """The limit that applies to a brand: its own from `gate.limits`, else the calibrated one, else the default.

    The brand's profile tightens or widens the last two.
    """
    gate = brand.document.gate
    if own := gate.limits.get(check.id):
        return check.limits.model_copy(update={"review_at": own[0], "fail_at": own[1], "source": brand.where("gate", "limits", check.id)})
    return profiled(_calibrated(check, brand), brand)


def limit_here(check: Check, subject: Subject) -> Limit:
    """As `limit_for`, for one picture: what approved pictures made wider holds for those that look like them.

    An illustration among the approved may cover half of itself in colours from elsewhere; that must not excuse everybody else's.
    Whatever was laid out here is the brand's by its making.
    """
    gate, brand = subject.brand.document.gate, subject.brand
    limit = _calibrated(check, brand)
    if limit.source != CALIBRATED or check.id in gate.limits or _trusted(subject):
        return limit_for(check, brand)
    return profiled(check.limits.model_copy(update={"source": STRANGE}), brand)


def further_limit(limit: Limit, name: str, check: Check, subject: Subject) -> Limit:
    """The limit that one of a check's further readings is held to: widened by calibration where it is fitted, then by the profile."""
    wide = widened(limit, name, check, subject.brand) if name in check.parts else limit
    if wide.source == CALIBRATED and not _trusted(subject):
        wide = limit.model_copy(update={"source": STRANGE})
    return profiled(wide, subject.brand)


def _trusted(subject: Subject) -> bool:
    return not subject.foreign or looks_approved(subject)


def profiled(limit: Limit, brand: Brand) -> Limit:
    """A limit under the brand's profile, which moves `fail_at` only: to `review_at` where it is strict, farther off where it is relaxed."""
    gate = brand.document.gate
    if gate.profile == "default":
        return limit
    fail_at = limit.review_at + ((limit.fail_at - limit.review_at) * RELAXED if gate.profile == "relaxed" else 0)
    profile = f"profile {gate.profile}, {brand.where('gate', 'profile')}"
    source = profile if limit.source == "default" else f"{limit.source}; {profile}"
    return limit.model_copy(update={"fail_at": fail_at, "source": source})


def _calibrated(check: Check, brand: Brand) -> Limit:
    """The limit that the brand's own pictures gave; the default where they gave none, or where the calibration is stale."""
    calibration = brand.calibration
    fit = calibration.checks.get(check.id) if calibration else None
    if calibration is None or fit is None or fit.state != "fitted":
        return check.limits
    if why := calibration.stale(brand, check.id, check.version):
        return check.limits.model_copy(update={"source": f"default; calibration.json is stale: {why}"})
    return check.limits.model_copy(update={"review_at": fit.limits[0], "fail_at": fit.limits[1], "source": CALIBRATED})
