"""Reading brand.yml: its own validator takes any text for a colour and any name for a reference, so both are checked here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from brandkit.brand.exchange.css import pixels
from brandkit.brand.exchange.from_tokens import clean
from brandkit.brand.exchange.kept import reconciled, unpacked
from brandkit.brand.exchange.names import kit_name, near
from brandkit.brand.exchange.sketch import Color, Font, Kind, Mark, Remark, Sketch, Style
from brandkit.brand.exchange.token_types import WEIGHTS
from brandkit.brand.exchange.values import color_object, css_of, srgb_hex
from brandkit.brand.resolve import Loc
from brandkit.brand.source import Source
from brandkit.color.parse import parse_color
from brandkit.errors import BrandFileError

ROLES = {"foreground": "ink", "background": "surface", "primary": "primary", "secondary": "secondary", "tertiary": "accent"}
STATES = ("success", "info", "warning", "danger", "light", "dark", "emphasis", "link")
LOCKUPS = {"small": "symbol", "medium": "horizontal", "large": "stacked"}
SECTIONS = ("meta", "logo", "color", "typography", "defaults")
MAX_CHAIN = 16  # names that lead to one another


class Reader:
    """One file."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.tree = source.tree
        self.remarks: list[Remark] = []
        self.colors: dict[str, Color] = {}
        self.names: dict[str, str] = {}  # name in the palette to name in the kit
        self.fonts: dict[str, Font] = {}
        self.marks: dict[str, Mark] = {}

    def remark(self, kind: Kind, loc: Loc, message: str, hint: str = "") -> None:
        self.remarks.append(Remark(self.source.fault(loc, message, hint), kind))

    def mapping(self, *loc: str) -> Mapping[str, Any]:
        """The mapping at `loc`; a remark where something else stands."""
        node: Any = self.tree
        for index, step in enumerate(loc):
            node = node.get(step)
            if node is None:
                return {}
            if not isinstance(node, Mapping):
                self.remark("broken", loc[: index + 1], "must be a mapping of keys to values", "write 'key: value' under it")
                return {}
        return node  # type: ignore[no-any-return]

    def sketch(self) -> Sketch:
        for key in self.tree:
            if key not in SECTIONS:
                self.remark("broken", (key,), f"brand.yml has no section {key[:40]!r}", f"it has: {', '.join(SECTIONS)}")
        self._palette()
        self._logo()
        styles = self._typography()
        defaults = self.mapping("defaults")
        for key in defaults:
            if key != "brandkit":
                self.remark("left-out", ("defaults", key), f"defaults for {key[:40]!r} are another tool's")
        native = Sketch(
            name=self._name(),
            colors=tuple(self.colors.values()),
            fonts=tuple(self.fonts.values()),
            styles=tuple(styles.values()),
            marks=tuple(self.marks.values()),
        )
        sketch = reconciled(native, unpacked(defaults.get("brandkit")))
        if sketch.empty:
            broken = [remark.fault for remark in self.remarks if remark.kind == "broken"]
            raise BrandFileError(broken or [self.source.fault((), "holds no colours, fonts or logo", "name a brand.yml that does")])
        return sketch

    def _name(self) -> str:
        meta = self.mapping("meta")
        name = meta.get("name")
        for key in meta:
            if key not in {"name", "brandkit"}:
                self.remark("left-out", ("meta", key), f"{key[:40]!r} has no place in a kit")
        if isinstance(name, Mapping):
            name = name.get("short") or name.get("full")
        return clean(str(name))[:120] if name is not None else ""

    def _palette(self) -> None:
        palette = self.mapping("color", "palette")
        for key in palette:
            value = self._value(str(key), ("color", "palette", key))
            if value and self._solid(value, ("color", "palette", key)):
                self.names[key] = kit_name(key, self.colors)
                self.colors[self.names[key]] = Color(self.names[key], value, evidence=f"color.palette.{key}")
        for key, value in self.mapping("color").items():
            if key != "palette":
                self._theme(str(key), value)

    def _theme(self, key: str, value: Any) -> None:
        """A colour of the theme: a name from the palette or of another theme colour, or a colour of its own."""
        loc: Loc = ("color", key)
        if key not in ROLES and key not in STATES:
            self.remark("broken", loc, f"brand.yml has no theme colour {key[:40]!r}", near(key, [*ROLES, *STATES]))
            return
        css = self._value(key, loc)
        if not css or not self._solid(css, loc):
            return
        named = self._end(value)
        name = self.names.get(named, "") if named else ""
        if not name:
            same = self.colors.get(self.names.get(key, key))
            name = same.name if same and same.value == css else kit_name(key, self.colors)
            self.colors.setdefault(name, Color(name, css, evidence=f"color.{key}"))
        role = ROLES.get(key, "")
        color = self.colors[name]
        if role and not color.role:
            self.colors[name] = Color(name, color.value, role, color.note, evidence=f"{color.evidence}, {key}".strip(", "))

    def _end(self, value: Any) -> str:
        """The palette's name that a reference leads to; empty for a colour."""
        seen: list[str] = []
        while isinstance(value, str) and value not in seen:
            seen.append(value)
            if value in self.names:
                return value
            value = self.mapping("color").get(value)
        return ""

    def _value(self, key: str, loc: Loc) -> str:
        """The CSS value at `loc`, names followed: the palette's first, then the theme's."""
        palette, theme = self.mapping("color", "palette"), self.mapping("color")
        value: Any = palette.get(key) if "palette" in loc else theme.get(key)
        seen: list[Any] = [("palette" in loc, key)]
        while isinstance(value, str):
            where = value in palette
            if not where and (value not in theme or value == "palette"):
                break
            if (where, value) in seen or len(seen) > MAX_CHAIN:
                if self._is_css(value):  # a palette that calls red red
                    break
                self.remark("broken", loc, f"names lead in a circle: {value[:40]!r}", "give one of them a colour")
                return ""
            seen.append((where, value))
            value = palette[value] if where else theme[value]
        if not isinstance(value, str):
            hint = 'write one colour in quotes, e.g. "#1F4D3A"'
            self.remark("broken", loc, "must be a colour or a name" if value is not None else "is empty", hint)
            return ""
        try:
            return css_of(color_object(value))
        except ValueError as error:
            message, _, hint = str(error).partition("; ")
            close = near(value, [*palette, *(name for name in theme if name != "palette")])
            self.remark("broken", loc, f"{message}, nor a name of this file" if "is not a colour" in message else message, close or hint)
            return ""

    def _known(self, value: str) -> bool:
        return value in self.names or value in self.mapping("color") or self._is_css(value)

    def _is_css(self, value: str) -> bool:
        try:
            return bool(parse_color(value))
        except ValueError:
            return False

    def _solid(self, css: str, loc: Loc) -> bool:
        if parse_color(css).alpha < 1:
            hint = f"write what it looks like, e.g. {srgb_hex(css)!r}"
            self.remark("left-out", loc, "is translucent; swatches of a kit are opaque", hint)
            return False
        return True

    def _logo(self) -> None:
        logo = self.tree.get("logo")
        if isinstance(logo, str):
            self._mark("logo", logo, ("logo",))
            return
        images = self.mapping("logo", "images")
        for key, entry in images.items():
            self._mark(str(key), entry, ("logo", "images", key))
        for size, lockup in LOCKUPS.items():
            entry = self.mapping("logo").get(size)
            choices = entry if isinstance(entry, Mapping) and ("light" in entry or "dark" in entry) else {"": entry}
            for ground, named in choices.items():
                key = str(named) if isinstance(named, str) else ""
                name = kit_name(key, (), "mark") if key in images else ""
                if named is not None and not name:
                    name = self._mark("-".join(filter(None, (size, ground))), named, ("logo", size))
                if name in self.marks:
                    mark = self.marks[name]
                    on = (*mark.on, ground) if ground and ground not in mark.on else mark.on
                    self.marks[name] = Mark(name, mark.file, on, mark.lockup or lockup, mark.alt, mark.evidence)

    def _mark(self, key: str, entry: Any, loc: Loc) -> str:
        path = entry.get("path") if isinstance(entry, Mapping) else entry
        if not isinstance(path, str) or not path:
            self.remark("broken", loc, "must be a path, or a mapping with 'path'", "write e.g. 'logos/mark.svg'")
            return ""
        if "://" in path:
            self.remark("left-out", loc, f"{path[:60]!r} is on the network, and brandkit reads only files", "put the file into the kit")
            return ""
        name = kit_name(key, self.marks, "mark")
        alt = entry.get("alt") if isinstance(entry, Mapping) else None
        self.marks[name] = Mark(name, path.removeprefix("./"), alt=clean(str(alt)) if alt else "", evidence=".".join(map(str, loc)))
        return name

    def _typography(self) -> dict[str, Style]:
        fonts = self.mapping("typography").get("fonts")
        for index, entry in enumerate(fonts if isinstance(fonts, list) else ()):
            loc: Loc = ("typography", "fonts", index)
            if not isinstance(entry, Mapping) or not isinstance(entry.get("family"), str):
                self.remark("broken", loc, "a font needs its 'family'", "add it")
                continue
            self._family(entry["family"], self._files(entry.get("files"), (*loc, "files")), f"typography.fonts, {entry.get('source')}")
        styles: dict[str, Style] = {}
        for key, value in self.mapping("typography").items():
            if key != "fonts":
                self._style(str(key), value, styles)
        return styles

    def _files(self, files: Any, loc: Loc) -> tuple[str, ...]:
        found = []
        for index, entry in enumerate(files if isinstance(files, list) else ()):
            path = entry.get("path") if isinstance(entry, Mapping) else entry
            if isinstance(path, str) and "://" not in path:
                found.append(path.removeprefix("./"))
            else:
                self.remark("left-out", (*loc, index), f"{str(path)[:60]!r} is no file of this folder", "put the font into fonts/")
        return tuple(found)

    def _family(self, family: str, files: tuple[str, ...], evidence: str) -> str:
        plain = clean(family.split(",")[0].strip("\"' "))
        known = next((font for font in self.fonts.values() if font.family == plain), None)
        if known is None:
            name = kit_name(plain, self.fonts, "font")
            self.fonts[name] = Font(name, plain, files, evidence=evidence)
            return name
        return known.name

    def _style(self, key: str, value: Any, styles: dict[str, Style]) -> None:
        entry = value if isinstance(value, Mapping) else {"family": value}
        family = entry.get("family")
        name = self._family(family, (), f"typography.{key}") if isinstance(family, str) else next(iter(self.fonts), "")
        for part in ("color", "background-color", "decoration", "style"):
            if "color" in part and isinstance(entry.get(part), str) and not self._known(entry[part]):
                names = [*self.names, *(name for name in self.mapping("color") if name != "palette")]
                message = f"{entry[part][:40]!r} is neither a colour nor a name of this file"
                self.remark("broken", ("typography", key, part), message, near(entry[part], names))
            elif part in entry:
                self.remark("left-out", ("typography", key, part), f"{part!r} of text has no place in a kit")
        slot = {"base": "body", "headings": "headline"}.get(key)
        if not slot or not name:
            return
        weight, leading = entry.get("weight"), entry.get("line-height")
        raw = WEIGHTS.get(weight) if isinstance(weight, str) else weight
        size = entry.get("size")
        styles[slot] = Style(
            slot,
            name,
            pixels(size) if isinstance(size, str) and re.search(r"(px|rem)$", size.strip()) else None,
            min(900, max(100, round(raw))) if isinstance(raw, int | float) else None,
            float(leading) if isinstance(leading, int | float) and 0.8 <= leading <= 2.5 else None,
            evidence=f"typography.{key}",
        )
