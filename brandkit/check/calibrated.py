"""What a calibration says, in words for a person and as JSON for programs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from brandkit.brand.calibration import CALIBRATION_FILE, Fit, Rate
from brandkit.check.calibrate import Outcome, Role
from brandkit.check.likeness import FEWEST, unlike_share
from brandkit.results import Verdict

ORDER = ("fitted", "too-few", "floor", "fixed")
MOST_OF_IT = 0.5  # of the way from the default to the new limit
HEADINGS = {
    "fitted": "New limits",
    "too-few": "Too few examples: the default stays",
    "floor": "The examples keep within the default, which stays",
    "fixed": "Not for pictures to decide: the default stays",
}


def to_text(outcome: Outcome, written: Sequence[Path] = ()) -> str:
    """The outcome in words: limits before and after, what they promise, and which pictures change their verdict."""
    calibration = outcome.calibration
    counts = Counter(example.role for example in calibration.examples)
    lines = [
        f"{calibration.brand}: {counts['approved']} approved, {counts['rejected']} rejected, {100 * calibration.alpha:g} % false alarms"
    ]
    for state in ORDER:
        fits = {name: fit for name, fit in calibration.checks.items() if fit.state == state}
        if fits:
            lines += ["", HEADINGS[state], *_group(fits, outcome)]
            lines += _held_for(outcome) if state == "fitted" else []
    lines += ["", *_verdicts(outcome)]
    lines += [f"left out: {item.file}: {item.reason}" for item in calibration.excluded]
    lines += [f"wrote {path}" + (", which applies from now on" if path.name == CALIBRATION_FILE else "") for path in written]
    if not written:
        lines.append("nothing was written; --apply makes these limits hold, --out FILE keeps them for later")
    return "\n".join(lines) + "\n"


def to_json(outcome: Outcome) -> str:
    """The outcome as one JSON document: the calibration, and what it changes."""
    document = {
        "schema_version": "brandkit/calibrate@1",
        "calibration": outcome.calibration.model_dump(mode="json"),
        "before": {role: _counts(counts) for role, counts in outcome.before.items()},
        "after": {role: _counts(counts) for role, counts in outcome.after.items()},
        "changed": [{"file": file, "before": was.value, "after": will.value} for file, was, will in outcome.changed],
        "left_out": outcome.left_out._asdict(),
        "unlike": unlike._asdict() if (unlike := unlike_share(outcome.calibration)) else None,
        "caught": outcome.caught._asdict() if outcome.caught else None,
        "overruled": dict(outcome.overruled),
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _group(fits: Mapping[str, Fit], outcome: Outcome) -> list[str]:
    """New limits with everything about them; of limits that stay one line each, and what holds for all of them once."""
    if any(fit.state == "fitted" for fit in fits.values()):
        return [line for name, fit in fits.items() for line in _fit(name, fit, outcome.overruled.get(name, ""))]
    wide = max(map(len, fits))
    lines, told = [], Counter(fit.reason for fit in fits.values())
    common = next((reason for reason, count in told.items() if count == len(fits) and reason not in HEADINGS["floor"].lower()), "")
    lines += [f"  {common}"] if common else []
    for name, fit in fits.items():
        own = "" if common or fit.reason in HEADINGS["floor"].lower() else f"; {fit.reason}"
        lines.append(f"  {name:<{wide}}  {_pair(fit.default)} {fit.unit}{_read(fit)}{own}")
        if by := outcome.overruled.get(name, ""):
            lines.append(f"  {'':<{wide}}  {by} sets other limits, and they stay in force")
    return lines


def _held_for(outcome: Outcome) -> list[str]:
    """For which pictures new limits hold."""
    unlike = unlike_share(outcome.calibration)
    if unlike is None:
        return [f"  they hold for every picture: {FEWEST} approved ones would tell which look like them"]
    words = f"at most {_rate(Rate(**unlike._asdict()))} of yours do not"
    return [f"  they hold for pictures that look like the approved ones; {words}, and keep the default"]


def _read(fit: Fit) -> str:
    """How many approved pictures went beyond a limit that stays, and of the rejected ones."""
    if fit.state == "fixed":
        return ""
    rejected = f", {100 * fit.detected.rate:.0f} % of the rejected" if fit.detected is not None else ""
    return f"; beyond it {round(fit.alarms.rate * fit.n)} of {fit.n} approved{rejected}"


def _pair(limits: tuple[float, float]) -> str:
    return " / ".join(f"{limit:.3g}" if abs(limit) < 1000 else f"{limit:.0f}" for limit in limits)


def _fit(name: str, fit: Fit, overruled: str) -> list[str]:
    lines = [f"  {name}: review / fail at {_pair(fit.default)} → {_pair(fit.limits)} {fit.unit}", f"    {fit.reason}"]
    lines.append(f"    false alarms promised: {_rate(fit.alarms)}")
    if alone := _alone(fit):
        ways = "declare its colours, or leave it out" if name.startswith("palette") else "leave it out"
        lines.append(f"    {fit.set_by} alone moves it from {alone} {fit.unit}: {ways} if it is an exception")
    elif _beyond(fit):
        lines.append(f"    this lets pass what failed before: look at {fit.set_by}, and leave it out if it is an exception")
    if fit.detected is not None:
        lines.append(f"    rejected pictures beyond it: {_rate(fit.detected)}")
    if overruled:
        lines.append(f"    {overruled} sets other limits, and they stay in force")
    return lines


def _alone(fit: Fit) -> str:
    """From where to where one example alone moves a limit, where that is most of the way; else nothing."""
    if fit.next is None or abs(fit.limits[0] - fit.next[0]) < MOST_OF_IT * abs(fit.limits[0] - fit.default[0]):
        return ""
    return f"{fit.next[0]:.3g} to {fit.limits[0]:.3g}"


def _beyond(fit: Fit) -> bool:
    (review, fail), limit = fit.default, fit.limits[0]
    return limit >= fail if fail >= review else limit <= fail


def _verdicts(outcome: Outcome) -> list[str]:
    lines = []
    roles: tuple[Role, ...] = ("approved", "rejected")
    for role in roles:
        if outcome.before[role]:
            lines.append(f"{role}: {_words(outcome.before[role])} → {_words(outcome.after[role])}")
    if outcome.caught is not None:
        lines.append(f"rejected pictures that would wait for a person or fail: {_rate(Rate(**outcome.caught._asdict()))}")
    flagged = Rate(**outcome.left_out._asdict())
    lines.append(f"an approved picture that was not an example waits for a person on some check: about {_rate(flagged)}")
    lines += [f"  {file}: {was.value} → {will.value}" for file, was, will in outcome.changed]
    return lines


def _counts(counts: Counter[Verdict]) -> dict[str, int]:
    return {verdict.value: counts[verdict] for verdict in Verdict if counts[verdict]}


def _words(counts: Counter[Verdict]) -> str:
    return ", ".join(f"{count} {name}" for name, count in _counts(counts).items())


def _rate(rate: Rate) -> str:
    return f"{100 * rate.rate:.1f} % (95 % sure: {100 * rate.low:.1f} to {100 * rate.high:.1f} %)"
