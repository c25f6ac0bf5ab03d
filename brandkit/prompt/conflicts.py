"""What speaks against a campaign before anything is spent: contradictions between brief, brand, layout and model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from brandkit.brand.phrases import find_phrases
from brandkit.brand.tone import lint_claims, lint_disclaimers, lint_words
from brandkit.image.region import Box
from brandkit.layout.boxes import Layout
from brandkit.prompt.foreign import MAX_FIELD, MAX_ITEM, MAX_ITEMS
from brandkit.prompt.load import Campaign
from brandkit.prompt.models import ImageModel, availability
from brandkit.prompt.places import covered_share
from brandkit.prompt.references import DRAWN, given_references
from brandkit.prompt.sizes import SizePlan, plan_picture
from brandkit.prompt.wording import asks_for_lettering, commands, mentions, named_colours, same_colour
from brandkit.results import Level

MAX_QUIET = 0.7  # share of the picture under calm zones, beyond which no subject finds room
MAX_UPSCALE = 1.5  # enlargement that begins to look soft at delivery size
Loc = tuple[str | int, ...]


@dataclass(frozen=True, order=True)
class Conflict:
    """Something that speaks against the plan: `must` when the result could not be used, `should` when it may suffer."""

    place: str
    level: Level
    message: str
    remedy: str


def find_conflicts(
    campaign: Campaign, layouts: Iterable[Layout] = (), *, model: ImageModel, quality: str | None = None, today: date | None = None
) -> tuple[Conflict, ...]:
    """Everything that speaks against `campaign`, each once, `must` first, then in the order of the places.

    Args:
        campaign: With its brand.
        layouts: Of its assets, for what depends on the geometry.
        model: That would make the pictures.
        quality: Asked for; the campaign's when None.
        today: In UTC; the clock's when None.
    """
    found = list(_model(campaign, model, quality or campaign.document.quality, today or datetime.now(UTC).date()))
    for concept in campaign.document.concepts:
        found += _colours(campaign, concept)
        found += _subjects(campaign, concept)
        found += _texts(campaign, concept, model)
        found += _references(campaign, concept, model)
        found += _copy(campaign, concept)
    for layout in layouts:
        found += _layout(campaign, layout, model)
    return tuple(sorted(dict.fromkeys(found), key=lambda conflict: (conflict.level is not Level.MUST, _in_order(conflict.place), conflict)))


def _in_order(place: str) -> list[tuple[int, str]]:
    """A key that puts line 9 before line 10 and column 19 before column 110."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in place.split(":")]


def _model(campaign: Campaign, model: ImageModel, quality: str, today: date) -> Iterator[Conflict]:
    state = availability(model, today)
    if state.level != "ok":
        level = Level.MUST if state.level == "error" else Level.SHOULD
        yield Conflict(campaign.where("model"), level, state.message, state.remedy)
    if model.dialect != "none" and quality not in model.qualities:
        remedy = f"choose one of {', '.join(model.qualities)}"
        yield Conflict(campaign.where("quality"), Level.MUST, f"{model.id} has no quality {quality!r}", remedy)


def _described(campaign: Campaign, concept_id: str) -> Iterator[tuple[Loc, str]]:
    """Every text of the concept that describes the picture, with its key path."""
    concept, loc = campaign.document.concepts[concept_id], ("concepts", concept_id)
    for key, text in (("message", concept.message), ("use", concept.use)):
        if text:
            yield (*loc, key), text
    yield from _shown(campaign, concept_id)


def _shown(campaign: Campaign, concept_id: str) -> Iterator[tuple[Loc, str]]:
    scene, loc = campaign.document.concepts[concept_id].scene, ("concepts", concept_id, "scene")
    for key, text in (("subject", scene.subject), ("setting", scene.setting)):
        if text:
            yield (*loc, key), text
    for index, text in enumerate(scene.details):
        yield (*loc, "details", index), text


def _colours(campaign: Campaign, concept_id: str) -> Iterator[Conflict]:
    palette = campaign.brand.document.palette
    for loc, text in _shown(campaign, concept_id):
        for word, hex_ in named_colours(text):
            for index, forbidden in enumerate(palette.forbidden if palette else ()):
                if same_colour(hex_, forbidden):
                    rule = campaign.brand.where("palette", "forbidden", index)
                    message = f"the scene asks for {word!r}, and the brand forbids {forbidden} ({rule})"
                    yield Conflict(campaign.where(*loc), Level.MUST, message, "describe another colour")


def _subjects(campaign: Campaign, concept_id: str) -> Iterator[Conflict]:
    imagery = campaign.brand.document.imagery
    for loc, text in _shown(campaign, concept_id):
        for index, avoided in enumerate(imagery.subjects.avoid):
            if mentions(text, avoided):
                rule = campaign.brand.where("imagery", "subjects", "avoid", index)
                message = f"the scene shows {avoided!r}, which the brand avoids ({rule})"
                yield Conflict(campaign.where(*loc), imagery.level, message, "describe another subject")


def _texts(campaign: Campaign, concept_id: str, model: ImageModel) -> Iterator[Conflict]:
    scene = campaign.document.concepts[concept_id].scene
    if scene.background == "transparent" and scene.setting:
        place = campaign.where("concepts", concept_id, "scene", "setting")
        yield Conflict(place, Level.SHOULD, "a subject on a transparent background has no setting; it is not sent", "delete the setting")
    for loc, text in _described(campaign, concept_id):
        place, limit = campaign.where(*loc), MAX_ITEM if loc[-1] == "use" or isinstance(loc[-1], int) else MAX_FIELD
        for index, banned in enumerate(campaign.brand.document.tone.ban):
            if find_phrases(text, banned):
                rule = campaign.brand.where("tone", "ban", index)
                yield Conflict(place, Level.SHOULD, f"the brief says {banned!r}, which the brand bans ({rule})", "say it in other words")
        if loc[-1] != "message" and (word := asks_for_lettering(text)):
            remedy = "copy and logo are set by the typesetter; take it out of the scene"
            yield Conflict(place, Level.SHOULD, f"the scene asks for {word!r}, and pictures never hold text or logos", remedy)
        if order := commands(text):
            message = f"{order!r} reads like an instruction to the model; it is sent as a description only"
            yield Conflict(place, Level.SHOULD, message, "describe the picture instead")
        if model.dialect != "none" and len(text) > limit:
            yield Conflict(place, Level.SHOULD, f"only the first {limit} of {len(text)} characters are sent", "say it shorter")
    if len(campaign.document.concepts[concept_id].scene.details) > MAX_ITEMS:
        place = campaign.where("concepts", concept_id, "scene", "details")
        yield Conflict(place, Level.SHOULD, f"only the first {MAX_ITEMS} details are sent", "keep those that matter")


def _references(campaign: Campaign, concept_id: str, model: ImageModel) -> Iterator[Conflict]:
    given, room = given_references(campaign, concept_id), max(0, model.inputs - DRAWN)
    if model.inputs and len(given) > room:
        message = f"{len(given)} reference pictures, and {model.id} takes {room} beside plan and palette; the last styles stay behind"
        place = campaign.where("concepts", concept_id, "scene", "references")
        yield Conflict(place, Level.SHOULD, message, "delete references that say the same")
    for reference in given:
        if not reference.path.is_file():
            yield Conflict(reference.source, Level.MUST, f"there is no reference picture {reference.rule.file!r}", "add the file")


def _copy(campaign: Campaign, concept_id: str) -> Iterator[Conflict]:
    """What the gate's tone checks would say, before anything is made."""
    for locale in campaign.document.locales:
        copy = {str(slot): text for slot, text in campaign.document.concepts[concept_id].copy_.get(locale, {}).items()}
        brief, brand = campaign.brief(concept_id, locale), campaign.for_locale(locale).brand
        for fault in lint_words(brand, copy, brief):
            level = fault.level if fault.kind == "banned" else Level.SHOULD
            yield Conflict(fault.place, level, fault.message, fault.remedy)
        for fault in lint_claims(brand, copy, brief):
            yield Conflict(fault.place, Level.SHOULD, fault.message, fault.remedy)
        for fault in lint_disclaimers(brand, copy, brief):
            yield Conflict(fault.place, fault.level, fault.message, fault.remedy)


def _layout(campaign: Campaign, layout: Layout, model: ImageModel) -> Iterator[Conflict]:
    if layout.picture is None:
        return
    place, plan = campaign.where("formats", _choice(campaign, layout)), plan_picture(model, layout)
    name = f"{layout.format.name} ({layout.template})"
    share = covered_share(layout.quiet, layout.picture)
    if share > MAX_QUIET:
        message = f"in {name} copy and mark stand on {share:.0%} of the picture; nothing of the scene is left to see"
        yield Conflict(place, Level.SHOULD, message, "choose a template with a panel, or drop a slot")
    if plan.upscale > MAX_UPSCALE:
        message = f"in {name} the picture of {model.id} is enlarged {plan.upscale:.1f} times"
        yield Conflict(place, Level.SHOULD, message, "choose a model with larger sizes")
    if model.free and plan.width * plan.height > model.free.steady_pixels:
        message = f"in {name} {plan.width}x{plan.height} pixels is beyond what {model.id} makes reliably"
        yield Conflict(place, Level.SHOULD, message, "look at the result with care")
    if (used := _used(plan)) < 0.5:
        message = f"in {name} only {used:.0%} of the picture is used, because {model.id} makes no such shape"
        yield Conflict(place, Level.SHOULD, message, "choose a template that gives the picture a calmer shape")


def _used(plan: SizePlan) -> float:
    return plan.crop.area / Box(0, 0, plan.width, plan.height).area


def _choice(campaign: Campaign, layout: Layout) -> int:
    names = [choice.name for choice in campaign.document.formats]
    return names.index(layout.format.name) if layout.format.name in names else 0
