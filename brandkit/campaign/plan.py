"""The plan of a run: every asset laid out, every prompt compiled, every picture priced, before anything is spent."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

from brandkit.brand.resolve import Brand
from brandkit.check.registry import load_checks
from brandkit.edition import edition
from brandkit.errors import BrandFileError, InputError, LayoutError
from brandkit.files import slug
from brandkit.generate.backend import Backend, ImageRequest, Price
from brandkit.layout.boxes import Format, Layout
from brandkit.layout.engine import lay_out
from brandkit.layout.formats import get_format
from brandkit.metric.ocr import readers_of
from brandkit.prompt.brief import FormatChoice
from brandkit.prompt.compile import CompiledPrompt, compile_prompt
from brandkit.prompt.conflicts import Conflict, find_conflicts
from brandkit.prompt.load import Campaign
from brandkit.prompt.models import ImageModel, availability, load_models


@dataclass(frozen=True)
class PlannedAsset:
    """One asset before it exists. `request` is None for layouts that show no picture."""

    id: str
    concept: str
    choice: FormatChoice
    format: Format
    locale: str
    brand: Brand = field(repr=False)
    """The brand of its locale."""
    variant: int
    copy: dict[str, str] = field(repr=False)
    layout: Layout = field(repr=False)
    prompt: CompiledPrompt | None = field(repr=False)
    request: ImageRequest | None = field(repr=False)

    @property
    def stem(self) -> str:
        """Path of the asset's files in the run folder, without the suffix."""
        variant = f".v{self.variant}" if self.variant > 1 else ""
        return f"assets/{slug(self.concept)}/{slug(self.format.name)}.{self.locale}{variant}"


@dataclass(frozen=True)
class Plan:
    """What a run will make, what it will cost, and what speaks against it."""

    campaign: Campaign = field(repr=False)
    backend: str
    model: str
    budget: Decimal | None
    budget_per_day: Decimal | None
    assets: tuple[PlannedAsset, ...]
    prices: dict[str, Price]
    """Fingerprint of each distinct picture to its price; assets that need the same picture share it."""
    conflicts: tuple[Conflict, ...]
    chosen: str = ""
    """Why this model, where it was chosen by `auto`."""

    @property
    def usd(self) -> Decimal:
        return sum((price.usd for price in self.prices.values()), Decimal(0))

    @property
    def most(self) -> Decimal:
        return sum((price.most for price in self.prices.values()), Decimal(0))


def require_budget(plan: Plan) -> None:
    """See that somebody has said how much a paid plan may cost.

    Raises:
        InputError: Nobody has.
    """
    if plan.most and plan.budget is None and plan.budget_per_day is None:
        cost = f"it costs about ${plan.usd:.2f}, at most ${plan.most:.2f}"
        raise InputError(
            f"the plan has no budget: {cost}", hint=f"name the most it may spend, e.g. --budget {plan.most:.2f}, or budget: in the campaign"
        )


def make_plan(
    campaign: Campaign,
    backend: Backend,
    *,
    model: ImageModel,
    budget: Decimal | None = None,
    budget_per_day: Decimal | None = None,
    chosen: str = "",
) -> Plan:
    """Lay out and compile every asset of `campaign`, and price every picture. Nothing is spent or written.

    Args:
        campaign: A loaded campaign.
        backend: Prices the pictures.
        model: Decides sizes and dialect of the prompts.
        budget: US dollars; the campaign's own when None.
        budget_per_day: US dollars on one day (UTC); the campaign's own when None.
        chosen: Why this model, for people who read the plan.

    Raises:
        BrandFileError: A scene asks for a transparent background, and the model makes none.
        LayoutError: Copy that does not fit or cannot be set; all such faults of the campaign in one message.
        InputError: An unknown format, template or scheme.
    """
    document = campaign.document
    _refuse_grounds(campaign, model)
    assets = _planned_assets(campaign, model)
    requests = {asset.request.fingerprint: asset.request for asset in assets if asset.request}
    prices = {fingerprint: backend.price(request) for fingerprint, request in requests.items()}
    limit = document.budget if budget is None else budget
    daily = document.budget_per_day if budget_per_day is None else budget_per_day
    conflicts = find_conflicts(campaign, [asset.layout for asset in assets], model=model)
    return Plan(campaign, backend.id, model.id, limit, daily, tuple(assets), prices, tuple(conflicts), chosen)


def _planned_assets(campaign: Campaign, model: ImageModel) -> list[PlannedAsset]:
    assets: list[PlannedAsset] = []
    faults: dict[str, None] = {}
    for concept, choice, locale in _combinations(campaign):
        local = campaign.for_locale(locale)
        try:
            layout = _lay_out(local, concept, choice, locale)
        except InputError as error:
            faults[str(error)] = None
            continue
        for variant in range(1, campaign.document.variants + 1):
            assets.append(_planned(local, concept, choice, locale, variant, layout, model=model))
    if faults:
        raise LayoutError("\n\n".join(faults))
    return assets


def _refuse_grounds(campaign: Campaign, model: ImageModel) -> None:
    if "transparent" in model.backgrounds:
        return
    today = datetime.now(UTC).date()
    able = [other for other in load_models().values() if "transparent" in other.backgrounds and availability(other, today).level == "ok"]
    hint = f"take --backend openai --model auto, which chooses one that does, or {', '.join(other.id for other in able)}; or delete it"
    faults = [
        campaign.fault("concepts", name, "scene", "background", message=f"{model.id} makes no transparent background", hint=hint)
        for name, concept in campaign.document.concepts.items()
        if concept.scene.background == "transparent"
    ]
    if faults:
        raise BrandFileError(faults)


def _planned(
    campaign: Campaign, concept: str, choice: FormatChoice, locale: str, variant: int, layout: Layout, *, model: ImageModel
) -> PlannedAsset:
    prompt = request = None
    if layout.picture is not None:
        prompt = compile_prompt(campaign, concept, choice, layout, model=model, quality=campaign.document.quality, variant=variant)
        request = ImageRequest(
            model=prompt.model,
            prompt=prompt.text,
            width=prompt.width,
            height=prompt.height,
            quality=prompt.quality,
            references=prompt.references,
            scene=prompt.scene,
            brand=campaign.brand,
            output_format=prompt.output_format,
            background=prompt.background,
            options=prompt.options,
            fingerprint=prompt.fingerprint,
        )
    name = f"{concept}/{layout.format.name}/{locale}" + (f"/{variant}" if variant > 1 else "")
    copy = {str(slot): text for slot, text in campaign.document.concepts[concept].copy_[locale].items()}
    return PlannedAsset(name, concept, choice, layout.format, locale, campaign.brand, variant, copy, layout, prompt, request)


def asset_key(asset: PlannedAsset, plan: Plan) -> str:
    """SHA-256 over everything an asset is made from and judged by: the same key means that nothing needs doing again."""
    parts = {
        "edition": edition(),
        "kit": asset.brand.kit_hash,
        "picture": asset.request.fingerprint if asset.request else "",
        "layout": asset.layout.data,
        "topics": plan.campaign.document.concepts[asset.concept].topics,
        "output": plan.campaign.document.output.model_dump(mode="json"),
        "checks": {check.id: check.version for check in load_checks()},
        "id": asset.id,
        "readers": readers_of(["Latin", *asset.copy.values()]),
    }
    if asset.choice.focus:
        parts["focus"] = [str(part) for part in asset.choice.focus]
    if calibration := asset.brand.calibration:
        parts["calibration"] = calibration.digest
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


def _combinations(campaign: Campaign) -> Iterator[tuple[str, FormatChoice, str]]:
    for concept in campaign.document.concepts:
        for choice in campaign.document.formats:
            for locale in campaign.document.locales:
                yield concept, choice, locale


def _lay_out(campaign: Campaign, concept: str, choice: FormatChoice, locale: str) -> Layout:
    brief = campaign.document.concepts[concept]
    return lay_out(
        campaign.brand,
        copy={str(slot): text for slot, text in brief.copy_[locale].items()},
        format=get_format(choice.name),
        locale=locale,
        template=choice.template or brief.template,
        scheme=choice.scheme or brief.scheme,
        drop=choice.drop,
    )
