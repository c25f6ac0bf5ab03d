"""Every fault of the list has tests, and they exist."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
FAULTS = yaml.safe_load((Path(__file__).parent / "index.yaml").read_text(encoding="utf-8"))
LIST = set(range(1, 19))  # the faults that the design names; more came with use


def test_the_list_is_whole_and_in_order():
    numbers = [entry["n"] for entry in FAULTS]
    assert numbers == sorted(set(numbers))
    assert set(numbers) >= LIST


@pytest.mark.parametrize("entry", FAULTS, ids=[f"{entry['n']} {entry['fault']}" for entry in FAULTS])
def test_the_tests_of_a_fault_exist(entry):
    assert set(entry) == {"n", "fault", "injected", "holds", "tests"} and entry["tests"]
    for test in entry["tests"]:
        file, _, name = test.partition("::")
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}, test
