"""The shapes of a brand file: what may be written in `brand.yaml`, and nothing about how it is read or judged.

Every document is frozen and refuses unknown keys, so a misspelt key is an error rather than a rule that never applies.
The docstring under a field is its description in `schemas/brand.schema.json`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from brandkit.brand.shapes import Color, Fraction, Length, Openable, Rule, Share
from brandkit.brand.shapes import Document as Document  # repeated names are this module's own for its readers
from brandkit.brand.shapes import Name as Name
from brandkit.brand.shapes import RelativePath as RelativePath
from brandkit.brand.shapes import Text as Text
from brandkit.brand.shapes import Version as Version
from brandkit.results import Level


class PaletteColor(Rule, Openable):
    """One colour of the palette."""

    value: Color
    """The colour itself."""
    role: Literal["primary", "secondary", "surface", "ink", "accent", "neutral", "tint"] = "secondary"
    """What it is for: `surface` grounds, `ink` text, `primary` the brand's own colour, `accent` the small signal."""
    share: Share | None = None
    """How much of an asset it covers; a single number is a target, a pair the least and the most."""
    tolerance: Annotated[float, Field(gt=0, le=20)] | None = None
    """ΔE00 by which this colour may stray; overrides the palette's."""
    required: bool = False
    """True when every asset must show it."""


class Pair(Document):
    """Two colours that may be set on each other, with the contrast they promise."""

    ink: Name
    """Palette colour of the text."""
    on: Name
    """Palette colour of its ground."""
    level: Literal["AA", "AAA", "AA-large", "AAA-large"] = "AA"
    """WCAG 2.2 level that the pair must reach: AA 4.5:1, AAA 7:1, AA-large 3:1, AAA-large 4.5:1."""
    why: Text | None = None
    """What the pair is for, e.g. `small print`."""


class Palette(Rule, Openable):
    """The brand's colours."""

    colors: Annotated[dict[Name, PaletteColor], Field(min_length=1, max_length=256)]
    """Colour name to colour, e.g. `pine: {value: "#1F4D3A", role: primary, share: 0.3}`."""
    tolerance: Annotated[float, Field(gt=0, le=20)] = 2.5
    """ΔE00 by which a flat area may stray from its swatch: 1 is just visible, 3 is the printer's usual limit."""
    forbidden: list[Color] = []
    """Colours that must not appear."""
    pairs: list[Pair] = []
    """Which ink stands on which ground."""


class Mark(Rule, Openable):
    """One file of the logo."""

    file: RelativePath
    """SVG (preferred) or PNG with transparency."""
    on: Annotated[list[Literal["light", "dark", "photo"]], Field(min_length=1)] = ["light"]
    """The grounds it is made for."""
    clear_space: Annotated[float, Field(ge=0, le=4)] = 0.5
    """Free space on every side, in heights of the mark."""
    min_width: Length = "48px"
    """Never smaller than this at delivery size."""
    lockup: Literal["horizontal", "stacked", "symbol", "wordmark"] = "horizontal"
    """How the mark is built; narrow placements take the symbol."""
    alt: Text | None = None
    """The mark in words, for alternative texts and prompts."""


Corner = Literal["top-left", "top-center", "top-right", "bottom-left", "bottom-center", "bottom-right", "center"]


class Placement(Rule, Openable):
    """Where the mark may stand."""

    allow: Annotated[list[Corner], Field(min_length=1)] = ["top-left", "bottom-right"]
    """In the order of preference. `left` and `right` swap in right-to-left locales."""


class Logo(Rule, Openable):
    """The logo and its rules."""

    marks: Annotated[dict[Name, Mark], Field(min_length=1, max_length=64)]
    """Mark name to file."""
    required: bool = False
    """True when every asset must carry one of the marks: a picture made elsewhere in which none is found then does not pass."""
    placement: Placement = Placement()
    """Where the mark may stand."""
    never: list[Literal["stretch", "rotate", "recolor", "outline", "crop", "shadow"]] = ["stretch", "rotate", "recolor", "crop"]
    """What nobody may do to it."""


class Family(Openable):
    """A type family: its font files, and further families for scripts it does not cover."""

    files: Annotated[list[RelativePath], Field(min_length=1, max_length=24)]
    """TTF or OTF files, one for each weight."""
    fallback: list[Name] = []
    """Families of this kit tried in order for characters that this one lacks."""
    licence: RelativePath | None = None
    """The licence file that came with the fonts."""


class TypeStyle(Openable):
    """How one kind of text is set. Sizes are for a placement whose short side is 1080 px and scale with it."""

    family: Name
    """One of the kit's families."""
    weight: Annotated[int, Field(ge=100, le=900)] = 400
    """Weight of the font, 400 regular, 700 bold; set in the nearest one that the family has."""
    size: Annotated[tuple[Length, Length], Field()] = ("16px", "32px")
    """Smallest and largest size; copy that does not fit at the smallest is an error."""
    leading: Annotated[float, Field(ge=0.8, le=2.5)] = 1.2
    """Line height as a multiple of the size."""
    tracking: Annotated[float, Field(ge=-0.1, le=0.5)] = 0.0
    """Extra space between letters, in ems. Not applied to Arabic, whose letters join."""
    case: Literal["sentence", "upper"] = "sentence"
    """`upper` sets the copy in capitals, by the rules of its language."""


class Typography(Rule, Openable):
    """Type: families and the scale of styles."""

    families: Annotated[dict[Name, Family], Field(min_length=1, max_length=12)]
    """Family name to its font files."""
    scale: dict[Literal["headline", "body", "cta", "legal", "label"], TypeStyle] = {}
    """Style for each slot of copy; a slot without one takes the first family."""


class Preference(Rule):
    """A word and what to say instead."""

    instead_of: Text
    """The word that is not said, with its inflected forms."""
    say: Text
    """What is said instead."""


class Claims(Openable):
    """Statements about the product."""

    allowed: list[Text] = []
    """Exact statements that may be made; words that need proof are cleared inside them."""
    need_proof: list[Text] = []
    """Words that need evidence before they are published, e.g. `lead-free`."""


class Condition(Document):
    """When a disclaimer applies; every given key must match."""

    locale: str | None = None
    """Language tag of the copy; `de` holds for `de-AT` as well."""
    topic: str | None = None
    """A topic that the concept names, e.g. `price`."""


class Disclaimer(Rule):
    """Words that must stand with some copy."""

    when: Condition
    """When it applies."""
    text: Text
    """The words, as they must stand."""


class Tone(Rule, Openable):
    """How the brand speaks."""

    voice: list[Text] = []
    """How the brand sounds, in a few words each; goes into prompts."""
    prefer: list[Preference] = []
    """Words and what to say instead."""
    ban: list[Text] = []
    """Words that copy may not hold, in any inflected form; the gate looks for them in every locale."""
    claims: Claims = Claims()
    """Statements about the product that are cleared, and those that need proof."""
    disclaimers: list[Disclaimer] = []
    """Words that must stand with some copy."""


class Subjects(Openable):
    """What pictures show and what they do not."""

    prefer: list[Text] = []
    """Things that pictures show."""
    avoid: list[Text] = []
    """Things that no picture shows."""


class Reference(Rule):
    """A picture that shows what is meant."""

    file: RelativePath
    """PNG, JPEG, WebP, AVIF, GIF or TIFF."""
    role: Literal["style", "product", "pattern"] = "style"
    """`style`: the look, not the things in it. `product`: the thing itself, to be kept. `pattern`: the graphic language."""
    keep: Literal["geometry", "colour", "everything"] | None = None
    """What must stay as it is in a product reference."""
    note: Text | None = None
    """What to take from it, e.g. "the light, not the boat"."""


class Photograph(Openable):
    """A photograph of the brand's own that the embedded backend may publish."""

    file: RelativePath
    """PNG, JPEG, WebP, AVIF, GIF or TIFF."""
    focus: tuple[Fraction, Fraction] = (0.5, 0.5)
    """Where the subject is: x and y as fractions of the picture. Crops keep it. Left out, it is looked for in the pixels."""
    subject: tuple[Fraction, Fraction, Fraction, Fraction] | None = None
    """The subject's box: x, y, width, height as fractions. Crops do not cut it where they need not."""
    alt: Text | None = None
    """The photograph in words, for alternative texts."""


class Pattern(Openable):
    """How grounds are drawn when a concept asks for a pattern."""

    kind: Literal["arcs", "lines", "rings", "grid", "waves", "blocks"] = "arcs"
    """The geometry, taken from the mark."""
    colors: list[Name] = []
    """Palette colours in the order of weight; empty: by role and share."""
    scale: Annotated[float, Field(gt=0, le=2)] = 0.5
    """Size of an element as a share of the short side."""


class Imagery(Rule, Openable):
    """How pictures look."""

    style: Text | None = None
    """The kind of picture and its finish, e.g. `still life from a potter's own catalogue`."""
    light: Text | None = None
    """Where the light comes from and how hard it is."""
    camera: Text | None = None
    """Lens, distance and point of view."""
    composition: Text | None = None
    """Where things stand and how much stays empty."""
    materials: list[Text] = []
    """Surfaces that pictures show."""
    subjects: Subjects = Subjects()
    """What pictures show and what they do not."""
    references: list[Reference] = []
    """Pictures that show what is meant; sent to models that take them, and compared with."""
    photographs: dict[Name, Photograph] = {}
    """Pictures that may be published as they are, by name."""
    pattern: Pattern | None = None
    """How grounds are drawn when a concept asks for a pattern."""


class Scheme(Openable):
    """A colour scheme for layouts, by names of palette colours."""

    ground: Name
    """Ground of the layout."""
    ink: Name
    """Ink of all text on the ground."""
    accent: Name
    """Ground of the call to action and small signals."""
    on_accent: Name
    """Ink on the accent."""


class LayoutRules(Rule, Openable):
    """How the brand lays out."""

    margin: Annotated[float, Field(ge=0.02, le=0.15)] = 0.06
    """Margin on every side, as a share of the short side."""
    schemes: dict[Name, Scheme] = {}
    """Named colour schemes; the first is the default. Without any, one is derived from the pairs and roles."""
    templates: RelativePath | None = None
    """Folder of the brand's own Typst templates; they come before the shipped ones of the same name."""
    corner: Annotated[float, Field(ge=0, le=0.5)] = 0.0
    """Corner radius of buttons and panels as a share of their height: 0 is square, 0.5 a pill."""


class Gate(Openable):
    """How assets are judged."""

    profile: Literal["default", "strict", "relaxed"] = "default"
    """How much room there is between `review_at` and `fail_at`: none in `strict`, more in `relaxed`."""
    limits: dict[str, tuple[float, float]] = {}
    """Check id to `[review_at, fail_at]` in the check's unit; an id that no check has is an error."""
    levels: dict[str, Level] = {}
    """Check id to `must` or `should`."""
    why: Text | None = None
    """The reason for limits and levels that are looser than the default."""


class IgnoredRule(Document):
    """A rule of `brandkit lint` that does not count here, with the reason."""

    rule: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$", examples=["swatch-twin"])]
    """Id of the rule; `brandkit rules` lists them."""
    at: str | None = None
    """Key path under which it is ignored, e.g. `palette.colors.sky`; everywhere without it."""
    why: Text
    """The reason."""


class LintRules(Document):
    """How the kit itself is linted."""

    ignore: list[IgnoredRule] = []
    """Findings that somebody has looked at and decided to live with."""


class BrandDocument(Document):
    """A brand as a file."""

    brandkit: Version
    """Version of the file format."""
    name: Annotated[Text, Field(max_length=120)]
    """The brand's name, as people write it."""
    extends: RelativePath | None = None
    """Another brand folder whose values hold where this file is silent."""
    open: list[str] = []
    """Key paths that a brand which extends this one may override, e.g. `imagery` or `palette.colors.flare`; `open: true` beside a rule
    does the same for that rule, `open: false` locks it."""
    idea: Text | None = None
    """The brand in one sentence."""
    palette: Palette | None = None
    """The brand's colours."""
    logo: Logo | None = None
    """The logo and its rules."""
    typography: Typography | None = None
    """Type: families and the scale of styles."""
    tone: Tone = Tone()
    """How the brand speaks."""
    imagery: Imagery = Imagery()
    """How pictures look."""
    layout: LayoutRules = LayoutRules()
    """How the brand lays out."""
    gate: Gate = Gate()
    """How assets are judged."""
    lint: LintRules = LintRules()
    """How the kit itself is linted."""
