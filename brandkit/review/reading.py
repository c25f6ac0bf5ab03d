"""What speaks against an asset, as one digest: a decision holds for exactly what its author was shown."""

from __future__ import annotations

import json

from brandkit.files import sha256
from brandkit.results import AssetResult, CheckResult, Level, Verdict


def against(asset: AssetResult) -> list[CheckResult]:
    """The must checks that do not pass: what a person is asked about."""
    return [check for check in asset.checks if check.level is Level.MUST and check.verdict is not Verdict.PASS]


def reading(asset: AssetResult) -> str:
    """SHA-256 over verdict and everything that speaks against the asset: numbers, limits, places and versions of checks."""
    parts = [check.model_dump(mode="json", exclude={"measurements"}) for check in sorted(against(asset), key=lambda check: check.check)]
    return sha256(json.dumps([asset.verdict.value, parts], sort_keys=True, ensure_ascii=False).encode())
