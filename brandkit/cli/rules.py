"""`brandkit rules`: what `brandkit lint` looks for, why, and how to write it instead."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from brandkit.cli.options import Format, FormatOption


def rules_command(
    rule: Annotated[str | None, typer.Argument(metavar="[ID]", help="Explain this rule instead of listing all.")] = None,
    format: FormatOption = Format.TEXT,
) -> None:
    """List the rules for brand kits with their levels and fixes, or explain one with its reason and examples."""
    from brandkit.brand.rule_words import describe_rules, explain_rule, list_rules

    if format is Format.JSON:
        text = json.dumps(describe_rules(rule), indent=2, ensure_ascii=False) + "\n"
    else:
        text = list_rules() if rule is None else explain_rule(rule)
    typer.echo(text, nl=False)
