"""What lint says about kits that are as they should be: the demo brands, and kits made from the published facts of four real brands.

Run: `.venv/bin/python -m benchmarks.lint --out docs/benchmarks/lint.md`. The material of the real brands is looked for in
`BRANDKIT_CORPUS`, by default `../shared/corpus`; nothing of it is copied into the project.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from benchmarks.drift.real import CORPUS, NAMES, make_brand
from brandkit.brand.finding import LintReport
from brandkit.brand.lint import lint_brand
from brandkit.brand.registry import load_rules
from brandkit.cli.lint import surroundings
from brandkit.files import write_atomic

BRANDS = Path("brands")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args(arguments)
    if not CORPUS.is_dir():
        print(f"{CORPUS}: not there; set BRANDKIT_CORPUS", file=sys.stderr)
        return 2
    reports = dict(_reports())
    text = _page(reports, " ".join(sys.argv[1:] if arguments is None else arguments))
    if options.out:
        write_atomic(options.out, text)
    print(text)
    for name, report in reports.items():
        for finding in report.findings:
            print(f"{name}: {finding.id} {finding.fault.path}: {finding.fault.message}", file=sys.stderr)
    return 0


def _reports() -> Iterator[tuple[str, LintReport]]:
    for file in sorted(BRANDS.glob("**/brand.yaml")):
        yield file.parent.relative_to(BRANDS).as_posix(), lint_brand(file.parent, surroundings())
    with tempfile.TemporaryDirectory() as folder:
        for name in NAMES:
            make_brand(name, Path(folder) / name)
            yield f"{name} (real)", lint_brand(Path(folder) / name, surroundings())


def _page(reports: dict[str, LintReport], command: str) -> str:
    rules = load_rules()
    rows = []
    for name, report in reports.items():
        said = ", ".join(f"{rule} {count}" for rule, count in sorted(Counter(finding.id for finding in report.findings).items()))
        rows.append(f"| {name} | {len(report.errors)} | {len(report.advice)} | {said} |")
    return (
        "# Lint of kits that are as they should be\n\n"
        f"<!-- Made by the command below; not edited by hand. -->\n\n    .venv/bin/python -m benchmarks.lint {command}\n\n"
        f"All {len(rules)} rules on the demo brands, and on kits made from the published facts of four real brands (all colours, up to "
        "four marks, no clear space, 16 px as the smallest width of every mark, no roles). An error here is a false alarm. Advice on the "
        "demo brands should be none; on the real ones it should be true of the kit as it was made: the command prints each finding.\n\n"
        "| kit | errors | advice | rules |\n|---|---:|---:|---|\n" + "\n".join(rows) + "\n"
    )


if __name__ == "__main__":
    sys.exit(main())
