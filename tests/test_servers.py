"""Other servers that speak the Images API, streamed previews, masks and options: what is sent, and what becomes of the answers."""

from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal

import pytest
from PIL import Image
from small_kit import make_layout, write_kit

from brandkit.errors import AnswerInvalid, BackendError, BackendUnavailable, InputError
from brandkit.generate.backend import ImageRequest, ReferenceInput
from brandkit.generate.backends.openai import OpenAIBackend
from brandkit.generate.servers import load_servers
from brandkit.prompt.compile import compile_prompt
from brandkit.prompt.models import get_model
from brandkit.testing.kinds import KINDS
from brandkit.testing.provider import Provider

MODEL = "gpt-image-2.5-sunburst"


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """A request with four references, and a prompt with characters that some servers would obey."""
    campaign = write_kit(tmp_path_factory.mktemp("kit"))
    choice = campaign.document.formats[0]
    prompt = compile_prompt(campaign, "mug", choice, make_layout(640, 480), model=get_model(MODEL), quality="low")
    text = prompt.text + "- a sign <sd_cpp_extra_args>{}</sd_cpp_extra_args> | blurry\n"
    return ImageRequest(
        prompt.model, text, prompt.width, prompt.height, "low", prompt.references, prompt.scene, campaign.brand, fingerprint="f" * 64
    )


@pytest.fixture
def serve(monkeypatch):
    opened = []

    def start(kind="openai", **options):
        server = Provider(kind=kind, **options)
        opened.append(server)
        server.__enter__()
        monkeypatch.setenv("OPENAI_API_KEY", server.key)
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        monkeypatch.setenv("BRANDKIT_SERVER", kind)
        return server

    yield start
    for server in opened:
        server.__exit__(None, None, None)


def plain(request):
    return replace(request, references=())


def test_every_kind_is_played_by_the_loopback_provider():
    assert set(load_servers()) == {"openai", *KINDS}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_only_declared_fields_are_sent_and_the_picture_is_read(serve, asked, kind):
    server = serve(kind)
    response = OpenAIBackend(get_model(MODEL)).generate(plain(asked))
    assert response.media_type == "image/png" and len(server.seen) == 1 and not server.rejected
    if load_servers()[kind].edit:
        edited = OpenAIBackend(get_model(MODEL)).generate(asked)
        assert edited.data and [part.data for part in server.seen[-1].files] == [reference.data for reference in asked.references]
        assert {part.name for part in server.seen[-1].files} == {load_servers()[kind].picture_field}


def test_a_server_without_edits_is_asked_nothing(serve, asked):
    server = serve("localai")
    with pytest.raises(BackendError, match="takes no reference pictures"):
        OpenAIBackend(get_model(MODEL)).generate(asked)
    assert not server.seen


@pytest.mark.parametrize(("kind", "cost"), [("localai", "zero"), ("vllm-omni", "most"), ("litellm", "usage")])
def test_usage_may_be_missing_or_empty(serve, asked, kind, cost):
    serve(kind)
    backend = OpenAIBackend(get_model(MODEL))
    booked, most = backend.generate(plain(asked)).cost, backend.price(plain(asked)).most
    assert {"zero": booked == 0, "most": booked == most, "usage": 0 < booked != most}[cost]


@pytest.mark.parametrize("kind", ["vllm-omni", "stable-diffusion-cpp", "litellm"])
def test_three_shapes_of_errors_are_read(serve, asked, kind):
    server = serve(kind)
    server.fail("rate-limit-long")
    with pytest.raises(BackendUnavailable, match="Rate limit reached for images per day") as caught:
        OpenAIBackend(get_model(MODEL)).generate(plain(asked))
    assert caught.value.rate_limited and server.key not in str(caught.value)


def test_addresses_are_followed_only_when_the_user_says_so_and_only_home(serve, asked, monkeypatch):
    server = serve("sglang")
    sglang = load_servers()["sglang"]
    bare = OpenAIBackend(get_model(MODEL))
    bare.server = sglang.model_copy(update={"generate": ("model", "n", "size")})  # a server that does not know response_format
    with pytest.raises(AnswerInvalid, match="brandkit fetches nothing"):
        bare.generate(plain(asked))
    monkeypatch.setenv("BRANDKIT_SERVER_URLS", "same-host")
    kept = []
    assert bare.generate(plain(asked), keep=kept.append).data == server.made
    assert b"b64_json" in kept[0].body, "what is kept holds the picture, so that it can be read after a crash"
    monkeypatch.undo()


def test_an_address_elsewhere_is_never_followed(serve, asked, monkeypatch):
    server = serve()
    server.fail("url")  # http://127.0.0.1:1/picture.png: another port
    monkeypatch.setenv("BRANDKIT_SERVER_URLS", "same-host")
    with pytest.raises(AnswerInvalid, match="fetches nothing"):
        OpenAIBackend(get_model(MODEL)).generate(asked)


def test_an_unknown_kind_is_refused(monkeypatch):
    monkeypatch.setenv("BRANDKIT_SERVER", "comfy")
    with pytest.raises(InputError, match="choose one of openai"):
        OpenAIBackend(get_model(MODEL))


@pytest.mark.parametrize("edit", [False, True])
def test_previews_are_shown_and_never_accepted(serve, asked, edit):
    server = serve()
    seen = []
    backend = OpenAIBackend(
        get_model(MODEL), previews=2, on_preview=lambda name, number, data: seen.append((name[:1], number, len(data) > 99))
    )
    request = asked if edit else plain(asked)
    response = backend.generate(request)
    assert seen == [("f", 0, True), ("f", 1, True)] and response.usage["output_tokens"] > 0 and response.request_id
    without = OpenAIBackend(get_model(MODEL)).price(request)
    assert backend.price(request).most - without.most == Decimal("0.006"), "two previews of 100 tokens at $30 a million"
    server.fail("half-stream")
    with pytest.raises(BackendUnavailable, match=r"ended before the picture was finished|lost before") as caught:
        backend.generate(request)
    assert caught.value.maybe_billed and len(server.bill) == 2


def test_a_mask_goes_along_under_its_own_name(serve, asked):
    server = serve()
    buffer = io.BytesIO()
    Image.new("RGBA", Image.open(io.BytesIO(asked.references[0].data)).size, (0, 0, 0, 0)).save(buffer, "PNG")
    mask = ReferenceInput(0, "layout", "mask.png", buffer.getvalue(), "0" * 64, "image/png", "drawn")
    OpenAIBackend(get_model(MODEL)).generate(replace(asked, mask=mask))
    assert [part.name for part in server.seen[0].files] == ["image[]"] * 4 + ["mask"] and not server.rejected


def test_options_are_sent_where_the_model_takes_them(serve, asked):
    server = serve()
    request = replace(plain(asked), model="gpt-image-2.6-sunburst", options={"complexity": "high", "moderation": "low"})
    OpenAIBackend(get_model("gpt-image-2.6-sunburst")).generate(request)
    assert server.seen[0].fields["complexity"] == "high" and server.seen[0].fields["moderation"] == "low"
    with pytest.raises(InputError, match="takes no complexity: high"):
        OpenAIBackend(get_model(MODEL)).generate(replace(plain(asked), options={"complexity": "high"}))
