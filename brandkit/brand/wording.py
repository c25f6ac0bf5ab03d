"""What the shape checker found, in plain words: what is wrong, and what to write instead."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from pydantic import BaseModel

from brandkit.brand.resolve import Loc
from brandkit.brand.source import Source
from brandkit.errors import Fault

MAX_SHOWN = 60  # characters of a wrong value that are repeated in a message
MAX_LISTED = 14  # allowed values or keys that are listed before the list is cut

_BOUNDS = {
    "greater_than": "more than",
    "greater_than_equal": "at least",
    "less_than": "less than",
    "less_than_equal": "at most",
}


@cache
def _schema(model: type[BaseModel]) -> dict[str, Any]:
    return model.model_json_schema()


def faults_of(source: Source, errors: Iterable[Mapping[str, Any]], model: type[BaseModel]) -> list[Fault]:
    """One placed fault for each error that the model found in the file."""
    faults = [_fault(source, error, model) for error in errors]
    return list({(fault.file, fault.line, fault.column, fault.path): fault for fault in reversed(faults)}.values())


def closest(word: str, choices: Iterable[str]) -> str:
    """`did you mean 'x'?` for the choice nearest to `word`, or all choices when none is near."""
    known = [str(choice) for choice in choices]
    if near := difflib.get_close_matches(word, known, n=1, cutoff=0.6):
        return f"did you mean {near[0]!r}?"
    return f"write one of: {listed(known)}" if known else ""


def listed(words: Iterable[str]) -> str:
    """Words joined by commas, cut after the first few."""
    known = list(words)
    return ", ".join(known[:MAX_LISTED]) + (", …" if len(known) > MAX_LISTED else "")


def shown(value: Any) -> str:
    """A wrong value for a message: quoted, short, and without hidden characters."""
    text = repr(value)
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…"


def describe_at(model: type[BaseModel], loc: Loc) -> dict[str, Any]:
    """The part of the model's JSON Schema that describes the value at `loc`; empty where nothing may stand."""
    root = _schema(model)
    part = _plain(root, root)
    for step in loc:
        part = _plain(root, _step(part, step))
    return part


def keys_at(model: type[BaseModel], loc: Loc) -> list[str]:
    """The keys that may be written at `loc`."""
    return list(describe_at(model, loc).get("properties", {}))


def _step(part: dict[str, Any], step: str | int) -> dict[str, Any]:
    if isinstance(step, int):
        prefix = part.get("prefixItems", [])
        items = prefix[step] if step < len(prefix) else part.get("items")
        return items if isinstance(items, dict) else {}
    if step in part.get("properties", {}):
        found: dict[str, Any] = part["properties"][step]
        return found
    patterns = part.get("patternProperties") or {}
    entry: Any = part.get("additionalProperties") or next(iter(patterns.values()), {})
    return entry if isinstance(entry, dict) else {}


def _plain(root: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    """`part` with its reference followed and the alternative taken that holds most keys."""
    if "$ref" in part:
        target = root["$defs"][part["$ref"].rsplit("/", 1)[-1]]
        return {**_plain(root, target), **{key: value for key, value in part.items() if key != "$ref"}}
    for word in ("anyOf", "oneOf", "allOf"):
        if word in part:
            choices = [_plain(root, choice) for choice in part[word]]
            best = max(choices, key=lambda choice: len(choice.get("properties", choice)))
            return {**best, **{key: value for key, value in part.items() if key != word}}
    return part


def _fault(source: Source, error: Mapping[str, Any], model: type[BaseModel]) -> Fault:
    loc = tuple(step for step in error["loc"] if step != "[key]")
    kind = error["type"]
    if "[key]" in error["loc"]:
        hint = "use lower-case letters, digits and hyphens, e.g. 'deep-sea'"
        if kind == "literal_error":
            hint = closest(str(loc[-1]), _expected(error))
        elif "copy" in loc:
            hint = "write a language tag, e.g. 'en', 'de-AT' or 'zh-Hant-TW'"
        return source.fault(loc, f"{shown(loc[-1])} cannot be a key here", hint, key=True)
    if kind == "extra_forbidden":
        return source.fault(loc, f"unknown key {shown(loc[-1])}", _known_keys(str(loc[-1]), keys_at(model, loc[:-1])), key=True)
    if kind == "missing":
        return _missing(source, loc, model)
    part = describe_at(model, loc)
    while loc and loc not in source.values:  # inside a value that the model made of a shorter one
        loc = loc[:-1]
    message, hint = _explain(error, source.written.get(loc), part)
    value = source.place(loc)
    rest = source.lines.get(value.file, [""])[value.line - 1][value.column - 1 :] if value.line else ""
    if error["input"] is None and source.written.get(loc) == "" and rest.lstrip(" :-").startswith("#"):
        word = rest.lstrip(" :-").split()[0].rstrip(",}]")
        message, hint = f"is empty: {word!r} without quotes is a comment", f"quote it: '{word}'"
    return source.fault(loc, message, hint)


def _known_keys(word: str, known: list[str]) -> str:
    first, *deeper = word.split(".")
    if deeper and first in known:  # as paths are written in messages and proposals
        return f"write it as keys within keys: '{first}: {{{': {'.join(deeper)}: …{'}' * len(deeper)}'"
    return closest(word, known).replace("write one of: ", "known keys: ")


def _missing(source: Source, loc: Loc, model: type[BaseModel]) -> Fault:
    if isinstance(loc[-1], int):
        count = len(describe_at(model, loc[:-1]).get("prefixItems", ()))
        return source.fault(loc[:-1], f"needs {count} entries", f"write {count} values in brackets, separated by commas")
    about = str(describe_at(model, loc).get("description", "")).split("\n")[0]
    hint = f"add '{loc[-1]}: …'" + (f" ({about.rstrip('.')})" if about else "")
    return source.fault(loc, f"the key {loc[-1]!r} is missing", hint)


def _expected(error: Mapping[str, Any]) -> list[str]:
    words = str(error.get("ctx", {}).get("expected", "")).replace(" or ", ", ").split(", ")
    return [word.strip("'") for word in words if word]


def _explain(error: Mapping[str, Any], written: str | None, part: dict[str, Any]) -> tuple[str, str]:
    kind, value, context = error["type"], error["input"], error.get("ctx", {})
    if kind in {"literal_error", "enum"}:
        return _wrong_choice(value, _expected(error))
    if kind == "value_error":
        message, _, hint = str(context.get("error", error["msg"])).partition("; ")
        return message, hint or "see the description of this key"
    if kind in _BOUNDS:
        bound = next(iter(context.values()))
        return f"is {written or shown(value)}, but must be {_BOUNDS[kind]} {bound:g}", f"write a number {_range(part, kind, bound)}"
    if kind.startswith(("too_", "string_too_")):
        return _wrong_length(kind, value, context)
    if kind == "string_pattern_mismatch":
        return _wrong_pattern(value, part)
    if kind.startswith("decimal_max"):
        return f"{written or shown(value)} has too many digits", "write an amount in dollars and cents, e.g. 20 or 19.50"
    return _wrong_type(kind, value, written, part)


def _wrong_choice(value: Any, allowed: list[str]) -> tuple[str, str]:
    near = difflib.get_close_matches(str(value), allowed, n=1, cutoff=0.6)
    rest = f"write one of: {listed(allowed)}" if len(allowed) > 1 else f"write {allowed[0]}" if allowed else ""
    return f"{shown(value)} is not allowed here", f"did you mean {near[0]!r}? {rest[0].upper()}{rest[1:]}" if near and len(
        allowed
    ) > 1 else rest


def _range(part: dict[str, Any], kind: str, bound: float) -> str:
    low, high = part.get("minimum", part.get("exclusiveMinimum")), part.get("maximum", part.get("exclusiveMaximum"))
    if low is not None and high is not None:
        return f"between {low:g} and {high:g}"
    return f"of {_BOUNDS[kind]} {bound:g}"


def _wrong_length(kind: str, value: Any, context: Mapping[str, Any]) -> tuple[str, str]:
    least, most = context.get("min_length"), context.get("max_length")
    unit = "characters" if isinstance(value, str) else "entries"
    if kind.endswith("short"):
        if not value:
            return (
                "is empty",
                f"write at least {least} {unit[:-1] if unit == 'characters' and least == 1 else 'entry' if least == 1 else unit}",
            )
        return f"has {len(value)} {unit}, but needs at least {least}", f"write {least} or more"
    count = context.get("actual_length") or len(value)
    return f"has {count} {unit}, but may have at most {most}", "shorten it" if unit == "characters" else "delete the others"


def _wrong_pattern(value: Any, part: dict[str, Any]) -> tuple[str, str]:
    examples = part.get("examples") or ["deep-sea"]
    about = str(part.get("description", "")).split(":")[0].split("\n")[0].rstrip(".")
    about = about or ("A name of lower-case letters, digits and hyphens" if examples == ["deep-sea"] else "Write it in this form")
    return f"{shown(value)} cannot stand here", f"{about[0].lower()}{about[1:]}, e.g. {examples[0]!r}"


def _wrong_type(kind: str, value: Any, written: str | None, part: dict[str, Any]) -> tuple[str, str]:
    got = _what(value, written)
    if kind.startswith("string"):
        if isinstance(value, bool | int | float):
            return f"must be text, not {got}", f'quote it: "{written or value}"'
        return f"must be text, not {got}", "write the text behind the colon" if value is None else "write one text"
    if kind.startswith(("int", "float", "decimal", "finite")):
        if isinstance(value, str):
            plain = value.strip().lstrip("0") or "0"
            numeric = plain.replace(".", "", 1).isdigit()
            return f"must be a number, not {got}", f"write it without quotes, leading zeros or units, e.g. {plain if numeric else '3'}"
        whole = "whole " if kind.startswith("int") else ""
        return f"must be a {whole}number, not {got}", f"write a {whole}number, e.g. {3 if whole else 0.5}"
    if kind in {"list_type", "tuple_type"}:
        inner = written or value
        hint = f"write it in brackets: [{inner}]" if isinstance(value, str | int | float) else "write a list: [first, second]"
        return f"must be a list, not {got}", hint
    if kind in {"model_type", "dict_type", "model_attributes_type", "mapping_type"}:
        known = listed(part.get("properties", {}))
        return (
            f"must be a mapping of keys to values, not {got}",
            f"write keys under it: {known}" if known else "write 'name: value' under it",
        )
    return f"cannot be {got}", "see the description of this key"


def _what(value: Any, written: str | None) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return f"the word {written or value}"
    if isinstance(value, int | float):
        return f"the number {written or value}"
    if isinstance(value, str):
        return f"the text {shown(value)}"
    return "a list" if isinstance(value, list | tuple) else "a mapping"
