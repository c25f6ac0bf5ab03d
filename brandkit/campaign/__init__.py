"""The only room that knows the whole story: plan, money, pictures, composites, verdicts, record."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from brandkit.files import StrPath

if TYPE_CHECKING:
    from brandkit.campaign.plan import Plan
    from brandkit.generate.backend import Backend
    from brandkit.generate.choose import Choice, Stage
    from brandkit.prompt.brief import CampaignDocument


@dataclass(frozen=True)
class Job:
    """A plan with the backend that will carry it out."""

    plan: Plan
    backend: Backend


def open_plan(
    campaign: StrPath,
    *,
    backend: str | None = None,
    model: str | None = None,
    budget: float | None = None,
    budget_per_day: float | None = None,
    recordings: Path | None = None,
    stage: Stage = "final",
    batch: bool = False,
    previews: int = 0,
) -> Job:
    """Load a campaign and plan it.

    Args:
        campaign: Campaign file or its folder.
        backend: `studio`, `openai` or `replay`; the campaign's own choice when None.
        model: Model id, or `auto`; the campaign's, or the backend's default, when None.
        budget: US dollars; the campaign's own when None.
        budget_per_day: US dollars on one day (UTC); the campaign's own when None.
        recordings: Folder of recorded answers, for `replay`.
        stage: Whether pictures are for a quick look or to be published; a campaign may name a model for each.
        previews: Previews that each live call streams, 0 to 3; they cost a little.
        batch: Price pictures as the Batch API does, at half.

    Raises:
        BrandFileError: The brand or campaign file is wrong.
        LayoutError: Copy does not fit.
        InputError: An unknown format, template, scheme or model.
        BackendError: The backend cannot be used, e.g. for want of a key.
    """
    from brandkit.campaign.plan import make_plan
    from brandkit.check.limits import require_checks
    from brandkit.generate.open import open_backend
    from brandkit.prompt.load import load_campaign

    loaded = load_campaign(Path(campaign))
    for brand in (loaded.brand, *loaded.brands.values()):
        require_checks(brand)
    name = backend or loaded.document.backend
    chosen = _model(loaded.document, name, model, stage)
    opened = open_backend(name, model=chosen.model, recordings=recordings, previews=0 if batch else previews)
    caps = {"budget": _dollars(budget), "budget_per_day": _dollars(budget_per_day)}
    plan = make_plan(loaded, opened, model=chosen.model, chosen=chosen.why, **caps)
    return Job(_by_batch(plan) if batch else plan, opened)


def _by_batch(plan: Plan) -> Plan:
    from brandkit.campaign.batch import half

    return replace(plan, prices={fingerprint: half(price) for fingerprint, price in plan.prices.items()})


def _model(document: CampaignDocument, backend: str, asked: str | None, stage: Stage) -> Choice:
    """The model that was asked for, else the campaign's for the stage, else the backend's default; with the reason of a choice."""
    from datetime import UTC, datetime

    from brandkit.generate.choose import Choice, Need, choose_model
    from brandkit.layout.formats import get_format
    from brandkit.prompt.models import get_model

    own = document.model if isinstance(document.model, str | None) else getattr(document.model, stage)
    wanted = asked or (own if backend == document.backend else None)
    if wanted != "auto" or backend == "studio":
        return Choice(get_model(None if wanted == "auto" else wanted, backend=backend), "")
    formats = [get_format(choice.name) for choice in document.formats]
    cut_out = any(concept.scene.background == "transparent" for concept in document.concepts.values())
    need = Need(stage, transparent=cut_out, aspects=tuple(form.width / form.height for form in formats), quality=document.quality)
    return choose_model(need, today=datetime.now(UTC).date())


def _dollars(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))
