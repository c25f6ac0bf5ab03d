"""A kit that was edited between two runs of a folder: what the old one made is set aside, so that revisions never stand mixed."""

from __future__ import annotations

from pathlib import Path

from brandkit.campaign.ledger import Ledger
from brandkit.campaign.plan import Plan
from brandkit.errors import OutputError

FOLDER = "superseded"
SHOWN = 12  # digits of a kit's hash that name its folder


def set_aside(plan: Plan, ledger: Ledger, out: Path) -> dict[str, int]:
    """Move the files of assets that another revision of their kit made to `superseded/<kit hash>/`.

    Returns:
        Folder to the number of assets moved there.

    Raises:
        OutputError: A file cannot be moved.
    """
    moved: dict[str, int] = {}
    for asset in plan.assets:
        stored = ledger.asset(asset.id)
        made_by = str(stored[1].get("kit_hash", "")) if stored else ""
        if stored is None or not made_by or made_by == asset.brand.kit_hash:
            continue
        folder = f"{FOLDER}/{made_by[:SHOWN]}"
        there = [name for name in stored[1]["files"] if (out / name).is_file()]
        try:
            for name in there:
                target = out / folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                (out / name).replace(target)
        except OSError as error:
            raise OutputError(f"cannot set {asset.id} aside: {error.strerror}", hint="check the permissions of the run folder") from error
        if there:
            moved[folder] = moved.get(folder, 0) + 1
    return moved
