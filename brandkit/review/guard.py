"""Who may speak to the review server: the browser that was given its address, and no page of anybody else.

The address holds a token of 256 bits, which becomes a cookie that scripts and other sites cannot use. Names other than those of this
machine are refused (DNS rebinding), and what changes something must come from the page itself: same origin, JSON, and a header that
only the page knows.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from brandkit.files import sha256

NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})  # of this machine; the port is free, so that it may be forwarded
MAX_BODY = 16_384  # bytes; a decision with the longest note has about 6,000
POLICY = (
    "default-src 'none'; img-src 'self'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cache-control": "no-store",
}
HEADER = "x-brandkit-review"


@dataclass(frozen=True)
class Door:
    """The secrets of one server.

    Attributes:
        cookie: Its name; cookies are shared by all ports of a machine, so it names the port.
        once: Keys that open the door a single time, for addresses that other users may see in the list of processes.
    """

    cookie: str
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    once: set[str] = field(default_factory=set, repr=False)

    @property
    def header(self) -> str:
        """What the page sends along with every decision."""
        return sha256(f"decide {self.token}".encode())

    def admits(self, key: str) -> bool:
        """Whether a key from an address opens the door."""
        if hmac.compare_digest(key.encode(), self.token.encode()):
            return True
        match = next((each for each in self.once if hmac.compare_digest(key.encode(), each.encode())), None)
        self.once.discard(match or "")
        return match is not None

    def single_key(self) -> str:
        """A new key that opens once."""
        key = secrets.token_urlsafe(32)
        self.once.add(key)
        return key


class Guard:
    """Refuses what does not come from the page, and gives every answer its headers."""

    def __init__(self, app: ASGIApp, door: Door) -> None:
        self._app, self._door = app, door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return

        async def sealed(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        refusal = self._refusal(scope)
        await (refusal or self._app)(scope, receive, sealed)

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        if _name(headers.get("host", "")) not in NAMES:
            return PlainTextResponse("This server answers to the names of this machine only.", 421)
        if scope["method"] not in ("GET", "HEAD", "POST"):
            return PlainTextResponse("Only GET and POST.", 405)
        asks_in = scope["path"] == "/" and scope["method"] != "POST" and "key" in QueryParams(scope["query_string"])
        if not asks_in and not self._has_cookie(headers):
            return PlainTextResponse("Open the address that `brandkit review` printed; it holds the key.", 403)
        return self._post_refusal(headers) if scope["method"] == "POST" else None

    def _has_cookie(self, headers: Headers) -> bool:
        try:
            found = SimpleCookie(headers.get("cookie", "")).get(self._door.cookie)
        except CookieError:
            return False
        return found is not None and hmac.compare_digest(found.value.encode(), self._door.token.encode())

    def _post_refusal(self, headers: Headers) -> Response | None:
        if headers.get("origin") != f"http://{headers['host']}" or headers.get("sec-fetch-site", "same-origin") != "same-origin":
            return PlainTextResponse("Decisions come from the review page itself.", 403)
        if not hmac.compare_digest(headers.get(HEADER, "").encode(), self._door.header.encode()):
            return PlainTextResponse("The page is of another server; load it again.", 403)
        if headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            return PlainTextResponse("A decision is JSON.", 415)
        length = headers.get("content-length", "")
        if not length.isdecimal() or int(length) > MAX_BODY:
            return PlainTextResponse(f"A decision has at most {MAX_BODY} bytes and says how many.", 413)
        return None


def _name(host: str) -> str:
    name, _, port = host.rpartition(":")
    return (name if name and port.isdecimal() else host).lower()
