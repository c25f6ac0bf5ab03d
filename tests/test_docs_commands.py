"""Every command that a page shows can be given: its name, its options and its choices exist, and so do the demo files it names."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from enum import Enum
from pathlib import Path

import pytest
import typer

from brandkit.cli import main
from brandkit.cli.main import app

ROOT = Path(__file__).parent.parent
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "docs/decisions").glob("*.md")),
]
INLINE = re.compile(r"`(brandkit [^`\n]+)`")


def shown() -> Iterator[tuple[str, str]]:
    """Every command in a fence or in backticks, with its place."""
    for page in PAGES:
        if page.name == "cli.md":  # the commands' own help
            continue
        fenced = False
        for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
            place = f"{page.relative_to(ROOT)}:{number}"
            if line.startswith("```"):
                fenced = not fenced
            elif fenced and re.match(r"(\$ )?brandkit ", line):
                yield place, line.removeprefix("$ ")
            elif not fenced:
                yield from ((place, command) for command in INLINE.findall(line))


COMMANDS = [*shown(), *((f"help of {name}", example) for name, _, _, example in main.COMMANDS)]


def test_the_pages_show_commands():
    assert len(COMMANDS) > 50


@pytest.mark.parametrize(("place", "line"), COMMANDS, ids=[place for place, _ in COMMANDS])
def test_a_command_of_a_page_is_understood(place, line):
    words = shlex.split(re.split(r"\s(?:[#>|]|--brand …)", line)[0])[1:]
    command = typer.main.get_command(app)
    if words[0].startswith("-"):
        assert any(words[0] in parameter.opts for parameter in command.params), place
        return
    assert words[0] in command.commands, f"{place}: there is no command {words[0]!r}"
    chosen = command.commands[words[0]]
    options = {name for parameter in chosen.params for name in (*parameter.opts, *parameter.secondary_opts)} | {"-h", "--help"}
    for word in words[1:]:
        assert not word.startswith("--") or word.split("=")[0] in options, f"{place}: `brandkit {words[0]}` knows no {word}"
        if word.startswith("brands/") and not word.startswith(("brands/ours", "brands/house")):
            assert (ROOT / word).exists(), f"{place}: there is no {word}"
    for option, values in choices(chosen).items():
        if option in words[:-1]:
            value = words[words.index(option) + 1]
            assert value in values, f"{place}: {option} takes no {value}"


def choices(command) -> dict[str, list[str]]:
    """Each option that takes one of a few words, and those words."""
    found = {}
    for parameter in command.params:
        kind = parameter.type_descriptor.annotation
        if isinstance(kind, type) and issubclass(kind, Enum):
            found |= {option: [str(choice.value) for choice in kind] for option in parameter.opts}
    return found


def test_choices_are_known():
    assert "sarif" in choices(typer.main.get_command(app).commands["check"])["--format"]


@pytest.mark.parametrize("name", sorted(typer.main.get_command(app).commands))
def test_the_help_of_a_command_shows_an_example(name):
    command = typer.main.get_command(app).commands[name]
    assert f"Example: brandkit {name}" in command.epilog and command.help and len(command.short_help) <= 60
