"""Plans, prompts and formats as text or JSON for the command line."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from brandkit.campaign.plan import Plan, PlannedAsset
from brandkit.errors import InputError
from brandkit.layout.boxes import Format

FIGURES = """
confirmed: read in the platform's own words; secondary: as others state them;
convention: common practice; unconfirmed: one of them was found nowhere. Look at the source before a large run.
"""


def show_plan(plan: Plan, format: str) -> str:
    """The plan as a table (`text`) or one JSON document (`json`)."""
    return _json(_plan_values(plan)) if format == "json" else _plan_text(plan)


def show_prompts(plan: Plan, format: str, *, asset: str | None, explain: bool) -> str:
    """Prompts, references and parameters of one asset or of each distinct picture.

    Raises:
        InputError: There is no asset called `asset`.
    """
    chosen = [item for item in plan.assets if asset is None or item.id == asset]
    if not chosen:
        raise InputError(f"the campaign has no asset {asset!r}", hint=f"choose one of: {', '.join(item.id for item in plan.assets)}")
    if asset is None:
        chosen = list({item.request.fingerprint: item for item in reversed(chosen) if item.request}.values())[::-1]
    if format == "json":
        return _json([_prompt_values(item) for item in chosen])
    return "\n".join(_prompt_text(item, explain=explain) for item in chosen)


def show_formats(formats: Mapping[str, Format], format: str) -> str:
    """The catalogue of placements."""
    rows = [
        {
            "name": item.name,
            "title": item.title,
            "platform": item.platform,
            "width": item.width,
            "height": item.height,
            "safe": {"top": item.safe.top, "right": item.safe.right, "bottom": item.safe.bottom, "left": item.safe.left},
            "max_kb": item.max_kb,
            "confidence": item.confidence,
            "checked": item.checked or None,
            "source": item.source,
            "note": item.note,
        }
        for item in formats.values()
    ]
    if format == "json":
        return _json(rows)
    cells = [(item.name, f"{item.width}×{item.height}", item.platform, item.confidence, item.source) for item in formats.values()]
    return table(("format", "pixels", "platform", "figures", "source"), cells) + FIGURES


def table(head: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[int] = ()) -> str:
    """A plain text table; columns listed in `right` are aligned right."""
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    lines = [
        "  ".join(cell.rjust(width) if i in right else cell.ljust(width) for i, (cell, width) in enumerate(zip(row, widths, strict=True)))
        for row in (head, tuple("─" * width for width in widths), *rows)
    ]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _plan_text(plan: Plan) -> str:
    seen: set[str] = set()
    rows = []
    for asset in plan.assets:
        price = "shared" if asset.request and asset.request.fingerprint in seen else _price(plan, asset)
        if asset.request:
            seen.add(asset.request.fingerprint)
        size = f"{asset.request.width}×{asset.request.height}" if asset.request else "no picture"
        dropped = f"without {', '.join(asset.layout.dropped)}" if asset.layout.dropped else ""
        rows.append((asset.id, f"{asset.format.width}×{asset.format.height}", asset.layout.template, size, price, dropped))
    lines = [table(("asset", "pixels", "template", "picture", "USD", ""), rows, right=(1, 3, 4))]
    model = f" with {plan.model}" if plan.model not in plan.backend else ""
    counts = f"{_count(len(plan.assets), 'asset')} from {_count(len(plan.prices), 'picture')}"
    lines.append(f"{counts} by {plan.backend}{model}: {_money(plan)}\n")
    if plan.chosen:
        lines.append(f"model: {plan.model}, {plan.chosen}\n")
    for conflict in plan.conflicts:
        lines.append(f"{conflict.level.value}: {conflict.place}: {conflict.message}\n  {conflict.remedy}\n")
    return "".join(lines)


def _price(plan: Plan, asset: PlannedAsset) -> str:
    return f"{plan.prices[asset.request.fingerprint].usd:.4f}" if asset.request else "–"


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _money(plan: Plan) -> str:
    if not plan.most:
        return "free"
    budget = "no budget is set" if plan.budget is None else f"the budget is ${plan.budget:.2f}"
    short = " and does not cover it" if plan.budget is not None and plan.most > plan.budget else ""
    return f"about ${plan.usd:.2f}, at most ${plan.most:.2f}; {budget}{short}"


def _plan_values(plan: Plan) -> dict[str, Any]:
    return {
        "schema_version": "brandkit/plan@1",
        "brand": plan.campaign.brand.name,
        "campaign": plan.campaign.document.name,
        "kit_hash": plan.campaign.brand.kit_hash,
        "backend": plan.backend,
        "model": plan.model,
        "model_chosen": plan.chosen or None,
        "usd": f"{plan.usd:.4f}",
        "usd_most": f"{plan.most:.4f}",
        "budget_usd": None if plan.budget is None else f"{plan.budget:.2f}",
        "assets": [
            {
                "id": asset.id,
                "format": asset.format.name,
                "width": asset.format.width,
                "height": asset.format.height,
                "locale": asset.locale,
                "template": asset.layout.template,
                "dropped": list(asset.layout.dropped),
                "picture": asset.request.fingerprint if asset.request else None,
            }
            for asset in plan.assets
        ],
        "pictures": {
            fingerprint: {"usd": f"{price.usd:.4f}", "usd_most": f"{price.most:.4f}", "basis": price.basis}
            for fingerprint, price in plan.prices.items()
        },
        "conflicts": [
            {"level": conflict.level.value, "place": conflict.place, "message": conflict.message, "remedy": conflict.remedy}
            for conflict in plan.conflicts
        ],
    }


def _prompt_values(asset: PlannedAsset) -> dict[str, Any]:
    prompt, request = asset.prompt, asset.request
    if prompt is None or request is None:
        return {"asset": asset.id, "prompt": None}
    return {
        "asset": asset.id,
        "fingerprint": request.fingerprint,
        "parameters": dict(prompt.parameters),
        "crop": [prompt.crop.x, prompt.crop.y, prompt.crop.w, prompt.crop.h],
        "prompt": prompt.text,
        "clauses": [clause.model_dump(mode="json") for clause in prompt.clauses],
        "references": [
            {
                "index": item.index,
                "role": item.role,
                "name": item.name,
                "sha256": item.sha256,
                "bytes": len(item.data),
                "source": item.source,
            }
            for item in prompt.references
        ],
    }


def _prompt_text(asset: PlannedAsset, *, explain: bool) -> str:
    prompt, request = asset.prompt, asset.request
    if prompt is None or request is None:
        return f"# {asset.id}\nThe {asset.layout.template} template shows no picture: nothing is asked of a model.\n"
    lines = [f"# {asset.id}", f"fingerprint {request.fingerprint}", "", prompt.text.rstrip(), ""]
    if explain:
        lines += ["## Clauses and their sources"]
        lines += [f"{clause.level.value:<6} {clause.section}: {clause.text}\n       {clause.source}" for clause in prompt.clauses] + [""]
    lines += ["## References, in upload order"]
    lines += [f"{item.index}. {item.role}: {item.name}, {len(item.data)} bytes, from {item.source}" for item in prompt.references] or [
        "none"
    ]
    crop = prompt.crop
    lines += ["", "## Parameters", *(f"{name}: {value}" for name, value in prompt.parameters.items())]
    lines += [f"crop used: {crop.w:.0f}×{crop.h:.0f} at {crop.x:.0f},{crop.y:.0f}", ""]
    return "\n".join(lines)


def _json(values: object) -> str:
    return json.dumps(values, indent=2, ensure_ascii=False) + "\n"
