"""What files that are broken or built to do harm cost, and what is said about each: every one is read, or refused with its place.

Run: `.venv/bin/python benchmarks/hostile.py [--write] [--list GROUP]` with `BRANDKIT_CORPUS` naming the collected files. Each file is
put where a kit would hold it and read by the code that users call, in one process for each group. Figures for one file: seconds by the
clock and of processor time (this process and its helpers), and the largest resident memory of both together, counted anew for each file.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
CORPUS = Path(os.environ.get("BRANDKIT_CORPUS", ROOT / "../shared/corpus"))
PAGE = ROOT / "docs/benchmarks/hostile.md"
MAX_SECONDS = 5.0  # for one file
MAX_MIB = 512.0  # for one file, helpers included
BRAND = "brandkit: 1\nname: Any\n"
PALETTE = 'palette: {colors: {night: {value: "#1C304A", role: ink}, day: {value: "#FFFFFF", role: surface}}}\n'


@dataclass(frozen=True)
class Outcome:
    """What happened to one file: `read`, `placed` (refused with file:line:col), `told` (refused by name), or `wrong`."""

    file: str
    outcome: str
    said: str
    wall: float = 0.0
    cpu: float = 0.0
    mib: float = 0.0


def as_mark(data: bytes, folder: Path, name: str) -> tuple[str, str]:
    """Lint a kit whose only mark is the file."""
    from brandkit.brand.lint import lint_brand

    mark = Path(name).with_suffix(".svg").name
    (folder / mark).write_bytes(data)
    (folder / "brand.yaml").write_text(f"{BRAND}{PALETTE}logo: {{marks: {{main: {{file: {json.dumps(mark)}}}}}}}\n", encoding="utf-8")
    for finding in lint_brand(folder).findings:
        if finding.id in ("mark-unreadable", "mark-live-text", "mark-external", "brand-file"):
            return _placed(f"{mark}:", finding.fault.message), finding.fault.message
    return "read", ""


def _placed(start: str, message: str) -> str:
    line = message[len(start) :].partition(":")[0] if message.startswith(start) else ""
    return "placed" if line.isdecimal() else "told"


def as_brand(data: bytes, folder: Path, _name: str) -> tuple[str, str]:
    """Load the file as a brand."""
    from brandkit.brand.load import load_brand
    from brandkit.errors import BrandFileError

    (folder / "brand.yaml").write_bytes(data)
    try:
        load_brand(folder)
    except BrandFileError as error:
        fault = error.faults[0]
        return ("placed" if fault.line else "told"), str(fault)
    return "read", ""


def as_tokens(data: bytes, folder: Path, name: str) -> tuple[str, str]:
    """Read the file as a value in a token file: what must parse is what Python reads, what must not is refused."""
    from brandkit.brand.exchange.json_source import read_json
    from brandkit.errors import BrandFileError

    (folder / "tokens.json").write_bytes(b'{"value": ' + data + b"}")
    try:
        found = read_json(folder / "tokens.json").tree["value"]
    except BrandFileError as error:
        fault = error.faults[0]
        stricter = "is given twice" in fault.message  # RFC 8259 leaves it open which of two values a reader takes
        return ("wrong" if name.startswith("y_") and not stricter else "placed" if fault.line else "told"), str(fault)
    if name.startswith("n_"):
        return "wrong", "was read, and must not be"
    try:
        same = name.startswith("i_") or repr(found) == repr(json.loads(data))
    except ValueError:
        same = True
    return ("read", "") if same else ("wrong", f"was read as {found!r}"[:200])


def as_kit(data: bytes, _folder: Path, _name: str) -> tuple[str, str]:
    """Lint a trap: a whole kit, or the zip file of one."""
    from brandkit.brand.archive import unpacked
    from brandkit.brand.lint import lint_brand
    from brandkit.errors import BrandkitError

    try:
        with unpacked(Path(data.decode())) as opened:
            errors = [finding.fault for finding in lint_brand(opened).findings if finding.level == "error"]
    except BrandkitError as error:
        return "told", error.message
    return (("placed" if errors[0].line else "told"), str(errors[0])) if errors else ("read", "")


Reader = Callable[[bytes, Path, str], tuple[str, str]]
GROUPS: dict[str, tuple[str, Reader, str]] = {
    "svg": ("SVGs that break renderers, and hostile ones, as a mark: `brandkit lint`", as_mark, "badsvg/*/*"),
    "brand": ("JSONTestSuite as `brand.yaml`: loading a brand", as_brand, "badconf/json/*.json"),
    "tokens": ("JSONTestSuite as a value in design tokens: `brandkit import`", as_tokens, "badconf/json/*.json"),
    "traps": ("Traps made by `benchmarks/traps.py`, whole kits and zip files: `brandkit lint`", as_kit, ""),
}


def files_of(group: str) -> list[Path]:
    """The files of a group, in the order of their names."""
    if group == "traps":
        sys.path.insert(0, str(ROOT))
        from benchmarks.traps import TRAPS

        return [Path(name) for name in TRAPS]
    return sorted(CORPUS.glob(GROUPS[group][2]))


def serve(group: str, start: int) -> None:
    """In the process that is measured: read the group's files from `start` on, one line of JSON for each."""
    _, read, pattern = GROUPS[group]
    read_all = files_of(group)
    warm = Path(tempfile.mkdtemp(prefix="hostile-"))
    as_mark(b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 2"><path d="M0 0h3v2H0z"/></svg>', warm, "warm.svg")
    shutil.rmtree(warm)
    for path in read_all[start:]:
        with tempfile.TemporaryDirectory(prefix="hostile-") as folder:
            data = path.read_bytes() if pattern else _set_trap(path.name, Path(folder))
            _reset_peaks()
            clock, cpu = time.perf_counter(), _cpu()
            outcome, said = read(data, Path(folder), path.name)
            measured = Outcome(path.name, outcome, said, time.perf_counter() - clock, _cpu() - cpu, _peak())
        print(json.dumps(asdict(measured)), flush=True)


def _set_trap(name: str, folder: Path) -> bytes:
    """Make a trap, in a process of its own so that what it takes to make is not counted; the path of the kit."""
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from pathlib import Path; from benchmarks.traps import TRAPS; "
    code += f"print(TRAPS[{name!r}](Path({str(folder)!r})), end='')"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout


def _helpers() -> Iterator[int]:
    from brandkit.brand.fonts import HELPER as FONTS
    from brandkit.image.svg_process import HELPER as DRAWINGS

    yield from (helper.running.process.pid for helper in (FONTS, DRAWINGS) if helper.running)


def _reset_peaks() -> None:
    for pid in ("self", *_helpers()):
        Path(f"/proc/{pid}/clear_refs").write_text("5")


def _peak() -> float:
    """MiB of this process and of its helpers at their largest; of helpers that were killed the largest there ever was."""
    kilobytes = 0
    for pid in ("self", *_helpers()):
        status = Path(f"/proc/{pid}/status").read_text()
        kilobytes += int(status.partition("VmHWM:")[2].split()[0])
    if len(list(_helpers())) < 1:
        kilobytes += resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return kilobytes / 1024


def _cpu() -> float:
    ticks = os.sysconf("SC_CLK_TCK")
    own = resource.getrusage(resource.RUSAGE_SELF)
    gone = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = own.ru_utime + own.ru_stime + gone.ru_utime + gone.ru_stime
    for pid in _helpers():
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        seconds += (int(fields[11]) + int(fields[12])) / ticks
    return seconds


def measure(group: str) -> list[Outcome]:
    """All outcomes of a group; a file at which the measured process dies is `wrong`, and the next one starts a new process."""
    files, outcomes = files_of(group), []
    while len(outcomes) < len(files):
        command = [sys.executable, __file__, "--serve", group, "--start", str(len(outcomes))]
        run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=1800)
        outcomes += [Outcome(**json.loads(line)) for line in run.stdout.splitlines()]
        if run.returncode and len(outcomes) < len(files):
            reason = (run.stderr.strip().splitlines() or ["no word"])[-1][:200]
            outcomes.append(Outcome(files[len(outcomes)].name, "wrong", f"the process ended with {run.returncode}: {reason}"))
    return outcomes


def table(results: dict[str, list[Outcome]]) -> str:
    """The page's figures."""
    lines = [
        "| what | files | read | refused at file:line:col | refused by name | wrong | most seconds | of processor time | most MiB |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for group, outcomes in results.items():
        counts = Counter(outcome.outcome for outcome in outcomes)
        wall, cpu, mib = (max(getattr(outcome, part) for outcome in outcomes) for part in ("wall", "cpu", "mib"))
        cells = [GROUPS[group][0], len(outcomes), *(counts[word] for word in ("read", "placed", "told", "wrong"))]
        lines.append(f"| {' | '.join(map(str, cells))} | {wall:.2f} | {cpu:.2f} | {mib:.0f} |")
    return "\n".join(lines)


def main() -> int:
    """Measure, print the table, and with --write put it into the page; 1 when a file was read wrongly or beyond the limits."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"write the table into {PAGE.relative_to(ROOT)}")
    parser.add_argument("--list", choices=GROUPS, help="print each file's outcome of one group instead")
    parser.add_argument("--serve", choices=GROUPS, help=argparse.SUPPRESS)
    parser.add_argument("--start", type=int, default=0, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve(options.serve, options.start)
        return 0
    if not CORPUS.is_dir():
        print(f"no collected files at {CORPUS}; set BRANDKIT_CORPUS", file=sys.stderr)
        return 2
    results = {group: measure(group) for group in ([options.list] if options.list else GROUPS)}
    if options.list:
        for one in results[options.list]:
            said = one.said.partition("\n")[0]
            print(f"{one.outcome:7} {one.wall:6.2f} s {one.cpu:6.2f} s {one.mib:5.0f} MiB  {one.file}  {said}")
    print(table(results))
    beyond = [
        one for outcomes in results.values() for one in outcomes if one.outcome == "wrong" or one.cpu > MAX_SECONDS or one.mib > MAX_MIB
    ]
    for one in beyond:
        print(f"beyond: {one.file}: {one.outcome}, {one.cpu:.2f} s, {one.mib:.0f} MiB {one.said}", file=sys.stderr)
    if options.write:
        head, _, _ = PAGE.read_text(encoding="utf-8").partition("<!-- figures -->")
        PAGE.write_text(f"{head}<!-- figures -->\n{table(results)}\n", encoding="utf-8")
    return 1 if beyond else 0


if __name__ == "__main__":
    sys.exit(main())
