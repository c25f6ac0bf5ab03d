"""`brandkit unpack`: a kit that somebody sent as a zip, safely into a folder."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer


def unpack_command(
    archive: Annotated[Path, typer.Argument(metavar="KIT.zip", help="Zip file with a kit: brand.yaml and the files it names.")],
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder for the kit; it must not exist, or be empty.")],
) -> None:
    """Unpack a kit into DIR, whole or not at all.

    Refused are names that lead out of DIR or collide, links, archives inside, and what unfolds to more than a kit could hold. Nothing
    in the kit is run. `brandkit lint DIR` says next whether it is sound; `brandkit lint KIT.zip` says it without keeping the files.
    """
    from brandkit.brand.archive import unpack

    done = unpack(archive, folder)
    typer.echo(f"{done.folder}: {done.files} files, {done.bytes / 1e6:.1f} MB; next: brandkit lint {shlex.quote(str(done.folder))}")
