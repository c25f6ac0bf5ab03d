"""The provider's errors as brandkit's: what stops one picture, what stops the run, and what may have been billed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from brandkit.errors import BackendDenied, BackendError, BackendRefused, BackendUnavailable

MODERATION = {"moderation_blocked", "content_policy_violation", "content_filter"}
ACCOUNT = {"insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "account_deactivated", "model_not_found"}
DENIED = {401, 402, 403, 404}
MAX_WORDS = 300  # characters of the provider's own message: foreign text, kept short
HINTS = {
    401: "check OPENAI_API_KEY",
    402: "check the account's billing page",
    403: "the organisation may have to be verified before it can use this model",
    404: "the account has no access to this model, or OPENAI_BASE_URL points elsewhere",
}


def translate(error: Exception, model: str, *, secret: str = "") -> BackendError:
    """The brandkit error for an error of the SDK or of its HTTP library.

    Args:
        error: As raised.
        model: For the message.
        secret: Never appears in the result, whatever the provider echoes.
    """
    import httpx2
    import openai

    if isinstance(error, openai.APIStatusError):
        return status_error(error, model, secret)
    never_sent = isinstance(error.__cause__, _unsent())
    if isinstance(error, openai.APITimeoutError | httpx2.ReadTimeout):
        return _lost(f"{model} gave no answer in time", never_sent)
    if isinstance(error, openai.APIConnectionError):
        return _lost(
            f"the connection to {model} {'could not be made' if never_sent else 'was lost before the answer was complete'}", never_sent
        )
    return _lost(f"{model} gave an answer that cannot be read ({type(error).__name__})", isinstance(error, _unsent()))


def _unsent() -> tuple[type[Exception], ...]:
    import httpx2

    return (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.UnsupportedProtocol)


def _lost(message: str, never_sent: bool) -> BackendUnavailable:
    hint = (
        "check the network and run again"
        if never_sent
        else "it may have been billed, and the budget counts it; --retry-unknown buys it once more"
    )
    return BackendUnavailable(message, hint=hint, maybe_billed=not never_sent)


def status_error(error: Any, model: str, secret: str) -> BackendError:
    """The brandkit error for an HTTP answer that is none of success; `error` has the attributes of the SDK's `APIStatusError`."""
    body, status = error.body, error.status_code
    code, kind = (str(getattr(error, name, None) or "") for name in ("code", "type"))
    request_id = str(error.request_id or "")
    said = _words(body, error, secret)
    place = f"{model}{f', request {request_id}' if request_id else ''}"
    if status < 500 and (code in MODERATION or kind in MODERATION):
        categories = _categories(body, said)
        named = f" for {', '.join(categories)}" if categories else ""
        hint = "change the scene in the campaign file; the same request would be refused again"
        made = _stage(body) == "output"
        return BackendRefused(
            f"{place}: refused{named}: {said}", hint=hint, categories=categories, request_id=request_id, maybe_billed=made
        )
    if code in ACCOUNT or kind in ACCOUNT or status in DENIED:
        return BackendDenied(f"{place}: HTTP {status}{f' {code}' if code else ''}: {said}", hint=HINTS.get(status, HINTS[402]))
    if status == 429:
        wait = retry_after(error.response.headers)
        return BackendUnavailable(
            f"{place}: too many requests: {said}",
            hint="run again later; it resumes",
            maybe_billed=False,
            rate_limited=True,
            retry_after=wait,
        )
    if status in (408, 409) or status >= 500:
        return BackendUnavailable(
            f"{place}: HTTP {status}: {said}",
            hint="it may have been billed, and the budget counts it; --retry-unknown buys it once more",
            maybe_billed=True,
            retry_after=retry_after(error.response.headers) if status >= 500 else None,
            request_id=request_id,
        )
    return BackendError(
        f"{place}: HTTP {status}{f' {code}' if code else ''}: {said}", hint="the request was not accepted; nothing was made"
    )


def retry_after(headers: Mapping[str, str], *, now: datetime | None = None) -> float | None:
    """Seconds that the provider asks to wait: from `retry-after-ms`, or `retry-after` in seconds or as a date; None without."""
    try:
        if milliseconds := headers.get("retry-after-ms"):
            return max(0.0, float(milliseconds) / 1000)
        value = headers.get("retry-after")
        if not value:
            return None
        if re.fullmatch(r"\s*\d+(\.\d+)?\s*", value):
            return float(value)
        return max(0.0, (parsedate_to_datetime(value) - (now or datetime.now(UTC))).total_seconds())
    except (ValueError, TypeError):
        return None


def _words(body: Any, error: Exception, secret: str) -> str:
    said = body.get("message") or body.get("detail") or body.get("error") if isinstance(body, Mapping) else body
    return scrub(str(said or error), secret)


def scrub(text: str, secret: str) -> str:
    """`text` of a provider on one short line, without `secret` and without anything that looks like a key."""
    shown = text.replace(secret, "***") if secret else text
    shown = re.sub(r"\b((sk|sess|key)[-_]|Bearer )[\w*.-]{6,}", "***", shown)
    line = " ".join("".join(char if char.isprintable() else " " for char in shown).split())
    return line if len(line) <= MAX_WORDS else line[: MAX_WORDS - 1] + "…"


def _stage(body: Any) -> str:
    """Whether the prompt (`input`) or the finished picture (`output`) was refused, as far as the provider says."""
    details = body.get("moderation_details") if isinstance(body, Mapping) else None
    return str(details.get("moderation_stage")) if isinstance(details, Mapping) else ""


def _categories(body: Any, said: str) -> tuple[str, ...]:
    details = body.get("moderation_details") if isinstance(body, Mapping) else None
    listed = details.get("categories") if isinstance(details, Mapping) else None
    if isinstance(listed, list):
        return tuple(str(item)[:40] for item in listed[:12])
    match = re.search(r"safety_violations=\[([^\]]{0,200})\]", said)
    return tuple(part.strip(" '\"") for part in match[1].split(",") if part.strip()) if match else ()
