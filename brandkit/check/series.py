"""The check that needs all pictures of a run: each against the middle of its series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from brandkit.brand.resolve import Brand
from brandkit.check.ahead import read_ahead
from brandkit.check.registry import load_checks
from brandkit.check.run import run_check
from brandkit.check.subject import Subject
from brandkit.image.load import Picture
from brandkit.metric.series import LEAST, Look, read_look, read_series
from brandkit.results import AssetResult, asset_verdict

ID = "series-drift"


def check_series(assets: Sequence[AssetResult], root: Path, brand: Brand) -> tuple[AssetResult, ...]:
    """Put every asset's place in the series into its result.

    Args:
        assets: The assets of one run, checked one by one.
        root: Folder that their files are relative to.
        brand: The brand.

    Returns:
        The same assets in the same order, with `series-drift` made and the verdict decided anew; unchanged where there are
        fewer than four that can be read.
    """
    looks: dict[int, Look] = {}
    shown: dict[int, Picture] = {}
    readable = [index for index, asset in enumerate(assets) if asset.width]
    for index, picture in zip(readable, read_ahead([root / assets[index].file for index in readable]), strict=True):
        if isinstance(picture, Picture):  # its own checks have reported what is wrong with others
            looks[index], shown[index] = read_look(picture.rgb), _reduced(picture)
    if len(looks) < LEAST:
        return tuple(assets)
    readings = dict(zip(looks, read_series(list(looks.values())), strict=True))
    declared = load_checks()[ID]
    done = []
    for index, asset in enumerate(assets):
        if index not in readings:
            done.append(asset)
            continue
        result = run_check(declared, Subject(shown[index], brand, series=readings[index]))
        checks = tuple(result if made.check == ID else made for made in asset.checks)
        done.append(asset.model_copy(update={"checks": checks, "verdict": asset_verdict(checks)}))
    return tuple(done)


def _reduced(picture: Picture) -> Picture:
    """One pixel of the picture with all that is known about its file: the reading is made, and a run may hold thousands."""
    return replace(picture, rgb=picture.rgb[:1, :1].copy(), alpha=None, width=1, height=1)
