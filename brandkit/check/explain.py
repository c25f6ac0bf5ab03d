"""The checks in words: a list of all of them, and one explained with its reason, unit, limits and codes."""

from __future__ import annotations

import ast
import difflib
import inspect
import textwrap
from pathlib import Path
from typing import Any

from brandkit.check.registry import Check, load_checks
from brandkit.errors import InputError
from brandkit.results import Limit

WIDTH = 100  # columns of the explanations


def find_check(name: str) -> Check:
    """The check called `name`.

    Raises:
        InputError: There is none; the hint names the nearest.
    """
    known = [check.id for check in load_checks()]
    if name not in known:
        near = difflib.get_close_matches(name, known, n=3, cutoff=0.4)
        hint = f"did you mean {' or '.join(near)}?" if near else "`brandkit checks` lists them"
        raise InputError(f"there is no check {name!r}", hint=hint)
    return load_checks()[name]


def codes(check: Check) -> dict[str, str]:
    """The reasons within a check: code to the words of its finding, read from the check's own source.

    Parts of the words that depend on the picture are shown as `…`.
    """
    tree = ast.parse(Path(inspect.getsourcefile(check.run) or "").read_text(encoding="utf-8"))
    makers = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef) and _first_field(node) == "code"}
    found: dict[str, str] = {}
    for scope in (node for node in tree.body if isinstance(node, ast.FunctionDef)):
        for node in ast.walk(scope):
            name = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
            if not isinstance(node, ast.Call) or name not in {"Finding", *makers}:
                continue
            arguments = {keyword.arg: keyword.value for keyword in node.keywords}
            wanted = arguments.get("code", node.args[0] if node.args and name in makers else None)
            given = arguments.get("message")
            told = sorted(node.args[1:], key=lambda entry: not isinstance(entry, ast.JoinedStr | ast.Name))
            words = _message(given, scope) if given else next(filter(None, (_message(entry, scope) for entry in told)), "")
            for code in _constants(wanted):
                found[code] = max(found.get(code, ""), words, key=len)
    return dict(sorted(found.items()))


def _first_field(node: ast.AST) -> str:
    """Name of the first parameter of a function, or of the first field of a class."""
    if isinstance(node, ast.FunctionDef) and node.args.args:
        return node.args.args[0].arg
    if isinstance(node, ast.ClassDef):
        return next((entry.target.id for entry in node.body if isinstance(entry, ast.AnnAssign) and isinstance(entry.target, ast.Name)), "")
    return ""


def _constants(node: ast.AST | None) -> list[str]:
    """The string constants that an expression can give."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    return _constants(node.body) + _constants(node.orelse) if isinstance(node, ast.IfExp) else []


def _message(node: ast.AST | None, scope: ast.FunctionDef) -> str:
    """A string expression in words, with `…` for what depends on the picture; a variable is looked up where it was assigned."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
    if isinstance(node, ast.BinOp):
        return _message(node.left, scope) + _message(node.right, scope)
    if isinstance(node, ast.Name):
        made = [entry for entry in ast.walk(scope) if isinstance(entry, ast.Assign) and node.id in map(_target, entry.targets)]
        before = sorted((entry for entry in made if entry.lineno < node.lineno), key=lambda entry: -entry.lineno)
        return next((words for words in (_message(entry.value, scope) for entry in before) if words), "")
    return ""


def _target(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def describe(name: str | None = None) -> list[dict[str, Any]]:
    """All checks, or the one called `name`, as plain values."""
    chosen = [find_check(name)] if name else list(load_checks())
    return [
        {
            "id": check.id,
            "measures": check.summary,
            "unit": check.limits.unit,
            "review_at": check.limits.review_at,
            "fail_at": check.limits.fail_at,
            "higher_is_worse": check.limits.higher_is_worse,
            "level": check.level.value,
            "foreign_level": check.foreign_level.value,
            "version": check.version,
            "rationale": check.rationale,
            "promise": check.promise.key if check.promise else None,
            "further": [
                {
                    "name": entry.name,
                    "where": entry.where,
                    **entry.limit.model_dump(include={"unit", "review_at", "fail_at", "higher_is_worse"}),
                }
                for entry in check.further
            ],
            "codes": codes(check),
        }
        for check in chosen
    ]


def list_checks() -> str:
    """One line for each check."""
    rows = [("check", "level", "review", "fail", "unit", "v", "passes when")]
    for check in load_checks():
        level = check.level.value + ("" if check.level is check.foreign_level else "*")
        rows.append((check.id, level, *signed(check.limits), check.limits.unit, str(check.version), check.summary))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]) - 1)]
    lines = ["  ".join([*(cell.ljust(width) for cell, width in zip(row[:-1], widths, strict=True)), row[-1]]) for row in rows]
    return "\n".join(lines) + "\n\n* only advises on pictures made elsewhere. `brandkit checks ID` explains one.\n"


def signed(limit: Limit) -> tuple[str, str]:
    """Where review and fail begin: `> 2` and `>= 4`."""
    sign = ">" if limit.higher_is_worse else "<"
    return f"{sign} {limit.review_at:g}", f"{sign}= {limit.fail_at:g}"


def explain(name: str) -> str:
    """One check in words.

    Raises:
        InputError: There is no such check.
    """
    from brandkit.check.docs import level_words, limit_words, page_of

    check = find_check(name)
    parts = [
        f"{check.id}: {check.summary}",
        textwrap.fill(check.rationale, WIDTH),
        textwrap.fill(f"{limit_words(check.limits)} {level_words(check)} Version of its numbers: {check.version}.", WIDTH),
        *_further(check),
        f"Your own limits, in brand.yaml:\n  gate: {{limits: {{{check.id}: [{check.limits.review_at:g}, {check.limits.fail_at:g}]}}}}",
    ]
    if meanings := codes(check):
        width = max(map(len, meanings))
        parts.append("Findings:\n" + "\n".join(f"  {code.ljust(width)}  {words}".rstrip() for code, words in meanings.items()))
    parts.append(f"Examples as pictures, and every case it is tested on: {page_of(check.id)} in brandkit's repository.")
    return "\n\n".join(parts) + "\n"


def _further(check: Check) -> list[str]:
    """A paragraph with the limits of a check's other readings; none where it has no others."""
    if not check.further:
        return []
    rows = [(entry.name, *signed(entry.limit), entry.limit.unit, entry.where) for entry in check.further]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]) - 1)]
    lines = ["  ".join([*(cell.ljust(width) for cell, width in zip(row[:-1], widths, strict=True)), row[-1]]).rstrip() for row in rows]
    return [
        "Its other readings, review and fail (gate.limits sets the one above, gate.profile moves all):\n"
        + "\n".join(f"  {line}" for line in lines)
    ]
