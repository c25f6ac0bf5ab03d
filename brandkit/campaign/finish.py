"""One asset from its raw picture: compose every file, check the main one, and put it all into a result."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from brandkit.campaign.ledger import Received
from brandkit.campaign.plan import Plan, PlannedAsset
from brandkit.check.run import check_picture
from brandkit.errors import BackendError
from brandkit.files import write_atomic
from brandkit.generate.answer import MOST_LOST, SHAPE, lost_share
from brandkit.image.load import Picture, Pixels, load_picture
from brandkit.image.region import Box
from brandkit.layout.boxes import Layout
from brandkit.layout.compose import compose
from brandkit.prompt.brief import Output
from brandkit.results import AssetResult, PictureRecord, Region

if TYPE_CHECKING:
    from PIL.Image import Image

SUFFIX = {"png": "png", "jpeg": "jpg", "webp": "webp", "svg": "svg", "pdf": "pdf"}


def finish_asset(asset: PlannedAsset, plan: Plan, out: Path, *, received: Received | None, raw: bytes | None) -> AssetResult:
    """Compose `asset` into `out`, check it, and describe it.

    Args:
        asset: The planned asset.
        plan: Its plan.
        out: Run folder.
        received: The booked picture; None for layouts that show none.
        raw: Its bytes.

    Raises:
        PictureError: The raw picture cannot be decoded.
        BackendError: It has another shape, and more than `MOST_LOST` of it would have to be cropped away.
        OutputError: A file cannot be written.
    """
    given = load_picture(raw, name=f"raw picture of {asset.id}", ground=asset.layout.ground) if raw is not None else None
    if given:
        _refuse_other_shape(asset, given)
    files, layout, notes = _composed(asset, plan.campaign.document.output, given)
    for name, data in files.items():
        write_atomic(out / name, data)
    main = next(iter(files))
    checked = check_picture(
        files[main], asset.brand, layout=layout, format=asset.format, copy=asset.copy, raw=given, crop=layout.crop,
        generated=plan.backend != "studio", brief=plan.campaign.brief(asset.concept, asset.locale), asset_id=asset.id, file=main,
    )  # fmt: skip
    made: dict[str, Any] = {"files": tuple(files), "concept": asset.concept, "format": asset.format.name, "locale": asset.locale}
    made |= {
        "variant": asset.variant,
        "template": layout.template,
        "notes": (*_shape_notes(asset, given), *notes),
        "picture": _record(asset, plan, received, given, layout.crop),
        "boxes": _boxes(layout),
    }
    return checked.model_copy(update=made)


class _Made(NamedTuple):
    """Every file of an asset by its name, the main one first, the layout as that one shows it, and what is to be told of the others."""

    files: dict[str, bytes]
    layout: Layout
    notes: list[str]


def _composed(asset: PlannedAsset, output: Output, given: Picture | None) -> _Made:
    files: dict[str, bytes] = {}
    notes: list[str] = []
    layout = asset.layout
    picture = _image(given.rgb) if given else None
    cover = _image(given.alpha) if given and given.alpha is not None else None
    for kind in sorted(output.types, key=lambda kind: kind in ("svg", "pdf")):
        composed = compose(
            asset.layout, asset.brand, picture, type=kind, quality=output.quality, clear=output.background == "transparent", cover=cover,
            focus=asset.choice.focus,
        )  # fmt: skip
        layout = layout if files else composed.layout
        name = f"{asset.stem}.{SUFFIX[kind]}"
        if files:  # what there is to say about the main file is measured by its checks
            notes += [f"{name}: {note}" for note in composed.notes]
        files[name] = composed.data
    return _Made(files, layout, notes)


def _refuse_other_shape(asset: PlannedAsset, picture: Picture) -> None:
    request = asset.request
    if request is None:
        raise ValueError(f"{asset.id} has a picture but asked for none")
    lost = lost_share((picture.width, picture.height), request)
    if lost > MOST_LOST:
        raise BackendError(
            f"the backend answered {picture.width}×{picture.height} where {request.width}×{request.height} was asked for: "
            f"{100 * lost:.0f} % of it would be cropped away, at most {100 * MOST_LOST:.0f} % may be",
            hint="the answer is kept in objects/; choose another model or size",
        )


def _shape_notes(asset: PlannedAsset, picture: Picture | None) -> list[str]:
    """What is to be told of a picture that came in another shape."""
    request = asset.request
    if picture is None or request is None or (lost := lost_share((picture.width, picture.height), request)) <= SHAPE:
        return []
    came, asked = f"{picture.width}×{picture.height}", f"{request.width}×{request.height}"
    return [f"the picture came as {came} where {asked} was asked for: {100 * lost:.0f} % of it was cropped away for that"]


def _image(pixels: Pixels) -> Image:
    from PIL import Image

    return Image.fromarray(pixels)


def _record(asset: PlannedAsset, plan: Plan, received: Received | None, given: Picture | None, crop: Box | None) -> PictureRecord | None:
    prompt, request = asset.prompt, asset.request
    if received is None or given is None or crop is None or prompt is None or request is None:
        return None
    return PictureRecord(
        backend=plan.backend,
        model=request.model,
        fingerprint=request.fingerprint,
        sha256=received.sha256,
        size=f"{given.width}x{given.height}",
        crop=(round(crop.x), round(crop.y), round(crop.w), round(crop.h)),
        cost_usd=f"{received.cost:.4f}",
        request_id=received.request_id,
        prompt=prompt.text,
        clauses=prompt.clauses,
        references=tuple(f"{reference.index}: {reference.role} ({reference.source})" for reference in request.references),
    )


def _boxes(layout: Layout) -> dict[str, Region]:
    boxes: dict[str, Box] = {slot.name: slot.box for slot in layout.slots}
    boxes["mark"] = layout.mark.box
    boxes["mark clear space"] = layout.mark.clear
    return {name: Region(x=round(box.x), y=round(box.y), w=round(box.w), h=round(box.h)) for name, box in boxes.items()}
