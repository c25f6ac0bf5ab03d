"""Backend `openai`: the Images API, and servers that speak it. One call, one picture, no retry."""

from __future__ import annotations

import os
import weakref
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from brandkit.errors import BackendDenied, BackendError
from brandkit.generate.answer import read_answer
from brandkit.generate.backend import Answer, ImageRequest, ImageResponse, Keep, Price, ReferenceInput, forget
from brandkit.generate.faults import translate
from brandkit.generate.fetch import with_picture
from brandkit.generate.partials import TOKENS, gather
from brandkit.generate.price import price_call
from brandkit.generate.servers import chosen_server, fetches_addresses
from brandkit.prompt.models import ImageModel

if TYPE_CHECKING:
    from openai import OpenAI

TIMEOUT = 600.0  # s: pictures of high quality take minutes, and a call that is given up is billed all the same
CONNECT_TIMEOUT = 10.0  # s: nothing is billed before the connection stands
KEPT_HEADERS = ("retry-after", "openai-processing-ms", "x-request-id", "openai-organization")
KEPT_PREFIX = "x-ratelimit-"
KEY, BASE_URL = "OPENAI_API_KEY", "OPENAI_BASE_URL"


class OpenAIBackend:
    """Makes pictures with one model of the Images API.

    Args:
        model: From the catalogue.
        timeout: Seconds to wait for an answer.
        previews: How many previews each call streams, 0 to 3; each costs 100 output tokens.
        on_preview: Shown each preview: the request's fingerprint, a number from 0, and the bytes of a picture that is never accepted.

    The key comes from `OPENAI_API_KEY` and the address of a compatible server from `OPENAI_BASE_URL`, both from the
    environment only, so that no kit or campaign can send a key elsewhere. Pricing needs neither.
    """

    def __init__(
        self, model: ImageModel, *, timeout: float = TIMEOUT, previews: int = 0, on_preview: Callable[[str, int, bytes], None] | None = None
    ) -> None:
        self.id = f"openai:{model.id}"
        self.model = model
        self.timeout = timeout
        self.previews = previews
        self.on_preview = on_preview or (lambda fingerprint, number, data: None)
        self.server = chosen_server()
        self._client: OpenAI | None = None

    def price(self, request: ImageRequest) -> Price:
        """The price of one call, from the catalogue, with its previews."""
        price = price_call(self.model, request)
        if not self.previews or self.model.prices is None:
            return price
        more = self.previews * TOKENS * self.model.prices.image_out / 1_000_000
        return replace(price, usd=price.usd + more, most=price.most + more, basis=f"{price.basis}, {self.previews} previews")

    def generate(self, request: ImageRequest, *, keep: Keep = forget) -> ImageResponse:
        """Make the picture with exactly one POST: an edit when pictures go along, else a generation.

        Raises:
            BackendDenied: No key, no SDK, no access or no quota; every call would fail alike.
            BackendRefused: Refused on content.
            AnswerInvalid: There is no usable picture in the answer.
            AnswerTooLarge: The answer is larger than any picture, and was not read.
            BackendUnavailable: Rate limit, time-out, server fault or lost connection.
            BackendError: The request was wrong.
        """
        if request.model != self.model.id:
            raise BackendError(f"the request is for {request.model}, the backend for {self.model.id}", hint="plan again")
        client = self.client()
        import httpx2
        import openai

        try:
            answer = self._post(client, request)
        except (openai.OpenAIError, httpx2.HTTPError) as error:
            raise translate(error, self.model.id, secret=client.api_key) from None
        keep(answer)
        return self.read(answer, request)

    def read(self, answer: Answer, request: ImageRequest) -> ImageResponse:
        """The picture in an answer to `request`.

        Raises:
            AnswerInvalid: There is no usable picture in it.
        """
        return read_answer(answer, request, self.model, most=self.price(request).most, exact=self.server.exact)

    def client(self) -> OpenAI:
        """The SDK's client, made at the first call.

        Raises:
            BackendDenied: The SDK or the key is missing.
        """
        if self._client is None:
            self._client = self._connect()
        return self._client

    def _connect(self) -> OpenAI:
        try:
            import httpx2
            from openai import DefaultHttpxClient, OpenAI

            from brandkit.generate.intake import intake
        except ImportError:
            raise BackendDenied("the openai package is not installed", hint="pip install 'brandkit[openai]'") from None
        key = os.environ.get(KEY, "").strip()
        if not key:
            raise BackendDenied(
                f"there is no API key: {KEY} is not set", hint=f"export {KEY}=…, or use --backend studio, which is free and offline"
            )
        timeout = httpx2.Timeout(self.timeout, connect=CONNECT_TIMEOUT)
        limit = intake(self.model.id, pictures=1 + self.previews, seconds=self.timeout, secret=key)
        limited = DefaultHttpxClient(timeout=timeout, event_hooks={"response": [limit]})
        client = OpenAI(api_key=key, base_url=base_url(), max_retries=0, timeout=timeout, http_client=limited)
        weakref.finalize(self, client.close)  # its connections stay open for the next call, and end with this backend
        return client

    def parameters(self, request: ImageRequest) -> dict[str, Any]:
        """What is sent beside prompt and pictures: what the model documents and the server declares.

        Raises:
            BackendError: Pictures go along and the server takes none.
        """
        every = self.model.call_parameters(
            request.width,
            request.height,
            request.quality,
            background=request.background,
            output_format=request.output_format,
            options=request.options,
        )
        fields = self.server.fields(every, edit=bool(request.references))
        if request.background != "opaque" and "background" not in fields:
            raise BackendError(f"{self.server.title} takes no background", hint="take another server, or an opaque background")
        return fields

    def _post(self, client: OpenAI, request: ImageRequest) -> Answer:
        parameters, prompt = self.parameters(request), self.server.prompt(request.prompt)
        if self.previews:
            parameters |= {"stream": True, "partial_images": self.previews}
        if not request.references:
            raw = client.images.with_raw_response.generate(prompt=prompt, **parameters)
        elif self.server.picture_field == "image[]":
            if request.mask:
                parameters["mask"] = _file(request.mask)
            raw = client.images.with_raw_response.edit(image=_files(request), prompt=prompt, **parameters)
        else:
            raw = _posted(client, self.server.picture_field, request, {"prompt": prompt, **parameters})
        headers = {name.lower(): value for name, value in raw.headers.items() if _kept(name)}
        if self.previews:
            show = partial(self.on_preview, request.fingerprint)
            return gather(raw.parse(), headers, show, model=self.model.id)
        answer = Answer(raw.content, headers)
        return with_picture(answer, str(client.base_url), key=client.api_key) if fetches_addresses() else answer


def _file(picture: ReferenceInput) -> tuple[str, bytes, str]:
    return picture.name, picture.data, picture.media_type


def _files(request: ImageRequest) -> list[tuple[str, bytes, str]]:
    return [_file(picture) for picture in sorted(request.references, key=lambda reference: reference.index)]


def _posted(client: OpenAI, name: str, request: ImageRequest, fields: dict[str, Any]) -> Any:
    """An edit whose pictures all carry the same bare name, which the SDK's own method does not send."""
    import httpx2

    files: Any = [(name, picture) for picture in _files(request)]
    if request.mask:
        files.append(("mask_image", _file(request.mask)))
    headers = {"Content-Type": "multipart/form-data"}
    return client.post("/images/edits", body=fields, files=files, options={"headers": headers}, cast_to=httpx2.Response)


def base_url() -> str | None:
    """The address of a compatible server, from the environment; None for the provider's own.

    Raises:
        BackendDenied: It would send the key in clear to another machine.
    """
    address = os.environ.get(BASE_URL, "").strip()
    if not address:
        return None
    parts = urlsplit(address)
    local = parts.hostname in ("localhost", "127.0.0.1", "::1")
    if parts.scheme != "https" and not (parts.scheme == "http" and local):
        raise BackendDenied(f"{BASE_URL} is no https address", hint="a key is sent in clear only to this machine: write https://…/v1")
    return address


def _kept(name: str) -> bool:
    return name.lower() in KEPT_HEADERS or name.lower().startswith(KEPT_PREFIX)
