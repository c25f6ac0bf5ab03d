"""Which checks are made: all of them, unless a person leaves some out."""

from __future__ import annotations

from collections.abc import Sequence

from brandkit.check.explain import find_check
from brandkit.check.registry import load_checks
from brandkit.errors import InputError


def left_out(only: Sequence[str] = (), skip: Sequence[str] = ()) -> dict[str, str]:
    """The checks that are not made, with the reason that stands in their results.

    A check that is left out is `not_checked`, never a pass: where it is a must, the asset waits for a person.

    Args:
        only: Ids of the checks to make; empty for all.
        skip: Ids of checks to leave out.

    Raises:
        InputError: There is no such check, or an id is in both lists.
    """
    for name in (*only, *skip):
        find_check(name)
    if both := sorted({*only} & {*skip}):
        raise InputError(f"{both[0]} is asked for and left out at once", hint=f"take it out of --only or of --skip: {', '.join(both)}")
    reasons = {check.id: "left out by --only" for check in load_checks() if only and check.id not in only}
    return reasons | dict.fromkeys(skip, "left out by --skip")
