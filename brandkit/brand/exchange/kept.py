"""What brandkit keeps for itself in a foreign file that has a place for it, and how that joins with what the file says natively.

The file's own words hold: where somebody changed them, what brandkit kept beside them gives way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from brandkit.brand.exchange.from_tokens import clean, mark_of
from brandkit.brand.exchange.names import kit_name
from brandkit.brand.exchange.sketch import Color, Font, Sketch, Style, pruned
from brandkit.brand.exchange.values import srgb_hex


def packed(sketch: Sketch) -> dict[str, Any]:
    """A whole sketch as plain JSON values, without what is empty."""
    tree = {
        "name": sketch.name,
        "idea": sketch.idea,
        "colors": {c.name: _filled(value=c.value, role=c.role, note=c.note) for c in sketch.colors},
        "fonts": {f.name: _filled(family=f.family, files=list(f.files)) for f in sketch.fonts},
        "styles": {
            s.slot: _filled(font=s.font, size=s.size, weight=s.weight, leading=s.leading, tracking=s.tracking) for s in sketch.styles
        },
        "marks": {m.name: _filled(file=m.file, on=list(m.on), lockup=m.lockup, alt=m.alt) for m in sketch.marks},
        "tone": dict(sketch.tone),
        "rest": dict(sketch.rest),
    }
    return {key: value for key, value in pruned(tree).items() if value}


def _filled(**members: Any) -> dict[str, Any]:
    return {key: value for key, value in members.items() if value not in ("", [], None)}


def unpacked(tree: Any) -> Sketch:
    """The sketch that `packed` wrote; what has another shape (someone edited it) is passed over."""
    if not isinstance(tree, Mapping):
        return Sketch()
    return Sketch(
        name=clean(_text(tree.get("name")))[:120],
        idea=clean(_text(tree.get("idea"))),
        colors=tuple(
            Color(name, _text(entry.get("value")), _text(entry.get("role")), clean(_text(entry.get("note"))))
            for name, entry in _mappings(tree.get("colors"))
        ),
        fonts=tuple(Font(name, _text(entry.get("family")), _texts(entry.get("files"))) for name, entry in _mappings(tree.get("fonts"))),
        styles=tuple(
            Style(slot, _text(one.get("font")), _number(one, "size"), _whole(one), _number(one, "leading"), _number(one, "tracking"))
            for slot, one in _mappings(tree.get("styles"))
        ),
        marks=tuple(mark_of(name, entry) for name, entry in _mappings(tree.get("marks"))),
        tone=dict(tree["tone"]) if isinstance(tree.get("tone"), Mapping) else {},
        rest=dict(tree["rest"]) if isinstance(tree.get("rest"), Mapping) else {},
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(entry for entry in value if isinstance(entry, str)) if isinstance(value, list) else ()


def _mappings(value: Any) -> list[tuple[str, Mapping[str, Any]]]:
    entries = value.items() if isinstance(value, Mapping) else ()
    return [(str(name), entry) for name, entry in entries if isinstance(entry, Mapping) and kit_name(str(name)) == name]


def _number(entry: Mapping[str, Any], key: str) -> float | None:
    value = entry.get(key)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _whole(entry: Mapping[str, Any]) -> int | None:
    value = _number(entry, "weight")
    return int(value) if value is not None else None


def reconciled(native: Sketch, kept: Sketch) -> Sketch:
    """`native` with what `kept` knows better of the same things."""
    colors = {color.name: color for color in kept.colors}
    marks = {mark.name: mark for mark in kept.marks}
    fonts = _fonts(native, kept)
    return Sketch(
        name=native.name or kept.name,
        idea=native.idea or kept.idea,
        colors=tuple(_color(color, colors.get(color.name)) for color in native.colors),
        fonts=tuple(fonts.values()),
        styles=_styles(native, kept, fonts),
        marks=tuple(
            replace(marks[mark.name], evidence=mark.evidence) if mark.name in marks and marks[mark.name].file == mark.file else mark
            for mark in native.marks
        ),
        tone=kept.tone or native.tone,
        rest=kept.rest,
    )


def _fonts(native: Sketch, kept: Sketch) -> dict[str, Font]:
    """The file's families under the names, and with the files, that brandkit kept for them."""
    found: dict[str, Font] = {}
    families: dict[str, list[Font]] = {}
    for font in kept.fonts:
        families.setdefault(font.family, []).append(font)
    for font in native.fonts:
        same = families.get(font.family) or [font]
        for known in same:
            found[known.name] = replace(known, files=font.files or known.files, evidence=font.evidence) if len(same) == 1 else known
    position = {font.name: index for index, font in enumerate(kept.fonts)}
    return dict(sorted(found.items(), key=lambda entry: position.get(entry[0], len(position))))


def _styles(native: Sketch, kept: Sketch, fonts: Mapping[str, Font]) -> tuple[Style, ...]:
    family = {font.name: font.family for font in (*kept.fonts, *native.fonts)}
    known = {style.slot: style for style in kept.styles if style.font in fonts}
    own: dict[str, Style] = {}
    for style in native.styles:
        of_kept = known.get(style.slot)
        if of_kept is not None and family[of_kept.font] == family.get(style.font):
            own[style.slot] = _style(style, of_kept)
        else:
            name = next((font.name for font in fonts.values() if font.family == family.get(style.font)), style.font)
            own[style.slot] = replace(style, font=name)
    order = [*(slot for slot in known), *(slot for slot in own if slot not in known)]
    return tuple(own.get(slot) or known[slot] for slot in order)


def _color(native: Color, kept: Color | None) -> Color:
    if kept is None:
        return native
    same = False
    try:
        same = bool(kept.value) and srgb_hex(kept.value) == srgb_hex(native.value)
    except ValueError:
        pass
    return replace(native, value=kept.value if same else native.value, role=native.role or kept.role, note=native.note or kept.note)


def _style(native: Style, kept: Style) -> Style:
    said = {key: getattr(native, key) for key in ("size", "weight", "leading", "tracking") if getattr(native, key) is not None}
    return replace(kept, **said, evidence=native.evidence)
