"""Every error brandkit raises on purpose.

BrandkitError
├── InputError              exit 2   what was given is wrong; fix it and run again
│   ├── BrandFileError      a brand or campaign file, with file:line:col for every fault
│   ├── PictureError        a picture, logo or font that cannot be used
│   └── LayoutError         copy that does not fit, or a glyph that no brand font has
└── UnfinishedError         exit 3   the input is fine, the work could not be finished; resumable
    ├── BackendError        an image backend failed
    │   ├── BackendDenied       key, access, quota or SDK missing; every call would fail alike, so the run stops
    │   ├── BackendRefused      refused on content; never retried (change the brief)
    │   └── BackendUnavailable  rate limit, time-out, 5xx, connection lost
    │       ├── AnswerInvalid       an answer came and was paid for, but holds no usable picture
    │       └── AnswerTooLarge      an answer came that is larger than any picture, was not read, and may have been billed
    ├── BudgetExceeded      the next call would cost more than allowed
    ├── RunLocked           another process holds this run
    └── OutputError         a file could not be written

A picture that fails a check is a *result* (exit 1), not an error: nothing here is raised for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal


class BrandkitError(Exception):
    """Base class: `message` says what happened and where, `hint` what to do next."""

    code = "error"
    exit_code = 2

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n  hint: {self.hint}" if self.hint else self.message


class InputError(BrandkitError):
    """What was given cannot be used as it is."""

    code = "input"


@dataclass(frozen=True, order=True)
class Fault:
    """One fault at one place of one file.

    `line` and `column` count from 1; 0 means that the fault has no place inside the file.
    `path` is the dotted key path, `source` the offending line, `hint` what to write instead, `rule` the id of the rule that it
    breaks (empty where it is no valid file at all).
    """

    file: str
    line: int
    column: int
    path: str
    message: str
    source: str = ""
    hint: str = ""
    rule: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        head = f"{place}: {self.path}: {self.message}" if self.path else f"{place}: {self.message}"
        head += f" [{self.rule}]" if self.rule else ""
        lines = [head]
        if self.source:
            lines += [f"  {self.source}", f"  {' ' * (self.column - 1)}^"]
        if self.hint:
            lines.append(f"  hint: {self.hint}")
        return "\n".join(lines)


class BrandFileError(InputError):
    """A brand or campaign file that cannot be used as written; `faults` holds all of them."""

    code = "brand-file"

    def __init__(self, faults: Sequence[Fault], *, hint: str | None = None) -> None:
        self.faults = tuple(sorted(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults), hint=hint)


class PictureError(InputError):
    """A picture, logo or font that cannot be used; the message names the file."""

    code = "picture"


class LayoutError(InputError):
    """Copy that cannot be set as asked; the message names slot, locale and format."""

    code = "layout"


class UnfinishedError(BrandkitError):
    """The input is fine, but the work could not be finished. Running again resumes it."""

    code = "unfinished"
    exit_code = 3


class BackendError(UnfinishedError):
    """An image backend failed."""

    code = "backend"


class BackendDenied(BackendError):
    """No key, no access, no quota, or no SDK: every further call would fail alike. Stop the run and fix the account."""

    code = "backend-denied"


class BackendRefused(BackendError):
    """The provider refused the request on its content. Change the brief; a retry costs and fails again.

    `maybe_billed` is true when it refused what it had made already: the work may be on the bill.
    """

    code = "backend-refused"

    def __init__(
        self, message: str, *, hint: str | None = None, categories: Sequence[str] = (), request_id: str = "", maybe_billed: bool = False
    ) -> None:
        super().__init__(message, hint=hint)
        self.categories = tuple(categories)
        self.request_id = request_id
        self.maybe_billed = maybe_billed


class BackendUnavailable(BackendError):
    """Rate limit, time-out, server fault or lost connection.

    `maybe_billed` is true when the request may have reached the provider's model, so that a retry may pay twice.
    `rate_limited` is true when the provider turned it away for its rate, unbilled; `retry_after` is its own wish in seconds.
    """

    code = "backend-unavailable"

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        maybe_billed: bool = True,
        rate_limited: bool = False,
        retry_after: float | None = None,
        request_id: str = "",
    ) -> None:
        super().__init__(message, hint=hint)
        self.maybe_billed = maybe_billed
        self.rate_limited = rate_limited
        self.retry_after = retry_after
        self.request_id = request_id


class AnswerInvalid(BackendUnavailable):
    """The provider answered, and its answer holds no usable picture. It was paid for: `cost` is what to book, in US dollars."""

    code = "answer-invalid"

    def __init__(self, message: str, *, cost: Decimal, hint: str | None = None) -> None:
        super().__init__(message, hint=hint, maybe_billed=True)
        self.cost = cost


class AnswerTooLarge(BackendUnavailable):
    """The provider's answer is larger than any that could be used. It was not read to its end, and may have been billed."""

    code = "answer-too-large"


class BudgetExceeded(UnfinishedError):
    """The next call would pass the budget. Raise `--budget` or plan fewer assets."""

    code = "budget"


class RunLocked(UnfinishedError):
    """Another process is working on this run. Wait for it, or stop it."""

    code = "locked"


class OutputError(UnfinishedError):
    """A file could not be written."""

    code = "output"
