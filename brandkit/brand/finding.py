"""What lint says: findings with an id, a level, a place and a remedy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from brandkit.errors import Fault

SCHEMA = "brandkit/lint@1"

Level = Literal["error", "warning"]


@dataclass(frozen=True)
class LintFinding:
    """One fault or weakness of a kit: errors keep it from being used, warnings do not."""

    id: str
    """Kebab-case noun of the problem, e.g. `contrast-low`; never changes."""
    level: Level
    fault: Fault

    def __str__(self) -> str:
        place, _, rest = str(self.fault).partition(": ")
        return f"{place}: {self.level} [{self.id}] {rest}"


@dataclass(frozen=True)
class LintReport:
    """All findings on one kit, in the order of files and lines."""

    brand: str
    findings: tuple[LintFinding, ...]

    @staticmethod
    def of(brand: str, findings: Iterable[LintFinding]) -> LintReport:
        """A report with its findings sorted by place."""
        return LintReport(brand, tuple(sorted(set(findings), key=lambda finding: (finding.fault, finding.id))))

    @property
    def errors(self) -> tuple[LintFinding, ...]:
        return tuple(finding for finding in self.findings if finding.level == "error")

    @property
    def warnings(self) -> tuple[LintFinding, ...]:
        return tuple(finding for finding in self.findings if finding.level == "warning")

    @property
    def exit_code(self) -> int:
        """2 when an error was found; warnings alone are 0."""
        return 2 if self.errors else 0

    def to_json(self) -> dict[str, Any]:
        """The report as plain JSON values."""
        return {
            "schema_version": SCHEMA,
            "brand": self.brand,
            "errors": len(self.errors),
            "warnings": len(self.warnings),
            "findings": [
                {
                    "id": finding.id,
                    "level": finding.level,
                    "file": finding.fault.file,
                    "line": finding.fault.line,
                    "column": finding.fault.column,
                    "path": finding.fault.path,
                    "message": finding.fault.message,
                    "remedy": finding.fault.hint,
                }
                for finding in self.findings
            ],
        }

    def to_text(self) -> str:
        """The report for people: findings with their source lines, then one line that counts them."""
        count = f"{self.brand}: {_count(self.errors, 'error')}, {_count(self.warnings, 'warning')}"
        return "\n".join([*map(str, self.findings), count if self.findings else f"{Path(self.brand)}: no faults found"]) + "\n"


def _count(findings: tuple[LintFinding, ...], word: str) -> str:
    return f"{len(findings)} {word}{'' if len(findings) == 1 else 's'}"
