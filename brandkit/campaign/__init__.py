"""The only room that knows the whole story: plan, money, pictures, composites, verdicts, record."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from brandkit.campaign.plan import Plan
    from brandkit.generate.backend import Backend


@dataclass(frozen=True)
class Job:
    """A plan with the backend that will carry it out."""

    plan: Plan
    backend: Backend


def open_plan(
    campaign: Path,
    *,
    backend: str | None = None,
    model: str | None = None,
    budget: float | None = None,
    budget_per_day: float | None = None,
    recordings: Path | None = None,
) -> Job:
    """Load a campaign and plan it.

    Args:
        campaign: Campaign file or its folder.
        backend: `studio`, `openai` or `replay`; the campaign's own choice when None.
        model: Model id; the campaign's, or the backend's default, when None.
        budget: US dollars; the campaign's own when None.
        budget_per_day: US dollars on one day (UTC); the campaign's own when None.
        recordings: Folder of recorded answers, for `replay`.

    Raises:
        BrandFileError: The brand or campaign file is wrong.
        LayoutError: Copy does not fit.
        InputError: An unknown format, template, scheme or model.
        BackendError: The backend cannot be used, e.g. for want of a key.
    """
    from brandkit.campaign.plan import make_plan
    from brandkit.generate.open import open_backend
    from brandkit.prompt.load import load_campaign
    from brandkit.prompt.models import get_model

    loaded = load_campaign(campaign)
    document = loaded.document
    name = backend or document.backend
    chosen = get_model(model or (document.model if name == document.backend else None), backend=name)
    opened = open_backend(name, model=chosen, recordings=recordings)
    caps = {"budget": _dollars(budget), "budget_per_day": _dollars(budget_per_day)}
    return Job(make_plan(loaded, opened, model=chosen, **caps), opened)


def _dollars(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))
