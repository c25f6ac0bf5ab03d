"""The openai backend against a real HTTP server on the loopback interface: what is sent, what is kept, what each fault becomes."""

from __future__ import annotations

import base64
import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from small_kit import make_layout, write_kit

from brandkit.color.difference import delta_e_2000
from brandkit.color.spaces import srgb_to_lab
from brandkit.errors import AnswerInvalid, BackendDenied, BackendError, BackendRefused, BackendUnavailable, InputError
from brandkit.generate.answer import read_answer
from brandkit.generate.backend import Answer, Backend, ImageRequest
from brandkit.generate.backends.openai import OpenAIBackend
from brandkit.generate.backends.replay import Replay
from brandkit.generate.call import Limiter, call, seconds_of
from brandkit.generate.faults import retry_after, scrub
from brandkit.generate.open import open_backend
from brandkit.generate.price import cost_of
from brandkit.prompt.compile import CompiledPrompt, compile_prompt
from brandkit.prompt.load import Campaign
from brandkit.prompt.models import get_model
from brandkit.testing.drawing import draw_answer, strayed
from brandkit.testing.provider import UNCHARGED, Fault, Provider

CANARY = "sk-canary-7f3a9b2c4d5e6f708192"
ROOT = Path(__file__).parent.parent
OPENAPI = Path(os.environ.get("BRANDKIT_OPENAPI", ROOT / "../shared/reference/openai-images-openapi.json"))
# The description is older than the models: it lacks the qualities of 2.5 and later.
LATER = {"quality": ["low", "medium", "high", "xhigh", "max", "auto"]}


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    with Provider(key=CANARY, slow_seconds=1.0) as server:
        monkeypatch.setenv("OPENAI_API_KEY", CANARY)
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        yield server


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return write_kit(tmp_path_factory.mktemp("kit"))


PROMPTS: dict[tuple[Path, str, str], CompiledPrompt] = {}


def compiled(campaign: Campaign, model: str, quality: str) -> CompiledPrompt:
    key = (campaign.file, model, quality)
    if key not in PROMPTS:
        choice, layout = campaign.document.formats[0], make_layout(640, 480)
        PROMPTS[key] = compile_prompt(campaign, "mug", choice, layout, model=get_model(model), quality=quality)
    return PROMPTS[key]


def make_request(
    campaign: Campaign, model: str = "gpt-image-2.5-sunburst-2026-09-08", quality: str = "medium", **changes: Any
) -> ImageRequest:
    prompt = compiled(campaign, model, quality)
    facts = {
        "model": prompt.model,
        "prompt": prompt.text,
        "width": prompt.width,
        "height": prompt.height,
        "quality": prompt.quality,
        "references": prompt.references,
        "scene": prompt.scene,
        "brand": campaign.brand,
        "fingerprint": prompt.fingerprint,
    }
    return ImageRequest(**(facts | changes))


def openai(model: str = "gpt-image-2.5-sunburst-2026-09-08", **options: Any) -> OpenAIBackend:
    return OpenAIBackend(get_model(model), **options)


def test_references_arrive_in_order_byte_for_byte(provider: Provider, kit: Any) -> None:
    request = make_request(kit)
    response = openai().generate(request)
    (seen,) = provider.seen
    assert seen.path == "/v1/images/edits"
    assert [(part.name, part.filename, part.media_type) for part in seen.files] == [
        ("image[]", "1-layout.png", "image/png"),
        ("image[]", "2-palette.png", "image/png"),
        ("image[]", "3-style.jpg", "image/jpeg"),
        ("image[]", "4-product.png", "image/png"),
    ]
    assert [part.data for part in seen.files] == [reference.data for reference in request.references]
    for index, reference in enumerate(request.references, start=1):
        assert reference.index == index and f"Image {index}:" in seen.fields["prompt"]
    assert seen.fields == {
        "prompt": request.prompt,
        "model": request.model,
        "n": "1",
        "size": f"{request.width}x{request.height}",
        "quality": "medium",
        "background": "opaque",
        "output_format": "png",
    }
    assert "idempotency-key" not in seen.headers and seen.headers["authorization"] == f"Bearer {CANARY}"
    assert response.data == draw_answer(request.prompt, request.width, request.height)


def test_upload_order_is_the_index_whatever_the_order_given(provider: Provider, kit: Any) -> None:
    request = make_request(kit)
    openai().generate(ImageRequest(**{**vars(request), "references": request.references[::-1]}))
    assert [part.filename for part in provider.seen[0].files] == [reference.name for reference in request.references]


def test_the_answer_is_kept_with_its_bill(provider: Provider, kit: Any) -> None:
    request = make_request(kit, references=())
    response = openai().generate(request)
    assert provider.seen[0].path == "/v1/images/generations"
    assert set(provider.seen[0].fields) == {"prompt", "model", "n", "size", "quality", "background", "output_format"}
    assert response.media_type == "image/png" and response.request_id == "req_000001"
    assert response.cost == cost_of(get_model(request.model), response.usage) and response.cost > 0
    assert response.headers["x-ratelimit-remaining-requests"] == "49"
    assert response.raw["size"] == f"{request.width}x{request.height}" and "b64_json" not in json.dumps(dict(response.raw))
    assert len(provider.bill) == 1 and not provider.rejected


@pytest.mark.parametrize(
    ("model", "quality"),
    [
        ("gpt-image-1.5", "high"),
        ("gpt-image-1-mini", "low"),
        ("gpt-image-2", "high"),
        ("gpt-image-2-2026-04-21", "low"),
        ("gpt-image-2.5-flare", "max"),
        ("gpt-image-2.6-sunburst", "xhigh"),
    ],
)
def test_every_model_is_sent_what_it_accepts(provider: Provider, kit: Any, model: str, quality: str) -> None:
    request = make_request(kit, model, quality)
    openai(model).generate(request)
    openai(model).generate(ImageRequest(**{**vars(request), "references": ()}))
    assert [charge.path for charge in provider.bill] == ["/v1/images/edits", "/v1/images/generations"]
    assert provider.rejected == []


def test_requests_validate_against_the_description(provider: Provider, kit: Any) -> None:
    if not OPENAPI.exists():
        pytest.skip(f"no description of the Images API at {OPENAPI}; set BRANDKIT_OPENAPI")
    schemas = json.loads(OPENAPI.read_text(encoding="utf-8"))["components"]["schemas"]
    for quality in ("low", "max"):
        request = make_request(kit, quality=quality)
        openai().generate(request)
        openai().generate(ImageRequest(**{**vars(request), "references": ()}))
    for seen in provider.seen:
        edit = seen.path.endswith("edits")
        schema = schemas["CreateImageEditRequest" if edit else "CreateImageRequest"]
        properties = {name: {**rule, "enum": LATER[name]} if name in LATER else rule for name, rule in schema["properties"].items()}
        body = {**seen.fields, "n": int(seen.fields["n"])}
        if edit:
            assert {part.name for part in seen.files} == {"image[]"}
            body["image"] = [part.filename for part in seen.files]
        strict = {**schema, "properties": properties, "additionalProperties": False, "components": {"schemas": schemas}}
        jsonschema.Draft202012Validator(strict).validate(body)
    assert len(provider.seen) == 4


FAULTS: list[tuple[Fault, type[BackendError], bool | None, str]] = [
    ("rate-limit", BackendUnavailable, False, "too many requests"),
    ("server-error", BackendUnavailable, True, "HTTP 500"),
    ("overloaded", BackendUnavailable, True, "HTTP 503"),
    ("moderation", BackendRefused, False, "refused for violence, self-harm"),
    ("moderation-output", BackendRefused, True, "refused for violence"),
    ("unauthorized", BackendDenied, None, "HTTP 401"),
    ("unverified", BackendDenied, None, "must be verified"),
    ("quota", BackendDenied, None, "insufficient_quota"),
    ("truncated", BackendUnavailable, True, "lost before the answer was complete"),
    ("cut-json", AnswerInvalid, True, "cut off or no JSON"),
    ("two-pictures", AnswerInvalid, True, "holds 2 pictures, asked for was one"),
    ("bad-base64", AnswerInvalid, True, "base64 is damaged"),
    ("not-a-picture", AnswerInvalid, True, "neither PNG, JPEG nor WebP"),
    ("url", AnswerInvalid, True, "fetches nothing"),
    ("no-picture", AnswerInvalid, True, "holds no picture"),
    ("cut-picture", AnswerInvalid, True, "cut short or damaged"),
    ("wrong-size", AnswerInvalid, True, "asked for was"),
    ("one-pixel", AnswerInvalid, True, "measures 1×1 px"),
    ("wrong-format", AnswerInvalid, True, "asked for was image/png"),
    ("drop", BackendUnavailable, True, "lost before the answer was complete"),
    ("slow", BackendUnavailable, True, "no answer in time"),
]


@pytest.mark.parametrize(("fault", "kind", "maybe_billed", "words"), FAULTS, ids=[row[0] for row in FAULTS])
def test_every_fault_becomes_one_error_after_one_post(
    provider: Provider, kit: Any, fault: Fault, kind: type[BackendError], maybe_billed: bool | None, words: str
) -> None:
    provider.fail(fault)
    backend = openai(timeout=0.4 if fault == "slow" else 30)
    with pytest.raises(BackendError) as caught:
        backend.generate(make_request(kit))
    assert type(caught.value) is kind and words in caught.value.message
    assert len(provider.seen) == 1, "a request that may be billed is never sent twice"
    assert getattr(caught.value, "maybe_billed", None) == maybe_billed
    assert caught.value.exit_code == 3 and caught.value.hint
    _no_secret(caught.value)
    if fault not in UNCHARGED:
        assert len(provider.bill) == 1 and maybe_billed, "what was charged must count against the budget"


def test_a_refusal_names_categories_and_request(provider: Provider, kit: Any) -> None:
    provider.fail("moderation")
    with pytest.raises(BackendRefused) as caught:
        openai().generate(make_request(kit))
    assert caught.value.categories == ("violence", "self-harm") and caught.value.request_id == "req_000001"
    assert "req_000001" in caught.value.message


def test_a_wrong_request_is_an_error_of_its_own(provider: Provider, kit: Any) -> None:
    request = make_request(kit)
    with pytest.raises(BackendError, match=r"HTTP 400 invalid_value.*divisible by 16") as caught:
        openai().generate(ImageRequest(**{**vars(request), "width": 1000}))
    assert type(caught.value) is BackendError and provider.bill == []


@pytest.mark.parametrize(
    ("width", "height", "exact", "fits"),  # in hundredths of what was asked for
    [
        (100, 100, True, True), (125, 100, True, True), (100, 125, True, True), (133, 100, True, True), (100, 133, True, True),
        (135, 100, True, False), (100, 135, True, False), (74, 100, True, False), (80, 80, True, True), (74, 74, True, False),
        (74, 74, False, True), (50, 60, False, True), (49, 60, False, False), (60, 49, False, False), (300, 300, True, True),
    ],
)  # fmt: skip
def test_a_paid_picture_is_used_where_cropping_costs_at_most_a_quarter(kit: Any, width: int, height: int, exact: bool, fits: bool) -> None:
    request = ImageRequest(**{**vars(make_request(kit)), "width": 1600, "height": 1200})
    code = base64.b64encode(draw_answer("any", 16 * width, 12 * height, request.output_format)).decode()
    answer = Answer(json.dumps({"data": [{"b64_json": code}]}).encode(), {})
    if fits:
        assert read_answer(answer, request, get_model(request.model), most=Decimal(1), exact=exact).data == base64.b64decode(code)
    else:
        with pytest.raises(AnswerInvalid, match=r"measures .* asked for was 1600×1200") as caught:
            read_answer(answer, request, get_model(request.model), most=Decimal(1), exact=exact)
        assert caught.value.cost == 1


def test_an_answer_without_usage_is_booked_at_its_most(provider: Provider, kit: Any) -> None:
    provider.fail("no-usage")
    request = make_request(kit)
    backend = openai()
    assert backend.generate(request).cost == backend.price(request).most


def test_no_server_means_nothing_was_billed(provider: Provider, kit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    with pytest.raises(BackendUnavailable, match="could not be made") as caught:
        openai().generate(make_request(kit))
    assert caught.value.maybe_billed is False and not caught.value.rate_limited


def test_without_a_key_nothing_is_sent(provider: Provider, kit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    backend = openai()
    assert backend.price(make_request(kit)).usd > 0, "prices need no key"
    with pytest.raises(BackendDenied, match="OPENAI_API_KEY is not set"):
        backend.generate(make_request(kit))
    assert provider.seen == []


@pytest.mark.parametrize("address", ["http://example.com/v1", "ftp://127.0.0.1/v1", "example.com"])
def test_a_key_is_never_sent_in_clear(kit: Any, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", CANARY)
    monkeypatch.setenv("OPENAI_BASE_URL", address)
    with pytest.raises(BackendDenied, match="no https address"):
        openai().generate(make_request(kit))


def test_a_missing_sdk_says_what_to_install(kit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openai", None)
    with pytest.raises(BackendDenied) as caught:
        openai().generate(make_request(kit))
    assert caught.value.hint == "pip install 'brandkit[openai]'"


def test_importing_the_backend_imports_no_sdk() -> None:
    code = "import sys, brandkit.generate.open, brandkit.generate.backends.openai; assert 'openai' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def limiter(waits: list[float]) -> Limiter:
    """A limiter whose time passes only by waiting."""
    return Limiter(clock=lambda: sum(waits), sleep=waits.append)


def test_rate_limits_are_waited_out_and_nothing_else(provider: Provider, kit: Any) -> None:
    waits: list[float] = []
    provider.fail("rate-limit", "rate-limit")
    response = call(openai(), make_request(kit), limiter=limiter(waits), rng=random.Random(1))
    assert response.data and len(provider.seen) == 3 and len(provider.bill) == 1 and waits == []
    for fault in ("server-error", "drop", "quota", "moderation"):
        provider.fail(fault)
        before = len(provider.seen)
        with pytest.raises(BackendError):
            call(openai(), make_request(kit), limiter=limiter(waits))
        assert len(provider.seen) == before + 1
    assert not waits


def test_patience_ends(provider: Provider, kit: Any) -> None:
    waits: list[float] = []
    provider.fail(*["rate-limit"] * 9)
    with pytest.raises(BackendUnavailable):
        call(openai(), make_request(kit), tries=3, limiter=limiter(waits))
    assert len(provider.seen) == 3
    provider._faults.clear()
    provider.fail("rate-limit-long")
    with pytest.raises(BackendUnavailable) as caught:
        call(openai(), make_request(kit), limiter=limiter(waits))
    assert caught.value.retry_after == 600 and not waits, "ten minutes are for a later run"


def test_waits_grow_without_the_provider_s_wish(kit: Any) -> None:
    waits: list[float] = []
    with pytest.raises(BackendUnavailable):
        call(_Busy(), make_request(kit), limiter=limiter(waits), rng=random.Random(3))
    assert len(waits) == 4 and all(2 * 2**n <= wait <= 2.5 * 2**n for n, wait in enumerate(waits))


@pytest.mark.parametrize(
    ("words", "seconds"), [("12s", 12.0), ("1m3.5s", 63.5), ("200ms", 0.2), ("2h", 7200.0), ("", 0.0), ("soon", 0.0), ("-3s", 0.0)]
)
def test_spans_of_rate_limit_headers(words: str, seconds: float) -> None:
    assert seconds_of(words) == pytest.approx(seconds)


def test_a_used_up_share_pauses_everybody_until_it_is_renewed() -> None:
    waits: list[float] = []
    gate = limiter(waits)
    gate.learn({"x-ratelimit-remaining-requests": "3", "x-ratelimit-reset-requests": "40s"})
    gate.wait()
    gate.learn({"x-ratelimit-remaining-images": "0", "x-ratelimit-reset-images": "1m"})
    gate.wait()
    assert waits == [60.0]


@pytest.mark.parametrize("drift", [3.0, 6.0, 12.0])
def test_the_provider_s_colours_stray_as_far_as_asked(drift: float) -> None:
    for color in ("#1F4D3A", "#F6F1E7", "#E4572E"):
        away = [srgb_to_lab(np.array([int(name[i : i + 2], 16) for i in (1, 3, 5)]) / 255) for name in (color, strayed(color, drift))]
        assert delta_e_2000(*away) == pytest.approx(drift, abs=0.3)


class _Busy:
    id = "busy"

    def price(self, request: ImageRequest) -> Any:
        raise NotImplementedError

    def generate(self, request: ImageRequest, **_: Any) -> Any:
        raise BackendUnavailable("busy", maybe_billed=False, rate_limited=True)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after-ms": "1500", "retry-after": "7"}, 1.5),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0.0),
        ({}, None),
    ],
)
def test_retry_after(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers) == seconds


def test_scrubbing_hides_keys_and_control_characters() -> None:
    assert scrub(f"bad key {CANARY}\x1b[31m\nsk-proj-abc123def456", CANARY) == "bad key *** [31m ***"


def test_replay_plays_what_was_recorded(provider: Provider, kit: Any, tmp_path: Path) -> None:
    request, replay = make_request(kit), Replay(tmp_path)
    response = openai().generate(request)
    path = replay.record(request, response)
    played = replay.generate(request)
    assert (played.data, played.media_type, played.usage, played.raw) == (response.data, response.media_type, response.usage, response.raw)
    assert played.cost == Decimal(0) == replay.price(request).most and response.cost > 0
    assert CANARY not in "".join(file.read_bytes().decode("latin-1") for file in tmp_path.iterdir())
    with pytest.raises(BackendError, match="no recording for request"):
        replay.generate(ImageRequest(**{**vars(request), "fingerprint": "f" * 64}))
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(BackendError, match="was changed after it was recorded"):
        replay.generate(request)


def test_backends_by_name(tmp_path: Path) -> None:
    opened: list[Backend] = [open_backend("studio"), open_backend("openai"), open_backend("replay", recordings=tmp_path)]
    assert [backend.id for backend in opened] == ["studio", "openai:gpt-image-2.5-sunburst-2026-09-08", "replay"]
    for name, options in (
        ("midjourney", {}),
        ("replay", {}),
        ("replay", {"recordings": tmp_path / "none"}),
        ("openai", {"model": "studio"}),
    ):
        with pytest.raises(InputError):
            open_backend(name, **options)


def _no_secret(error: BaseException) -> None:
    seen: BaseException | None = error
    while seen is not None:
        assert CANARY not in f"{seen}{seen.args}{vars(seen)}"
        seen = seen.__cause__
    assert error.__suppress_context__ or error.__context__ is None, "the SDK's error, which may hold the key, is not shown"
