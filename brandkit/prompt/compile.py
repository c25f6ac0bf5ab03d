"""The prompt compiler: brand, concept and layout become sections of clauses, reference pictures, exact parameters and a fingerprint."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from brandkit.errors import InputError
from brandkit.files import sha256_file
from brandkit.image.region import Box
from brandkit.layout.boxes import Layout
from brandkit.prompt import clauses as write
from brandkit.prompt.brief import FormatChoice
from brandkit.prompt.clauses import TITLES, Frame
from brandkit.prompt.dialect import dialect_for
from brandkit.prompt.models import ImageModel
from brandkit.prompt.references import build_references, given_references, kept_references
from brandkit.prompt.request import ReferenceInput, SceneRequest
from brandkit.prompt.roles import keep_clauses, reference_clauses
from brandkit.prompt.sizes import SizePlan, plan_picture
from brandkit.results import Level, Source

if TYPE_CHECKING:
    from brandkit.prompt.load import Campaign

FINGERPRINT = "brandkit/picture@1"  # raise it when the same input must give another picture


@dataclass(frozen=True)
class Section:
    """One part of the prompt, in the fixed order of all prompts."""

    name: str
    title: str
    clauses: tuple[Source, ...]


@dataclass(frozen=True)
class CompiledPrompt:
    """All that a backend needs for one picture, and why."""

    text: str
    sections: tuple[Section, ...]
    clauses: tuple[Source, ...]
    references: tuple[ReferenceInput, ...]
    """In upload order."""
    scene: SceneRequest
    model: str
    quality: str
    width: int
    height: int
    crop: Box
    """The part of the answer that fills the layout's picture, in whole pixels of the answer."""
    upscale: float
    parameters: Mapping[str, Any] = field(repr=False)
    """Exactly what is sent beside prompt and pictures."""
    options: Mapping[str, str] = field(default_factory=dict)
    """Those of the parameters that the campaign set."""
    fingerprint: str = ""
    """SHA-256 over everything that matters to the picture."""
    background: str = "opaque"
    output_format: str = "png"


def compile_prompt(
    campaign: Campaign, concept_id: str, format_choice: FormatChoice, layout: Layout, *, model: ImageModel, quality: str, variant: int = 1
) -> CompiledPrompt:
    """Compile the prompt for the picture of `layout`. Deterministic; it reads reference files and calls nobody.

    Args:
        campaign: With its brand.
        concept_id: One of the campaign's concepts.
        format_choice: The placement as the campaign chose it.
        layout: Laid out for that placement. Its copy is not used, so locales with the same zones share the picture.
        model: From the catalogue.
        quality: One of the model's; a model that reads no prompt has one only, and uses it.
        variant: From 1; each is another picture.

    Raises:
        InputError: The model lacks the quality, or the prompt is longer than it accepts.
        PictureError: A reference picture cannot be used.
        ValueError: The layout has no picture.
    """
    quality = _quality(model, quality)
    plan = plan_picture(model, layout)
    background = campaign.document.concepts[concept_id].scene.background
    frame = Frame(plan, _quiet(plan, layout), layout.rtl, cut_out=background == "transparent")
    references = build_references(campaign, concept_id, model=model, plan=plan, quiet=frame.quiet)
    clauses = _clauses(campaign, concept_id, frame, model, references)
    text = _text(clauses, model, campaign.where("concepts", concept_id))
    scene = _scene(campaign, concept_id, format_choice, layout, frame, variant)
    options = _options(campaign, model, edit=bool(references))
    parameters = model.call_parameters(plan.width, plan.height, quality, background=background, options=options)
    return CompiledPrompt(
        text=text, sections=_sections(clauses), clauses=clauses, references=references, scene=scene, model=model.id, quality=quality,
        width=plan.width, height=plan.height, crop=plan.crop, upscale=plan.upscale, parameters=parameters, options=options,
        background=background, fingerprint=_fingerprint(campaign, model, text, parameters, references, scene, variant),
    )  # fmt: skip


def render_prompt(clauses: tuple[Source, ...]) -> str:
    """The text that is sent: titled sections in fixed order, one clause on each line; `should` clauses say so."""
    parts = []
    for name, title in TITLES.items():
        lines = [f"- {'Prefer: ' if clause.level is Level.SHOULD else ''}{clause.text}" for clause in clauses if clause.section == name]
        if lines:
            parts.append("\n".join([title, *lines]))
    return "\n\n".join(parts) + "\n"


def _text(clauses: tuple[Source, ...], model: ImageModel, place: str) -> str:
    text = render_prompt(clauses)
    if len(text) > model.prompt_chars:
        raise InputError(
            f"{place}: the prompt has {len(text)} characters, {model.id} takes {model.prompt_chars}",
            hint="shorten scene.details, imagery.materials or the reference notes",
        )
    return text


def _sections(clauses: tuple[Source, ...]) -> tuple[Section, ...]:
    """The sections that have a clause, in the fixed order."""
    sections = (Section(name, title, tuple(clause for clause in clauses if clause.section == name)) for name, title in TITLES.items())
    return tuple(section for section in sections if section.clauses)


def _clauses(
    campaign: Campaign, concept_id: str, frame: Frame, model: ImageModel, references: tuple[ReferenceInput, ...]
) -> tuple[Source, ...]:
    brand, dialect = campaign.brand, dialect_for(model)
    kind = campaign.document.concepts[concept_id].scene.kind
    given = kept_references(given_references(campaign, concept_id), model) if references else ()
    return (
        *write.use_clauses(campaign, concept_id),
        *write.scene_clauses(campaign, concept_id),
        *write.subject_clauses(campaign, concept_id),
        *write.detail_clauses(campaign, concept_id),
        *write.look_clauses(brand, kind),
        *write.composition_clauses(brand, kind, frame, dialect),
        *write.palette_clauses(brand, kind, dialect),
        *reference_clauses(references, given, dialect),
        *write.constraint_clauses(campaign, concept_id, frame, references=bool(references)),
        *keep_clauses(references, given, dialect),
        *write.exclusion_clauses(campaign, concept_id, dialect, references=bool(references)),
    )


def _options(campaign: Campaign, model: ImageModel, *, edit: bool) -> dict[str, str]:
    """The campaign's options, without those that this kind of call does not take."""
    left_out = "moderation" if edit else "input_fidelity"
    return {} if model.dialect == "none" else {k: v for k, v in campaign.document.options.items() if k != left_out}


def _quality(model: ImageModel, quality: str) -> str:
    if model.dialect == "none":
        return model.qualities[0]
    if quality not in model.qualities:
        raise InputError(f"{model.id} has no quality {quality!r}", hint=f"choose one of {', '.join(model.qualities)}")
    return quality


def _quiet(plan: SizePlan, layout: Layout) -> tuple[tuple[str, Box], ...]:
    picture = layout.picture
    if picture is None:
        return ()
    return tuple((name, plan.to_picture(box, picture)) for name, box in layout.quiet if box.intersection(picture).area)


def _scene(campaign: Campaign, concept_id: str, choice: FormatChoice, layout: Layout, frame: Frame, variant: int) -> SceneRequest:
    brand, scene = campaign.brand, campaign.document.concepts[concept_id].scene
    photographs = [choice.photograph] if choice.photograph else scene.photographs or list(brand.document.imagery.photographs)
    scheme = brand.schemes[layout.scheme]
    shape = "wide" if layout.format.ratio > 1.25 else "tall" if layout.format.ratio < 0.8 else "square"
    key = json.dumps([concept_id, shape, layout.rtl, variant])
    return SceneRequest(
        kind=scene.kind,
        photographs=tuple(photographs),
        ground=brand.hex(scheme.ground),
        ink=brand.hex(scheme.ink),
        accent=brand.hex(scheme.accent),
        quiet=frame.quiet,
        seed=int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], "big"),
        concept=concept_id,
    )


def _fingerprint(
    campaign: Campaign,
    model: ImageModel,
    text: str,
    parameters: Mapping[str, Any],
    references: tuple[ReferenceInput, ...],
    scene: SceneRequest,
    variant: int,
) -> str:
    facts = {
        "schema": FINGERPRINT,
        "model": model.id,
        "prompt": text,
        "parameters": dict(parameters),
        "references": [[item.role, item.sha256] for item in references],
        "scene": asdict(scene),
        "variant": variant,
        "kit": _kit(campaign, scene) if model.dialect == "none" else {},
    }
    canonical = json.dumps(facts, sort_keys=True, ensure_ascii=True, separators=(",", ":"), default=_plain)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _kit(campaign: Campaign, scene: SceneRequest) -> dict[str, Any]:
    """What a backend that draws from the scene reads of the brand beside the request."""
    brand = campaign.brand
    imagery, photographs = brand.document.imagery, {}
    for name in scene.photographs:
        if name in imagery.photographs:
            path = brand.path("imagery", "photographs", name, "file")
            rule = imagery.photographs[name].model_dump(mode="json", exclude={"file", "alt"})
            photographs[name] = {**rule, "sha256": _file_hash(path, path.stat().st_mtime_ns, path.stat().st_size)}
    return {
        "photographs": photographs,
        "pattern": imagery.pattern.model_dump(mode="json") if imagery.pattern else None,
        "palette": brand.document.palette.model_dump(mode="json") if brand.document.palette else None,
    }


@lru_cache(maxsize=256)
def _file_hash(path: Path, _modified: int, _size: int) -> str:
    return sha256_file(path)


def _plain(value: Any) -> Any:
    raise TypeError(f"{value!r} has no canonical form")
