"""What the loopback provider can be told to do wrong, and what of it is charged."""

from __future__ import annotations

from typing import Literal

from brandkit.testing.floods import FREE, Flood

_Fault = Literal[
    "ok",  # no fault: a good answer in a row of others
    "rate-limit",  # 429 with Retry-After: 0
    "rate-limit-long",  # 429 with Retry-After: 600
    "server-error",  # 500 before any work
    "overloaded",  # 503 with Retry-After: 0, before any work
    "moderation",  # 400 moderation_blocked, before any work
    "moderation-output",  # work done, 400 moderation_blocked
    "unauthorized",  # 401 that echoes the key
    "unverified",  # 403
    "quota",  # 429 insufficient_quota
    "truncated",  # work done, connection closed in the middle of the body
    "cut-json",  # work done, complete HTTP answer whose JSON stops in the middle
    "short-length",  # work done, a good answer that goes on after the length it announces
    "bad-base64",  # work done, damaged picture
    "not-a-picture",  # work done, base64 of something else
    "two-pictures",  # work done, an answer with a picture more than was asked for
    "no-picture",  # work done, an answer whose list of pictures is empty
    "cut-picture",  # work done, a picture without its last bytes
    "wrong-size",  # work done, a picture of half the size
    "other-shape",  # work done, a picture a quarter wider than was asked for
    "one-pixel",  # work done, a picture of 1 × 1
    "opaque",  # work done, a picture without transparency where one with it was asked for
    "wrong-format",  # work done, a JPEG where a PNG was asked for, or the other way round
    "url",  # work done, an address instead of the picture
    "no-usage",  # a good answer without usage
    "half-stream",  # work done, one preview, then the connection closed; without streaming like "drop"
    "drop",  # work done, connection closed without an answer
    "slow",  # work done, answer after `slow_seconds`
]
Fault = _Fault | Flood
UNCHARGED = {
    "rate-limit",
    "rate-limit-long",
    "server-error",
    "overloaded",
    "moderation",
    "unauthorized",
    "unverified",
    "quota",
    *FREE,
}
WAITING = {"rate-limit", "rate-limit-long", "overloaded"}
ERRORS: dict[str, tuple[int, str, str]] = {
    "rate-limit": (429, "rate_limit_exceeded", "Rate limit reached for images per minute."),
    "rate-limit-long": (429, "rate_limit_exceeded", "Rate limit reached for images per day."),
    "overloaded": (503, "server_overloaded", "The engine is currently overloaded, please try again later."),
    "server-error": (500, "server_error", "The server had an error while processing your request."),
    "moderation": (
        400,
        "moderation_blocked",
        "Your request was rejected by the safety system. If you believe this is an error, contact us and include the request ID. "
        "safety_violations=[violence, self-harm].",
    ),
    "unverified": (403, "", "Your organization must be verified to use this model."),
    "quota": (429, "insufficient_quota", "You exceeded your current quota, please check your plan and billing details."),
}
