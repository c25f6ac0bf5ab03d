"""`brandkit plan`: what a run would make and cost."""

from __future__ import annotations

from typing import Any

import typer

from brandkit.cli.options import (
    BackendOption,
    BatchOption,
    BudgetOption,
    CampaignPath,
    DayBudgetOption,
    Format,
    FormatOption,
    ModelOption,
    RecordingsOption,
    StageName,
    StageOption,
)


def plan_command(
    campaign: CampaignPath,
    backend: BackendOption = None,
    model: ModelOption = None,
    stage: StageOption = StageName.FINAL,
    batch: BatchOption = False,
    budget: BudgetOption = None,
    budget_per_day: DayBudgetOption = None,
    recordings: RecordingsOption = None,
    format: FormatOption = Format.TEXT,
) -> None:
    """Show what `run` would make: assets, pictures, prices and conflicts. Nothing is spent or written."""
    from brandkit.campaign import open_plan
    from brandkit.campaign.show import show_plan

    choice: dict[str, Any] = {"backend": backend, "model": model, "stage": stage.value, "batch": batch}
    plan = open_plan(campaign, **choice, budget=budget, budget_per_day=budget_per_day, recordings=recordings).plan
    typer.echo(show_plan(plan, format.value), nl=False)
