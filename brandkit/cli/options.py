"""Arguments and options that several commands share."""

from __future__ import annotations

import os
import shutil
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Format(StrEnum):
    """What a command prints."""

    TEXT = "text"
    JSON = "json"


class ReportFormat(StrEnum):
    """What a report is printed as."""

    TEXT = "text"
    JSON = "json"
    HTML = "html"
    JUNIT = "junit"
    SARIF = "sarif"
    MARKDOWN = "markdown"


class Gate(StrEnum):
    """From which verdict on a command exits with 1."""

    REVIEW = "review"
    FAIL = "fail"


class BackendName(StrEnum):
    """Who makes the pictures."""

    STUDIO = "studio"
    OPENAI = "openai"
    REPLAY = "replay"


def on_terminal() -> bool:
    """Whether stdout is a terminal that may be coloured (https://no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def terminal_width() -> int | None:
    """Characters in a line of the terminal; None where stdout is a file or a pipe."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


class StageName(StrEnum):
    """What pictures are for."""

    DRAFT = "draft"
    FINAL = "final"


CampaignPath = Annotated[Path, typer.Argument(metavar="CAMPAIGN", help="Campaign file, or the folder that holds campaign.yaml.")]
FormatOption = Annotated[Format, typer.Option("--format", help="What to print on stdout.")]
ReportFormatOption = Annotated[
    ReportFormat,
    typer.Option("--format", help="What to print on stdout: junit for build servers, sarif for code hosts, markdown for comments."),
]
FailOn = Annotated[
    Gate, typer.Option("--fail-on", help="Exit 1 already when an asset waits for a person (review), or only when one fails.")
]
Only = Annotated[list[str] | None, typer.Option("--only", metavar="ID", help="Make this check only; may be repeated.")]
Skip = Annotated[list[str] | None, typer.Option("--skip", metavar="ID", help="Leave this check out; may be repeated.")]
BackendOption = Annotated[
    BackendName | None, typer.Option("--backend", help="Who makes the pictures; the campaign's own choice by default.")
]
ModelOption = Annotated[
    str | None, typer.Option("--model", metavar="ID", help="Model of the backend, e.g. gpt-image-2.5-sunburst; auto takes the best fit.")
]
StageOption = Annotated[StageName, typer.Option("--stage", help="Which of the campaign's models to take, and what auto looks for.")]
BudgetOption = Annotated[
    float | None,
    typer.Option("--budget", min=0, metavar="USD", help="The most that may be spent in this run folder, all runs together."),
]
DayBudgetOption = Annotated[
    float | None,
    typer.Option("--budget-per-day", min=0, metavar="USD", help="The most that may be spent in this run folder on one day (UTC)."),
]
ParallelOption = Annotated[
    int | None, typer.Option("--parallel", min=1, max=64, metavar="N", help="Calls under way at once; 4 by default where they cost money.")
]
BatchOption = Annotated[
    bool, typer.Option("--batch", help="By the provider's Batch API: half the price, within a day. Run again with --resume to collect.")
]
RecordingsOption = Annotated[Path | None, typer.Option("--recordings", metavar="DIR", help="Recorded answers for --backend replay.")]
RecordOption = Annotated[
    Path | None, typer.Option("--record", metavar="DIR", help="Also record every answer, for --backend replay --recordings DIR.")
]
PreviewsOption = Annotated[
    int, typer.Option("--previews", min=0, max=3, help="Stream previews into DIR/previews; each costs 100 output tokens.")
]
RetryOption = Annotated[bool, typer.Option("--retry-unknown", help="Buy pictures again whose answers were lost and may have been billed.")]
ResumeOption = Annotated[bool, typer.Option("--resume", help="Collect batches and finish what stands; buy nothing new.")]
