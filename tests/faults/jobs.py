"""A small paid campaign against the loopback provider."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from brandkit.campaign.batch import half
from brandkit.campaign.plan import Plan, make_plan
from brandkit.campaign.run import run_plan
from brandkit.generate.backend import Backend
from brandkit.generate.open import open_backend
from brandkit.prompt.brief import FormatChoice
from brandkit.prompt.load import load_campaign
from brandkit.prompt.models import get_model
from brandkit.results import RunResult
from brandkit.testing.provider import Provider

HALFPAST = Path(__file__).parents[2] / "brands/halfpast"
MODEL = get_model("gpt-image-2.5-flare")
FORMATS = {  # by the shape of one of their pictures; the others are nearly square
    "upright": ("google-half-page", "x-card", "open-graph"),
    "wide": ("instagram-post", "x-card", "open-graph"),
}


def campaign_of(folder=HALFPAST, formats=("google-medium-rectangle", "google-half-page")):
    loaded = load_campaign(folder / "campaigns/every-half-hour")
    chosen = [FormatChoice(name=name, template="split") for name in formats]
    return replace(loaded, document=loaded.document.model_copy(update={"formats": chosen, "locales": ["en"], "quality": "low"}))


@dataclass(frozen=True)
class Job:
    plan: Plan
    backend: Backend
    server: Provider | None = None

    def run(self, out: Path, *, batch: bool = False, **options: Any) -> RunResult:
        prices = {name: half(price) if batch else price for name, price in self.plan.prices.items()}
        return run_plan(replace(self.plan, prices=prices), self.backend, out, batch=batch, **options)


def job_at(formats=("google-medium-rectangle", "google-half-page")) -> Job:
    """A job for the provider that the environment names."""
    backend = open_backend("openai", model=MODEL)
    return Job(make_plan(campaign_of(formats=formats), backend, model=MODEL, budget=Decimal(5)), backend)


@contextmanager
def job_of(monkeypatch, formats=("google-medium-rectangle", "google-half-page")):
    """A job with a provider of its own."""
    with Provider() as server:
        monkeypatch.setenv("OPENAI_API_KEY", server.key)
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        yield replace(job_at(formats), server=server)
