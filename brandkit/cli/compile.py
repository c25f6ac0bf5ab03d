"""`brandkit compile`: the prompt, its sources and the exact parameters, without sending them."""

from __future__ import annotations

from typing import Annotated

import typer

from brandkit.cli.options import BackendOption, CampaignPath, Format, FormatOption, ModelOption, StageName, StageOption


def compile_command(
    campaign: CampaignPath,
    asset: Annotated[str | None, typer.Option("--asset", metavar="ID", help="Only this asset (see `brandkit plan`).")] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Print every clause with its level and the line it comes from.")] = False,
    backend: BackendOption = None,
    model: ModelOption = None,
    stage: StageOption = StageName.FINAL,
    format: FormatOption = Format.TEXT,
) -> None:
    """Print prompts, reference inputs and parameters exactly as they would be sent. Nothing is spent."""
    from brandkit.campaign import open_plan
    from brandkit.campaign.show import show_prompts

    plan = open_plan(campaign, backend=backend, model=model, stage=stage.value).plan
    typer.echo(show_prompts(plan, format.value, asset=asset, explain=explain), nl=False)
