"""What lint says: findings with a rule, a level, a place and a remedy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from brandkit.brand.edit import Edit
from brandkit.brand.registry import Level
from brandkit.errors import Fault

SCHEMA = "brandkit/lint@2"
BRAND_FILE = "brand-file"  # id of what is no valid brand file at all: YAML and shape


@dataclass(frozen=True)
class LintFinding:
    """One fault or weakness of a kit: errors keep it from being used or make output wrong, advice does not."""

    id: str
    """Id of the rule, e.g. `contrast-low`; never changes."""
    level: Level
    fault: Fault
    fix: tuple[Edit, ...] = field(default=(), compare=False)
    """Edits of the brand file that mend it."""

    def __str__(self) -> str:
        fault = self.fault
        place = f"{fault.file}:{fault.line}:{fault.column}" if fault.line else fault.file
        lines = [f"{place}: {self.level} {self.id}{f' {fault.path}' if fault.path else ''}: {fault.message}"]
        if fault.source:
            lines += [f"  {fault.source}", f"  {' ' * (fault.column - 1)}^"]
        hint = f"{fault.hint}{' (--fix does it)' if self.fix else ''}"
        return "\n".join([*lines, f"  → {hint}"] if fault.hint else lines)


@dataclass(frozen=True)
class LintReport:
    """All findings on one kit, in the order of files and lines."""

    brand: str
    findings: tuple[LintFinding, ...]
    ignored: int = 0
    """Findings that the brand file tells to ignore."""

    @staticmethod
    def of(brand: str, findings: Iterable[LintFinding], ignored: int = 0) -> LintReport:
        """A report with its findings sorted by place."""
        return LintReport(brand, tuple(sorted(set(findings), key=lambda finding: (finding.fault, finding.id))), ignored)

    @property
    def errors(self) -> tuple[LintFinding, ...]:
        return tuple(finding for finding in self.findings if finding.level == "error")

    @property
    def advice(self) -> tuple[LintFinding, ...]:
        return tuple(finding for finding in self.findings if finding.level == "advice")

    @property
    def readable(self) -> bool:
        """Whether the kit's files are valid at all; else nothing more is known of it."""
        return all(finding.id != BRAND_FILE for finding in self.findings)

    @property
    def exit_code(self) -> int:
        """2 when an error was found; advice alone is 0."""
        return 2 if self.errors else 0

    def to_json(self) -> dict[str, Any]:
        """The report as plain JSON values."""
        return {
            "schema_version": SCHEMA,
            "brand": self.brand,
            "errors": len(self.errors),
            "advice": len(self.advice),
            "ignored": self.ignored,
            "findings": [
                {
                    "rule": finding.id,
                    "level": finding.level,
                    "file": finding.fault.file,
                    "line": finding.fault.line,
                    "column": finding.fault.column,
                    "path": finding.fault.path,
                    "message": finding.fault.message,
                    "remedy": finding.fault.hint,
                    "fixable": bool(finding.fix),
                }
                for finding in self.findings
            ],
        }

    def to_text(self) -> str:
        """The report for people: findings with their source lines, then one line that counts them."""
        if not self.findings:
            return f"{Path(self.brand)}: no faults found{self._rest()}\n"
        count = f"{len(self.errors)} error{'' if len(self.errors) == 1 else 's'}, {len(self.advice)} piece"
        count += f"{'' if len(self.advice) == 1 else 's'} of advice{self._rest()}"
        return "\n".join([*map(str, self.findings), f"{self.brand}: {count}", self._next()]).rstrip() + "\n"

    def _rest(self) -> str:
        return f", {self.ignored} ignored" if self.ignored else ""

    def _next(self) -> str:
        fixable = sum(bool(finding.fix) for finding in self.findings)
        example = next((finding.id for finding in self.findings if finding.id != BRAND_FILE), "")
        words = [f"`brandkit rules {example}` explains one" if example else ""]
        words += [f"`brandkit lint --fix` mends {fixable} of them"] if fixable else []
        return "; ".join(filter(None, words))
