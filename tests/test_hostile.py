"""Whole kits that are traps (`benchmarks/traps.py`): each is refused with words and a remedy, or read, and nothing else happens."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from brandkit.brand.archive import unpacked
from brandkit.brand.lint import lint_brand
from brandkit.errors import InputError

sys.path.insert(0, str(Path(__file__).parents[1]))
from benchmarks.traps import TRAPS

READ = {  # what is only costly, and bounded
    "svg: a use bomb just within the limits", "svg: filters just within the limits", "svg: layers just within the limits",
    "svg: 19,000 dashed circles", "svg: a path of 1.9 MB", "svg: dashes without end", "svg: patterns in patterns",
    "svg: a style sheet without rules",
}  # fmt: skip
SLOW = {"svg: 19,000 dashed circles", "zip: a bomb", "json: a huge calibration"}  # seconds each; the benchmark has them


@pytest.mark.parametrize("name", sorted(TRAPS.keys() - SLOW))
def test_a_trap_is_refused_with_a_remedy_or_read(tmp_path: Path, name: str) -> None:
    kit = TRAPS[name](tmp_path)
    try:
        with unpacked(kit) as folder:
            errors = [finding.fault for finding in lint_brand(folder).findings if finding.level == "error"]
    except InputError as error:
        assert error.hint and name.partition(":")[0] in ("zip", "json")
        return
    assert bool(errors) == (name not in READ)
    assert all(fault.hint for fault in errors)
    assert "root:" not in str(errors), "nothing of /etc/passwd is shown"
