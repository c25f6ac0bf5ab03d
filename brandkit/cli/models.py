"""`brandkit models`: the catalogue of image models."""

from __future__ import annotations

from typing import Annotated

import typer

from brandkit.cli.options import Format, FormatOption


def models_command(
    model: Annotated[str | None, typer.Argument(metavar="[ID]", help="One model, with everything that is known of it.")] = None,
    format: FormatOption = Format.TEXT,
) -> None:
    """List the image models: qualities, sizes, prices, when each is switched off, and how well its facts are known.

    The environment variable BRANDKIT_MODELS may name a TOML file of your own, in the shape of brandkit/prompt/models.toml, that is
    laid over the catalogue key by key: for prices of your contract, or for a model that came out after this version.
    """
    from brandkit.campaign.show_models import show_models

    typer.echo(show_models(model, format.value), nl=False)
