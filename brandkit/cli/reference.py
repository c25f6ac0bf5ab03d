"""Writes docs/cli.md, the command-line reference, from the commands themselves: `python -m brandkit.cli.reference [--check]`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from typer.testing import CliRunner

from brandkit.cli.main import app
from brandkit.files import bring_up_to_date

PAGE = Path("docs/cli.md")
WIDTH = 100  # characters; fixed, so that the page does not depend on the terminal it is made in


def reference() -> str:
    """The page: the help of `brandkit` and of every sub-command."""
    parts = ["# The command line\n", "Made by `make docs` from the commands' own help.\n", _block(_help())]
    for command in sorted(str(info.name) for info in app.registered_commands):
        parts += [f"## brandkit {command}\n", _block(_help(command))]
    return "\n".join(parts)


def _help(*command: str) -> str:
    environment = {"COLUMNS": str(WIDTH), "TERMINAL_WIDTH": str(WIDTH), "NO_COLOR": "1"}
    return CliRunner().invoke(app, [*command, "--help"], prog_name="brandkit", env=environment).output


def _block(text: str) -> str:
    lines = [line.rstrip() for line in text.strip().splitlines()]
    return "```text\n" + "\n".join(lines) + "\n```\n"


def main(arguments: Sequence[str]) -> int:
    """Write the page, or with `--check` say whether it is up to date."""
    return bring_up_to_date({PAGE: reference()}, arguments, "brandkit.cli.reference")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
