"""What the tone checks share: from a fault in the copy to a finding on the asset."""

from __future__ import annotations

from brandkit.brand.tone import CopyFault
from brandkit.check.subject import Subject
from brandkit.results import Finding, Limit, Region, Verdict


def copy_finding(
    subject: Subject, check: str, fault: CopyFault, verdict: Verdict, *, measured: float | None = None, limit: Limit | None = None
) -> Finding:
    """`fault` as a finding of `check`: its place in the campaign file before the message, its slot's box as the region."""
    return Finding(
        check=check,
        code=fault.kind,
        verdict=verdict,
        message=fault.told,
        measured=measured,
        unit=limit.unit if limit else "",
        limit=limit,
        region=slot_region(subject, fault.slot),
        remedy=fault.remedy,
    )


def slot_region(subject: Subject, name: str) -> Region | None:
    """Where the slot `name` stands; None for pictures without a layout and for words that stand nowhere."""
    slots = subject.layout.slots if subject.layout else ()
    return next((subject.region(slot.box) for slot in slots if slot.name == name), None)
