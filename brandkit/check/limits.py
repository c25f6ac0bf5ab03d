"""The limits that a brand holds a check to."""

from __future__ import annotations

from brandkit.brand.calibration import CALIBRATED
from brandkit.brand.resolve import Brand
from brandkit.check.fit import widened
from brandkit.check.registry import Check
from brandkit.results import Limit

RELAXED = 2.0  # how much wider the span between review and fail is under the profile `relaxed`


def limit_for(check: Check, brand: Brand) -> Limit:
    """The limit that applies to a brand: its own from `gate.limits`, else the calibrated one, else the default.

    The brand's profile tightens or widens the last two.
    """
    gate = brand.document.gate
    if own := gate.limits.get(check.id):
        return check.limits.model_copy(update={"review_at": own[0], "fail_at": own[1], "source": brand.where("gate", "limits", check.id)})
    return profiled(_calibrated(check, brand), brand)


def further_limit(limit: Limit, name: str, check: Check, brand: Brand) -> Limit:
    """The limit that one of a check's further readings is held to: widened by calibration where it is fitted, then by the profile."""
    return profiled(widened(limit, name, check, brand) if name in check.parts else limit, brand)


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
