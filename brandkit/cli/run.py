"""`brandkit run`: make, compose, check and report a campaign."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from brandkit.cli.options import (
    BackendOption,
    BatchOption,
    BudgetOption,
    CampaignPath,
    DayBudgetOption,
    FailOn,
    Format,
    FormatOption,
    Gate,
    ModelOption,
    ParallelOption,
    RecordingsOption,
    StageName,
    StageOption,
)


def run_command(
    campaign: CampaignPath,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Run folder; the same folder again resumes.")],
    backend: BackendOption = None,
    model: ModelOption = None,
    stage: StageOption = StageName.FINAL,
    batch: BatchOption = False,
    budget: BudgetOption = None,
    budget_per_day: DayBudgetOption = None,
    parallel: ParallelOption = None,
    previews: Annotated[
        int,
        typer.Option("--previews", min=0, max=3, help="Stream previews into DIR/previews; each costs 100 output tokens."),
    ] = 0,
    recordings: RecordingsOption = None,
    record: Annotated[
        Path | None, typer.Option("--record", metavar="DIR", help="Also record every answer, for --backend replay --recordings DIR.")
    ] = None,
    retry_unknown: Annotated[
        bool, typer.Option("--retry-unknown", help="Buy pictures again whose answers were lost and may have been billed.")
    ] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Collect batches and finish what stands; buy nothing new.")] = False,
    fail_on: FailOn = Gate.REVIEW,
    format: FormatOption = Format.TEXT,
) -> None:
    """Make every asset of CAMPAIGN into DIR, check each one, and write report.html and run.json beside them."""
    from brandkit.campaign import open_plan
    from brandkit.campaign.run import run_plan
    from brandkit.cli.progress import Progress
    from brandkit.report import render

    job = open_plan(
        campaign,
        backend=backend,
        model=model,
        stage=stage.value,
        batch=batch,
        previews=previews,
        budget=budget,
        budget_per_day=budget_per_day,
        recordings=recordings,
    )
    with Progress() as progress:
        options = {"retry_unknown": retry_unknown, "batch": batch, "resume": resume}
        result = run_plan(job.plan, job.backend, out, **options, record=record, parallel=parallel, on_event=progress)
    typer.echo(render(result, format.value, root=out), nl=False)
    typer.echo(f"{out / 'report.html'}", err=True)
    raise typer.Exit(result.exit_code(accept_review=fail_on is Gate.FAIL))
