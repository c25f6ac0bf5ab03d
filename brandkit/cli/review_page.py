"""What `brandkit review` does: serve the page and say how it went, or list what is open and decided."""

from __future__ import annotations

import fcntl
import getpass
import json
import sys
from pathlib import Path

import typer

from brandkit.files import write_atomic
from brandkit.report import render
from brandkit.report.words import SHAPES, WORDS, decided_words, standing_words
from brandkit.results import AssetResult
from brandkit.review.desk import Desk, is_open, key_of, risk
from brandkit.review.kit import KitReference
from brandkit.review.log import DecisionLog, plain
from brandkit.review.standing import read_run, standing_run
from brandkit.review.view import headline, state

REPORTED = 100  # assets up to which the report is made anew when the review ends: each takes about a tenth of a second


def serve_page(out: Path, files: Path, *, kit: Path | None, reviewer: str | None, port: int, browser: bool) -> None:
    """Serve the page until it is stopped; the address goes to stdout."""
    import webbrowser

    from brandkit.review.serve import Address, serve

    desk = Desk(out, files, reviewer or _login(), _references(kit, out) if kit else ())
    before = len(desk.log.read())

    def ready(address: Address) -> None:
        typer.echo(address.url)
        sys.stdout.flush()
        typer.echo("brandkit: open this address in a browser on this machine; Ctrl-C ends the review", err=True)
        if browser:
            webbrowser.open(address.once)

    _warn(desk.log)
    serve(desk, port=port, ready=ready)
    made = len(desk.log.read()) - before
    left = sum(is_open(asset) for asset in desk.queue().assets.values())
    typer.echo(
        f"brandkit: {made} decision{'s' if made != 1 else ''} recorded, {left} open; brandkit report {out} shows what stands", err=True
    )
    if made:
        _refresh_report(out, files)


def _references(kit: Path, out: Path) -> list[KitReference]:
    """The kit's references that can be read; the others are told, and so is a kit that is not the one of the run."""
    from brandkit.brand.load import load_brand
    from brandkit.review.kit import kit_references

    brand = load_brand(kit)
    found = list(kit_references(brand))
    if brand.kit_hash != read_run(out).kit_hash:
        typer.echo(f"brandkit: {kit} is not, or no longer, the kit of this run; its references are shown as they are now", err=True)
    if not found:
        typer.echo(f"brandkit: {kit} names no reference pictures (imagery.references)", err=True)
    for each in found:
        if not isinstance(each, KitReference):
            typer.echo(f"brandkit: not shown: {each.message}", err=True)
    return [each for each in found if isinstance(each, KitReference)]


def _refresh_report(out: Path, files: Path) -> None:
    """Make report.html anew with what was decided; left to the run where one is at work, and to a command where it takes long."""
    result = standing_run(out, files)
    if in_use(out):
        return
    if len(result.assets) > REPORTED:
        typer.echo(f"brandkit: brandkit report {out} --format html > {out / 'report.html'} makes the page anew", err=True)
        return
    typer.echo(f"brandkit: writing {out / 'report.html'}", err=True)
    write_atomic(out / "report.html", render(result, "html", root=files))


def list_decisions(out: Path, files: Path, *, as_json: bool, accept_review: bool) -> int:
    """Print the assets that are open and those that were decided, the riskiest first; gives the exit code."""
    result = standing_run(out, files)
    assets = sorted(
        (asset for asset in result.assets if is_open(asset) or asset.decision), key=lambda asset: (not is_open(asset), *risk(asset))
    )
    _warn(DecisionLog(out))
    if as_json:
        parts = {"schema_version": "brandkit/review@1", "brand": result.brand, "kit_hash": result.kit_hash}
        document = parts | {"assets": [_entry(asset) for asset in assets]}
        typer.echo(json.dumps(document, indent=2, ensure_ascii=False))
    else:
        for asset in assets:
            typer.echo(f"{state(asset):<9} {SHAPES[asset.verdict]} {WORDS[asset.verdict]:<11} {plain(asset.file)}")
            for words in filter(None, (standing_words(asset), headline(asset) if is_open(asset) else "")):
                typer.echo(f"{'':<9} {plain(words)}")
        open_ = sum(map(is_open, result.assets))
        typer.echo(
            f"{len(result.assets)} asset{'s' if len(result.assets) != 1 else ''}: {open_} open"
            + (f", {words}" if (words := decided_words(assets)) else "")
        )
    return result.exit_code(accept_review=accept_review)


def _entry(asset: AssetResult) -> dict[str, object]:
    decision = asset.decision.model_dump(mode="json", exclude={"token"}) if asset.decision else None
    return {
        "id": asset.id,
        "key": key_of(asset),
        "file": asset.file,
        "sha256": asset.sha256,
        "verdict": asset.verdict.value,
        "state": state(asset),
        "open": is_open(asset),
        "against": headline(asset),
        "stale": asset.stale,
        "decision": decision,
    }


def in_use(out: Path) -> bool:
    """Whether a run is at work in the folder; it writes its report itself when it ends."""
    try:
        with (out / ".lock").open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False


def _warn(log: DecisionLog) -> None:
    log.read()
    if log.torn:
        typer.echo(
            f"brandkit: the last line of {log.path} was cut short by a crash and is no decision; the next one puts it into decisions.torn",
            err=True,
        )


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no such user on this machine, as in some containers
        return "reviewer"
