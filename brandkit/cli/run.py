"""`brandkit run`: make, compose, check and report a campaign."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from brandkit.cli.options import (
    BackendOption,
    BatchOption,
    BudgetOption,
    CampaignPath,
    DayBudgetOption,
    FailOn,
    Gate,
    ModelOption,
    ParallelOption,
    PreviewsOption,
    RecordingsOption,
    RecordOption,
    ReportFormat,
    ReportFormatOption,
    ResumeOption,
    RetryOption,
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
    previews: PreviewsOption = 0,
    recordings: RecordingsOption = None,
    record: RecordOption = None,
    retry_unknown: RetryOption = False,
    resume: ResumeOption = False,
    fail_on: FailOn = Gate.REVIEW,
    format: ReportFormatOption = ReportFormat.TEXT,
) -> None:
    """Make every asset of CAMPAIGN into DIR, check each one, and write report.html and run.json beside them."""
    from brandkit.campaign import open_plan
    from brandkit.campaign.plan import require_budget
    from brandkit.campaign.run import run_plan
    from brandkit.cli.ending import end, show_result
    from brandkit.cli.progress import Progress

    choice: dict[str, Any] = {"backend": backend, "model": model, "stage": stage.value, "batch": batch, "previews": previews}
    options: dict[str, Any] = {"retry_unknown": retry_unknown, "batch": batch, "resume": resume, "record": record, "parallel": parallel}
    job = open_plan(campaign, **choice, budget=budget, budget_per_day=budget_per_day, recordings=recordings)
    if not resume:
        require_budget(job.plan)
    with Progress() as progress:
        result = run_plan(job.plan, job.backend, out, **options, on_event=progress)
    show_result(result, format, fail_on, root=out)
    typer.echo(f"{out / 'report.html'}", err=True)
    end(result, fail_on)
