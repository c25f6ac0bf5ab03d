"""The pages `docs/rules.md` and `docs/rules/`, written from the rules themselves: `python -m brandkit.brand.rules_docs [--check]`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from brandkit.brand.lint import find_rule, lint_brand
from brandkit.brand.registry import AREAS, Area, Rule, load_rules
from brandkit.files import bring_up_to_date

ROOT = Path(__file__).parents[2]
MADE_BY = "<!-- Written by `python -m brandkit.brand.rules_docs`; edit the rule or its cases, not this page. -->"
ABOUT: dict[Area, str] = {
    "palette": "Colours, how they stand on each other, and how much of an asset they cover.",
    "logo": "The files of marks, and what they are made for.",
    "type": "Font files, and the scale of styles.",
    "tone": "Words that the kit bans, prefers, claims and adds.",
    "imagery": "References and photographs.",
    "gate": "Limits, levels and calibration.",
    "structure": "The kit as a folder, and as a child of other kits.",
}
INTRO = """\
`brandkit lint BRAND` applies these rules to a kit. Each finding names the file, line and column, the rule, and what to write instead:

```text
{shown}
```

- **error**: output would be wrong, or the kit cannot be used; exit code 2. **advice**: it works, and could work better; exit code 0.
- `brandkit lint --fix` mends what needs no decision. It changes the brand's own file and nothing else in it: comments, order and layout
  stay, the change is printed as a diff, and an edit that would alter any other value is not made. `--diff` only shows the change.
- `brandkit lint --select ID` applies only that rule, `--ignore ID` leaves it out. `brandkit rules ID` explains it on the command line.
- `--format json` is for programs; `--format sarif` is what code hosts show beside the lines of a change.
- To live with a finding, say why in the brand file. Such an entry covers every finding of the rule, or with `at` those below a key path:

```yaml
lint:
  ignore:
    - {rule: swatch-twin, at: palette.colors.chalk, why: The two whites are one family.}
```
"""


def pages(root: Path) -> dict[Path, str]:
    """Every page by its path under `root`, which holds `docs/` and `tests/`."""
    folder = root / "docs" / "rules"
    return {root / "docs" / "rules.md": _index()} | {folder / f"{area}.md": _area(area, root) for area in AREAS}


def _index() -> str:
    rules = list(load_rules())
    errors, fixes = sum(rule.level == "error" for rule in rules), sum(bool(rule.fix) for rule in rules)
    parts = [
        MADE_BY,
        "# Rules for brand kits",
        INTRO.rstrip().replace("{shown}", _shown()),
        f"{len(rules)} rules: {errors} errors, {fixes} with a fix.",
    ]
    for area in AREAS:
        rows = [_row(rule) for rule in rules if rule.area == area]
        parts += [f"## {area}", ABOUT[area], "| rule | level | fix | finds |\n|---|---|---|---|\n" + "\n".join(rows)]
    return "\n\n".join(parts) + "\n"


def _shown() -> str:
    """What lint prints about the first example of the pages."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "brand.yaml"
        file.write_text("brandkit: 1\nname: Example\n" + find_rule("contrast-low").bad, encoding="utf-8")
        return str(lint_brand(file, select=["contrast-low"]).findings[0]).replace(f"{folder}/", "")


def _row(rule: Rule) -> str:
    return f"| [{rule.id}](rules/{rule.area}.md#{rule.id}) | {rule.level} | {'yes' if rule.fix else ''} | {rule.summary} |"


def _area(area: Area, root: Path) -> str:
    rules = [rule for rule in load_rules() if rule.area == area]
    linked = " · ".join(f"[{rule.id}](#{rule.id})" for rule in rules)
    parts = [MADE_BY, f"# Rules: {area}", f"{ABOUT[area]} [All rules](../rules.md).", linked]
    return "\n\n".join([*parts, *(_section(rule, _cases(rule, root)) for rule in rules)]) + "\n"


def _cases(rule: Rule, root: Path) -> Sequence[dict[str, Any]]:
    table = root / "tests" / "cases_rules" / f"{rule.id}.yaml"
    return yaml.safe_load(table.read_text(encoding="utf-8"))["cases"] if table.exists() else []


def _section(rule: Rule, cases: Sequence[dict[str, Any]]) -> str:
    """One rule: what it finds, why, what to write instead, and the cases that it is tested with."""
    fix = f"`--fix` {rule.fix}." if rule.fix else "A person has to decide."
    where = "" if rule.file == "brand.yaml" else f", in `{rule.file}`"
    parts = [
        f"## {rule.id}",
        f"**{rule.summary}** ({rule.level})",
        rule.rationale,
        f"Instead of this{where}:\n\n```yaml\n{rule.bad}```",
        f"write:\n\n```yaml\n{rule.good}```",
        fix,
    ]
    told = [f"- {case['name']}: {_found(len(case['at']))}" for case in cases]
    return "\n\n".join([*parts, "Tested with:\n\n" + "\n".join(told)])


def _found(count: int) -> str:
    return f"{count} finding{'' if count == 1 else 's'}" if count else "nothing"


def main(arguments: Sequence[str]) -> int:
    """Write the pages, or with `--check` name those that differ; returns 1 when any does."""
    return bring_up_to_date(pages(ROOT), arguments, "brandkit.brand.rules_docs")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
