"""`brandkit init`: begin a kit from what a brand has."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from brandkit.cli.options import Format, FormatOption


def init_command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of the brand; made if it is missing.")],
    more: Annotated[list[Path] | None, typer.Argument(metavar="[FILE...]", help="Further files, as after --from.")] = None,
    source: Annotated[
        list[Path] | None,
        typer.Option(
            "--from", metavar="FILE", help="A logo, picture, font, token file, palette, or a folder, with those in it; repeat at will."
        ),
    ] = None,
    name: Annotated[str, typer.Option("--name", help="Name of the brand; the folder's by default.")] = "",
    format: FormatOption = Format.TEXT,
) -> None:
    """Begin a brand's kit: propose colours, roles, pairs, marks and type from files, with the evidence beside each value.

    Reads SVG and PNG logos (exact paints and their share), pictures (flat areas, measured), fonts, and all that `import` reads.
    What a person must decide stands as `# decide:` in the file and on stderr. Running it again never changes what stands in a brand.yaml:
    what is new is added as comments. Sources that give nothing are an error, and leave no kit.
    """
    from brandkit.cli.exchange_text import show_import
    from brandkit.start.begin import begin_kit

    show_import(begin_kit(folder, [*(source or ()), *(more or ())], name=name), as_json=format is Format.JSON)
