"""What may be written for a key, in words, read from the annotations of the models."""

from __future__ import annotations

from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from brandkit.brand import shapes
from brandkit.prompt import brief

NAMED: tuple[tuple[Any, str], ...] = (
    (shapes.Color, "[colour](#values)"),
    (shapes.Length, "[length](#values)"),
    (shapes.Text, "[text](#values)"),
    (shapes.Name, "[name](#values)"),
    (shapes.RelativePath, "[path](#values)"),
    (shapes.Fraction, "number 0 to 1"),
    (shapes.Share, "number 0 to 1, or `[least, most]`"),
    (shapes.Version, "`1`"),
    (brief.LocaleTag, "[language tag](#values)"),
)
PLAIN = {bool: "`true` or `false`", int: "whole number", float: "number", str: "text"}
BOUNDS = (("ge", "from {}"), ("gt", "above {}"), ("le", "to {}"), ("lt", "below {}"))


class Key(NamedTuple):
    """One key of a section."""

    name: str
    words: str
    default: str
    about: str
    inner: tuple[tuple[str, type[BaseModel]], ...]
    """Sections below it: what follows its path (`.NAME`, `[]` or nothing) and their shape."""


def keys_of(model: type[BaseModel]) -> list[Key]:
    """The keys of a section in the order of the model."""
    hints = get_type_hints(model, include_extras=True)
    keys = []
    for name, field in model.model_fields.items():
        about = " ".join((field.description or "").split())
        keys.append(Key(field.alias or name, words_of(hints[name]), _default(field), about, tuple(_inner(hints[name]))))
    return keys


def words_of(annotation: Any) -> str:
    """What an annotation allows, e.g. ``list of `light` or `dark` ``."""
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        for known, words in NAMED:
            kind, *rules = get_args(known)
            if kind == parts[0] and [id(rule) for rule in rules] == [id(rule) for rule in parts[1 : len(rules) + 1]]:
                return words + _bounds(parts[len(rules) + 1 :], text=kind is str)
        return words_of(parts[0]) + _bounds(parts[1:], text=parts[0] is str)
    if origin in (Union, UnionType):
        return " or ".join(words_of(part) for part in parts if part is not NoneType)
    if origin is Literal:
        return _either([f"`{part}`" for part in parts])
    if origin is list:
        return f"list of {words_of(parts[0])}"
    if origin is tuple:
        return f"`[{', '.join('abcdef'[: len(parts)])}]`, each a {words_of(parts[0])}"
    if origin is dict:
        return f"mapping of {words_of(parts[0])} to {words_of(parts[1])}"
    return _plain(annotation)


def _plain(annotation: Any) -> str:
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return _either([f"`{member.value}`" for member in annotation])
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return "section"
    return PLAIN.get(annotation, "number")


def _either(words: list[str]) -> str:
    return " or ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def _bounds(metadata: tuple[Any, ...], *, text: bool) -> str:
    """Limits in words, e.g. ` from 0.8 to 2.5` or ` (1 to 40 entries)`."""
    limits = {key: getattr(entry, key) for one in metadata if isinstance(one, FieldInfo) for entry in one.metadata for key in _slots(entry)}
    told = [pattern.format(f"{limits[key]:g}") for key, pattern in BOUNDS if key in limits]
    least, most, unit = limits.get("min_length"), limits.get("max_length"), "characters" if text else "entries"
    if most is not None:
        told.append(f"({least or 0} to {most} {unit})" if least else f"(at most {most} {unit})")
    elif least:
        told.append("(not empty)")
    return f" {' '.join(told)}" if told else ""


def _slots(entry: Any) -> list[str]:
    return [key for key in ("ge", "gt", "le", "lt", "min_length", "max_length") if hasattr(entry, key)]


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**required**"
    value = field.get_default(call_default_factory=True)
    if value is None or value in ([], {}):
        return ""
    if isinstance(value, BaseModel):
        return ""
    return f"`{_yaml(value)}`"


def _yaml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_yaml, value))}]"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _inner(annotation: Any, suffix: str = "") -> list[tuple[str, type[BaseModel]]]:
    """Shapes of sections inside an annotation, with what their path adds."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [(suffix, annotation)]
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _inner(parts[0], suffix)
    if origin is dict:
        return _inner(parts[1], f"{suffix}.{_key_word(parts[0])}")
    if origin is list:
        return _inner(parts[0], f"{suffix}[]")
    return [found for part in parts for found in _inner(part, suffix)]


def _key_word(annotation: Any) -> str:
    return "SLOT" if get_origin(annotation) is Literal else "LOCALE" if annotation is brief.LocaleTag else "NAME"
