"""What `import`, `export` and `init` print."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from brandkit.errors import InputError
from brandkit.files import write_atomic

if TYPE_CHECKING:
    from brandkit.brand.exchange.exporting import Exported
    from brandkit.brand.exchange.importing import Imported
    from brandkit.brand.exchange.sketch import Remark

SINGULAR = {"colors": "color", "families": "family", "styles": "style", "marks": "mark", "pairs": "pair"}
SHOWN = 12  # remarks of one kind that people are shown; --format json lists all


def contexts_of(texts: Iterable[str]) -> dict[str, str]:
    """`theme=dark` and so on as a mapping.

    Raises:
        InputError: One has no `=`.
    """
    pairs = [text.partition("=") for text in texts]
    if wrong := [name for name, sign, value in pairs if not (name and sign and value)]:
        raise InputError(f"{wrong[0]!r} is no context", hint="write NAME=VALUE, e.g. --context theme=dark")
    return {name: value for name, _, value in pairs}


def show_import(result: Imported, *, as_json: bool) -> None:
    """Print an import: the brand file on stdout, the rest on stderr."""
    if as_json:
        typer.echo(json.dumps(result.to_json(), indent=2, ensure_ascii=False))
        return
    _remarks(result.remarks)
    took = ", ".join(f"{count} {SINGULAR[what] if count == 1 else what}" for what, count in result.took.items() if count)
    typer.echo(f"took: {took or 'nothing'}", err=True)
    for line in result.guessed:
        typer.echo(f"guessed: {line}", err=True)
    for line in result.decide:
        typer.echo(f"decide: {line}", err=True)
    if result.added:
        typer.echo("the brand file was there: what is new stands in comments at its end, nothing was changed", err=True)
    typer.echo(result.lint.to_text(), err=True, nl=False)
    folder = shlex.quote(str(result.file.parent))
    typer.echo(
        f"next: edit {shlex.quote(str(result.file))}; then `brandkit check PICTURE --brand {folder}`, or `brandkit book {folder}`", err=True
    )
    typer.echo(str(result.file))


def show_export(result: Exported, out: Path | None, *, as_json: bool) -> None:
    """Print an export: its bytes on stdout or into `out`, remarks on stderr (or as JSON on stdout)."""
    if as_json and out is None:
        raise InputError("--format json prints the remarks, so the file needs a place", hint="add --out FILE")
    if out is not None:
        write_atomic(out, result.data)
    if as_json:
        typer.echo(json.dumps(result.to_json(), indent=2, ensure_ascii=False))
        return
    _remarks(result.remarks)
    if out is not None:
        typer.echo(str(out))
    else:
        sys.stdout.buffer.write(result.data)
        sys.stdout.flush()


def _remarks(remarks: Sequence[Remark]) -> None:
    for kind in ("broken", "left-out", "guessed"):
        found = [remark for remark in remarks if remark.kind == kind]
        for remark in found[:SHOWN]:
            typer.echo(str(remark), err=True)
        if len(found) > SHOWN:
            typer.echo(f"… and {len(found) - SHOWN} more {kind}; --format json lists all", err=True)
