"""Reads every collected token and brand file, writes what was read in every format, and counts: `python -m benchmarks.interchange`.

Needs the collected files (`BRANDKIT_CORPUS`, default `../shared/corpus`). With `--write`, the tables of docs/interchange.md are made
anew; with `--list`, each file is shown with what became of it.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator
from referencing import Registry, Resource

from brandkit.brand.exchange.catalogue import FORMATS, format_of
from brandkit.brand.exchange.exporting import export_brand
from brandkit.brand.exchange.importing import import_files
from brandkit.brand.exchange.sketch import Sketch, restricted
from brandkit.brand.load import load_with_source
from brandkit.errors import BrandFileError, Fault

CORPUS = Path(os.environ.get("BRANDKIT_CORPUS", "../shared/corpus")) / "tokens"
PAGE = Path("docs/interchange.md")
BEGIN, END = "<!-- made by benchmarks/interchange.py -->", "<!-- end -->"
NOTHING = "nothing that a kit could take"


@dataclass(frozen=True)
class Outcome:
    """What became of one file."""

    file: str
    format: str
    verdict: str
    state: str
    """`imported`, `nothing` (well-formed, but holds nothing for a kit), `refused`, or `unplaced` (a defect of brandkit)."""
    clean: bool
    """True when brandkit found no rule of the format broken."""
    why: str
    sketch: Sketch | None = None


def look_at(file: str, verdict: str) -> Outcome:
    path, format = CORPUS / file, "none"
    try:
        found = format_of(path)
        format = found.id
        reading = found.read([path], {}) if found.read else None
    except BrandFileError as error:
        state = "nothing" if all(_nothing(fault) for fault in error.faults) else "refused"
        missing = all("names no token of" in fault.message or _nothing(fault) for fault in error.faults)
        if any(not fault.line and "byte" not in fault.message for fault in error.faults):
            state = "unplaced"
        return Outcome(file, format, verdict, "missing" if missing and state == "refused" else state, missing, _brief(error.faults[0]))
    remarks = reading.remarks if reading else ()
    broken = [remark.fault for remark in remarks if remark.kind == "broken" or "older draft" in remark.fault.message]
    unplaced = any(not remark.fault.line and "byte" not in remark.fault.message for remark in remarks)
    why = _brief(broken[0]) if broken else ""
    return Outcome(file, format, verdict, "unplaced" if unplaced else "imported", not broken, why, reading.sketch if reading else None)


def _nothing(fault: Fault) -> bool:
    return NOTHING in fault.message or fault.message.startswith("holds no")


def _brief(fault: Fault) -> str:
    return f"{fault.line}:{fault.column} {fault.path + ': ' if fault.path else ''}{fault.message}"


def official() -> Draft7Validator:
    base = CORPUS / "schema-dtcg/2025.10"
    documents = [json.loads(file.read_text(encoding="utf-8")) for file in base.rglob("*.json")]
    registry: Any = Registry().with_resources([(str(entry["$id"]), Resource.from_contents(entry)) for entry in documents])
    return Draft7Validator(json.loads((base / "format.json").read_text(encoding="utf-8")), registry=registry)


def round_trips(outcomes: Iterable[Outcome]) -> dict[str, tuple[int, int]]:
    """Format to how many of the imported files it wrote so that they read back alike, and of how many."""
    counts: dict[str, Counter[bool]] = {format.id: Counter() for format in FORMATS.values() if format.read and format.write}
    with tempfile.TemporaryDirectory() as folder:
        for outcome in outcomes:
            for format_id in counts if outcome.sketch and outcome.sketch.colors else ():
                format = FORMATS[format_id]
                assert format.read and format.write and outcome.sketch
                file = Path(folder) / format.file
                file.write_bytes(format.write(outcome.sketch).data)
                same = format.read([file], {}).sketch == restricted(outcome.sketch, format.says)
                if not same and "--list" in sys.argv:
                    print("not alike:", format_id, outcome.file)
                counts[format_id][same] += 1
    return {format_id: (count[True], count.total()) for format_id, count in counts.items()}


def kits(outcomes: Iterable[Outcome]) -> tuple[int, int]:
    """How many of the imported files make a kit that lints without errors, and of how many."""
    good, every = 0, 0
    for outcome in outcomes:
        if outcome.sketch:
            with tempfile.TemporaryDirectory() as folder:
                result = import_files([CORPUS / outcome.file], Path(folder) / "kit")
                good, every = good + (result.lint.exit_code == 0), every + 1
                if result.lint.exit_code and "--list" in sys.argv:
                    print("lint:", outcome.file, result.lint.to_text())
    return good, every


def schema_agreement(outcomes: Iterable[Outcome]) -> Counter[tuple[str, str]]:
    """Verdict of the official schema against ours, for the files that are DTCG."""
    counts: Counter[tuple[str, str]] = Counter()
    for outcome in outcomes:
        if outcome.format in {"dtcg", "none"} and outcome.verdict and outcome.file.startswith(("dtcg", "style-dictionary/dtcg")):
            valid = (outcome.verdict.endswith("VALID") and "INVALID" not in outcome.verdict) or outcome.verdict == "resolver-valid"
            ours = "clean" if outcome.clean or outcome.state == "nothing" else "broken"
            counts["valid" if valid else "invalid", ours] += 1
            if (valid, ours) in {(True, "broken"), (False, "clean")} and "--list" in sys.argv:
                print(f"disagree: schema {'valid' if valid else 'invalid'}, we {ours}: {outcome.file}: {outcome.why or outcome.verdict}")
    return counts


def tables(outcomes: list[Outcome]) -> str:
    states = ("imported", "nothing", "missing", "refused", "unplaced")
    rows = ["| format | files | imported | nothing for a kit | needs other files | refused | fault without a place |", "|---|" + "--:|" * 6]
    for format in sorted({outcome.format for outcome in outcomes}):
        counts = Counter(outcome.state for outcome in outcomes if outcome.format == format)
        title = FORMATS[format].title if format in FORMATS else "none that brandkit reads"
        rows.append(f"| {title} | {counts.total()} | " + " | ".join(str(counts[state]) for state in states) + " |")
    total = Counter(outcome.state for outcome in outcomes)
    rows.append(f"| all | {total.total()} | " + " | ".join(str(total[state]) for state in states) + " |")
    trips = round_trips(outcomes)
    rows += ["", "| format | files written and read back alike |", "|---|--:|"]
    rows += [f"| {FORMATS[format].title} | {same} of {every} |" for format, (same, every) in trips.items()]
    agreement = schema_agreement(outcomes)
    rows += ["", "| official JSON Schema | brandkit finds no rule broken | brandkit finds one |", "|---|--:|--:|"]
    rows += [f"| {verdict} | {agreement[verdict, 'clean']} | {agreement[verdict, 'broken']} |" for verdict in ("valid", "invalid")]
    good, every = kits(outcomes)
    rows += ["", f"Kits made of the imported files that lint without errors: {good} of {every}."]
    valid, written = schema_valid(outcomes)
    rows += [f"DTCG files written from them (and from the demo brands) that the official JSON Schema accepts: {valid} of {written}."]
    return "\n".join(rows)


def schema_valid(outcomes: Iterable[Outcome]) -> tuple[int, int]:
    validator = official()
    write = FORMATS["dtcg"].write
    assert write
    written = [write(outcome.sketch).data for outcome in outcomes if outcome.sketch]
    written += [export_brand(*load_with_source(folder.parent), "dtcg").data for folder in sorted(Path("brands").glob("*/brand.yaml"))]
    return sum(validator.is_valid(json.loads(data)) for data in written), len(written)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="Put the tables into docs/interchange.md.")
    parser.add_argument("--list", action="store_true", help="Show every file.")
    arguments = parser.parse_args()
    if not CORPUS.is_dir():
        print(f"{CORPUS} is missing; set BRANDKIT_CORPUS", file=sys.stderr)
        return 2
    with (CORPUS / "index.tsv").open(encoding="utf-8") as stream:
        entries = [(row["file"], row["dtcg_schema_2025.10"].partition(":")[0]) for row in csv.DictReader(stream, delimiter="\t")]
    outcomes = [look_at(file, verdict) for file, verdict in entries if not file.endswith("LICENSE")]
    if arguments.list:
        for outcome in outcomes:
            print(f"{outcome.state:9} {outcome.format:17} {outcome.file} {outcome.why}")
    text = tables(outcomes)
    print(text)
    if arguments.write:
        page = PAGE.read_text(encoding="utf-8")
        head, _, rest = page.partition(BEGIN)
        PAGE.write_text(f"{head}{BEGIN}\n\n{text}\n\n{END}{rest.partition(END)[2]}", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
