"""The review page as a web application: a page, its pictures, and one way to decide."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import wraps
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from brandkit.errors import BrandkitError, InputError, UnfinishedError
from brandkit.results import AssetResult
from brandkit.review.desk import Desk, Kind, Posted
from brandkit.review.guard import Door, Guard
from brandkit.review.pictures import SIZES, Pictures
from brandkit.review.standing import asset_path
from brandkit.review.view import asset_view, changes_view, queue_view

if TYPE_CHECKING:
    from starlette.requests import Request

STATIC = {
    "review.css": "text/css", "main.js": "text/javascript", "run.js": "text/javascript", "grid.js": "text/javascript",
    "single.js": "text/javascript", "facts.js": "text/javascript", "dom.js": "text/javascript",
    "ask.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}  # fmt: skip
STATUS = {Kind.RECORDED: 201, Kind.REPEATED: 200, Kind.OVERTAKEN: 409, Kind.STALE: 409, Kind.UNKNOWN: 404}
Handler = Callable[["Request"], Awaitable[Response]]


def make_app(desk: Desk, door: Door) -> Starlette:
    """The application for one run folder, behind its guard.

    Args:
        desk: The run folder.
        door: The secrets that its page and its visitors share.
    """
    pages = _Pages(desk, door)
    routes = [
        Route("/", pages.page),
        Route("/static/{name}", pages.static),
        Route("/api/queue", pages.queue),
        Route("/api/changes", pages.changes),
        Route("/api/asset/{key}", pages.asset),
        Route("/picture/{key}/{which}/{size}/{digest}", pages.picture),
        Route("/api/decisions", pages.decide, methods=["POST"]),
    ]
    return Starlette(routes=routes, middleware=[Middleware(Guard, door=door)])


def _told(handler: Callable[[_Pages, Request], Awaitable[Response]]) -> Callable[[_Pages, Request], Awaitable[Response]]:
    """Give brandkit's errors as JSON: what was sent is wrong (422), or this machine cannot do it now (503)."""

    @wraps(handler)
    async def answer(pages: _Pages, request: Request) -> Response:
        try:
            return await handler(pages, request)
        except BrandkitError as error:
            return JSONResponse({"error": error.message, "hint": error.hint or ""}, 503 if isinstance(error, UnfinishedError) else 422)

    return answer


class _Pages:
    def __init__(self, desk: Desk, door: Door) -> None:
        self._desk, self._door, self._pictures = desk, door, Pictures()
        self._env = Environment(loader=PackageLoader("brandkit.review", "static"), autoescape=True, undefined=StrictUndefined)
        folder = files("brandkit.review") / "static"
        self._static: Mapping[str, bytes] = {name: (folder / name).read_bytes() for name in STATIC}

    async def page(self, request: Request) -> Response:
        key = request.query_params.get("key")
        if key is None:
            html = self._env.get_template("review.html.j2").render(header=self._door.header)
            return Response(html, media_type="text/html")
        if not self._door.admits(key):
            return PlainTextResponse("This key is not valid, or was used before. Open the address that `brandkit review` printed.", 403)
        response = RedirectResponse("/", 303)
        response.set_cookie(self._door.cookie, self._door.token, httponly=True, samesite="strict")
        return response

    async def static(self, request: Request) -> Response:
        name = request.path_params["name"]
        found = self._static.get(name)
        return PlainTextResponse("No such file.", 404) if found is None else Response(found, media_type=STATIC[name])

    @_told
    async def queue(self, request: Request) -> Response:
        revision = self._desk.revision()
        queue = await run_in_threadpool(self._desk.queue)
        more = {"seq": max(queue.versions.values(), default=0), "revision": revision}
        return JSONResponse(queue_view(queue, self._desk.reviewer) | more)

    @_told
    async def changes(self, request: Request) -> Response:
        after = request.query_params.get("after", "0")
        if not after.isdecimal() or len(after) > 9:
            raise InputError(f"after={after[:20]!r} is not the number of a decision")
        revision = {"revision": self._desk.revision()}
        decisions = await run_in_threadpool(self._desk.log.read)
        if len(decisions) <= int(after):
            return JSONResponse({"seq": int(after), "assets": []} | revision)
        return JSONResponse(changes_view(await run_in_threadpool(self._desk.queue), int(after)) | revision)

    @_told
    async def asset(self, request: Request) -> Response:
        view = await run_in_threadpool(self._asset, request.path_params["key"])
        return JSONResponse(view) if view else JSONResponse({"error": "there is no such asset in this run any more"}, 404)

    @_told
    async def picture(self, request: Request) -> Response:
        made = await run_in_threadpool(self._picture, request.path_params)
        if made is None:
            return PlainTextResponse("No such picture.", 404)
        return Response(made, media_type="image/png" if request.path_params["size"] == "full" else "image/webp")

    @_told
    async def decide(self, request: Request) -> Response:
        try:
            posted = Posted.model_validate_json(await request.body())
        except ValidationError as error:
            first = error.errors()[0]
            raise InputError(f"not a decision: {'.'.join(map(str, first['loc']))} {first['msg']}") from error
        answer = await run_in_threadpool(self._desk.decide, posted)
        view = await run_in_threadpool(self._asset, posted.asset)
        return JSONResponse({"kind": answer.kind.value, "words": answer.words, "asset": view}, STATUS[answer.kind])

    def _asset(self, key: str) -> dict[str, Any] | None:
        seen = self._desk.one(key)
        if seen is None:
            return None
        beside = list(self._desk.comparisons(seen.asset))
        references = list(self._desk.references.values())
        return asset_view(key, seen.asset, seen.version, beside=beside, references=references, history=seen.history)

    def _picture(self, wanted: Mapping[str, str]) -> bytes | None:
        asset: AssetResult | None = self._desk.document()[1].get(wanted["key"])
        if asset is None or wanted["size"] not in SIZES:
            return None
        found = self._file(asset, wanted["which"], wanted["digest"])
        return self._pictures.get(*found, wanted["size"]) if found else None

    def _file(self, asset: AssetResult, which: str, digest: str) -> tuple[Path, str] | None:
        """The file that an address means and the hash that it must have; the page names that of what it knows itself."""
        if which == "asset":
            return (asset_path(self._desk.root, asset), digest) if digest == asset.sha256 else None
        if reference := self._desk.references.get(which):
            return (reference.path, digest) if digest == reference.sha256 else None
        return self._desk.comparisons(asset).get(which)
