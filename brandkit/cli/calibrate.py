"""`brandkit calibrate`: fit limits to a brand's own approved pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from brandkit.cli.options import Format, FormatOption


def calibrate_command(
    brand: Annotated[Path, typer.Argument(metavar="BRAND", help="Folder of the brand, or its brand.yaml.")],
    approved: Annotated[Path, typer.Argument(metavar="APPROVED", help="Folder of pictures that the brand stands by.")],
    rejected: Annotated[
        Path | None, typer.Argument(metavar="REJECTED", help="Folder of pictures that it turned down; they never move a limit.")
    ] = None,
    alpha: Annotated[
        float, typer.Option("--alpha", metavar="RATE", help="Share of further on-brand pictures that a check may flag; 0.01 takes 99.")
    ] = 0.01,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write the calibration here; it does not apply.")] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Write calibration.json beside brand.yaml, where it applies.")] = False,
    format: FormatOption = Format.TEXT,
) -> None:
    """Fit each check's limits to APPROVED pictures, with the false-alarm rate that they promise, and show what would change.

    A picture that cannot be used is left out and named; one that crashed or exhausted the decoder also makes the exit code 3.
    """
    from brandkit.brand.calibration import CALIBRATION_FILE
    from brandkit.brand.load import load_brand
    from brandkit.check.calibrate import calibrate
    from brandkit.check.calibrated import to_json, to_text
    from brandkit.cli.progress import Progress
    from brandkit.files import require_place, write_atomic

    kit = load_brand(brand)
    targets = [target for target in (out, kit.root / CALIBRATION_FILE if apply else None) if target]
    for target in targets:
        require_place(target)
    with Progress() as progress:
        outcome = calibrate(kit, [approved], [rejected] if rejected else [], alpha=alpha, on_file=progress.count)
    for target in targets:
        write_atomic(target, outcome.calibration.to_text())
    typer.echo(to_json(outcome) if format is Format.JSON else to_text(outcome, targets), nl=False)
    if outcome.unread:
        raise typer.Exit(3)
