"""Sizes that a reader can hold."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "brandkit"
FILES = sorted(path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py"))
MODULE, FUNCTION = 400, 40  # most lines; of functions without their docstring
Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(path: Path) -> Iterator[Function]:
    for node in ast.walk(ast.parse((PACKAGE / path).read_text(encoding="utf-8"))):
        if isinstance(node, Function):
            yield node


def docstring(node: Function) -> int:
    first = node.body[0]
    return first.end_lineno - first.lineno + 1 if ast.get_docstring(node) is not None else 0


@pytest.mark.parametrize("path", FILES, ids=str)
def test_a_file_is_no_longer_than_can_be_read(path):
    assert len((PACKAGE / path).read_text(encoding="utf-8").splitlines()) <= MODULE
    long = {node.name: size for node in functions(path) if (size := node.end_lineno - node.lineno + 1 - docstring(node)) > FUNCTION}
    assert not long
