"""`brandkit formats`: the catalogue of placements."""

from __future__ import annotations

import typer

from brandkit.cli.options import Format, FormatOption


def formats_command(format: FormatOption = Format.TEXT) -> None:
    """List the placements that campaigns can name: pixels, safe zone, file weight and the source of the figures."""
    from brandkit.campaign.show import show_formats
    from brandkit.layout.formats import load_formats

    typer.echo(show_formats(load_formats(), format.value), nl=False)
