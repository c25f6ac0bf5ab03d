"""Lint of a kit: everything that loading checks, and every rule of `brandkit/brand/rules/` on what it declares."""

from __future__ import annotations

import contextlib
import difflib
from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import ValidationError

from brandkit.brand.finding import BRAND_FILE, LintFinding, LintReport
from brandkit.brand.kit import Kit, Surroundings
from brandkit.brand.load import brand_file, load_with_source
from brandkit.brand.model import IgnoredRule
from brandkit.brand.reading import read_source
from brandkit.brand.references import select
from brandkit.brand.registry import Found, Rule, load_rules
from brandkit.brand.rules.ignored import idle_entry
from brandkit.brand.source import Source, undotted
from brandkit.errors import BrandFileError, Fault, InputError
from brandkit.image.apart import HELPER

ALONE = Surroundings()


def lint_brand(path: Path, surroundings: Surroundings = ALONE, *, select: Iterable[str] = (), ignore: Iterable[str] = ()) -> LintReport:
    """Look for every fault and weakness of the kit at `path` (folder or file).

    Faults that loading finds are errors; when there are any, the other rules cannot be applied. Those that are no valid brand file at
    all have the id `brand-file`, and neither `select` nor `ignore` hides them.

    Args:
        path: Folder of the brand, or its file.
        surroundings: The checks and placements it is used with; without them rules about those find nothing.
        select: Ids of the only rules to apply; all when empty.
        ignore: Ids of rules not to apply.

    Raises:
        InputError: An id is unknown, or the kit's `calibration.json` is damaged.
    """
    chosen = choose_rules(select, ignore)
    try:
        brand, source = load_with_source(path)
    except BrandFileError as error:
        return LintReport.of(str(path), _on_loading(path, error.faults, {rule.id for rule in chosen}))
    if any(loc[0] == "imagery" for loc in brand.paths):
        HELPER.start()  # marks are drawn meanwhile
    kit = Kit(brand, source, surroundings)
    findings = [_finding(rule, found, source) for rule in chosen if rule.run for found in rule.run(kit)]
    ignored = [*brand.document.lint.ignore, *_of_parents(kit)]
    kept = [finding for finding in findings if not any(_covers(entry, finding) for entry in ignored)]
    idle = _idle(kit, findings) if len(chosen) == len(load_rules()) else ()  # a rule that was left out may be what an entry is for
    return LintReport.of(str(path), [*kept, *idle], ignored=len(findings) - len(kept))


def choose_rules(select: Iterable[str] = (), ignore: Iterable[str] = ()) -> list[Rule]:
    """The rules called `select` (all when empty) without those called `ignore`.

    Raises:
        InputError: There is no rule of such a name; the hint names the nearest.
    """
    wanted, unwanted = [find_rule(name).id for name in select], {find_rule(name).id for name in ignore}
    return [rule for rule in load_rules() if (not wanted or rule.id in wanted) and rule.id not in unwanted]


def find_rule(name: str) -> Rule:
    """The rule called `name`.

    Raises:
        InputError: There is none; the hint names the nearest.
    """
    rules = load_rules()
    if name not in rules:
        near = difflib.get_close_matches(name, [rule.id for rule in rules], n=3, cutoff=0.4)
        raise InputError(f"there is no rule {name!r}", hint=f"did you mean {' or '.join(near)}?" if near else "`brandkit rules` lists them")
    return rules[name]


def _finding(rule: Rule, found: Found, source: Source) -> LintFinding:
    home = found.source or source
    fault = home.fault(found.loc, found.message, found.hint, key=found.key, rule=rule.id)
    own = fault.file == str(source.file)  # a parent is mended where it is linted itself
    return LintFinding(rule.id, found.level or rule.level, fault, found.fix if own else ())


def _on_loading(path: Path, faults: Iterable[Fault], chosen: set[str]) -> Iterator[LintFinding]:
    file, rules = brand_file(path), load_rules()
    for fault in faults:
        if not fault.rule:
            yield LintFinding(BRAND_FILE, "error", fault)
        elif fault.rule in chosen:
            repair = rules[fault.rule].repair if fault.file == str(file) else None
            yield LintFinding(fault.rule, "error", fault, repair(read_source(file), undotted(fault.path)) if repair else ())


def _of_parents(kit: Kit) -> Iterator[IgnoredRule]:
    """What the parents ignore in their own files holds here as well; what is wrong there is told when they are linted themselves."""
    for parent in kit.parents:
        for _, entry in select(parent.tree, ("lint", "ignore", "*")):
            with contextlib.suppress(ValidationError):
                yield IgnoredRule.model_validate(entry)


def _covers(entry: IgnoredRule, finding: LintFinding) -> bool:
    path = undotted(entry.at or "")
    return entry.rule == finding.id and undotted(finding.fault.path)[: len(path)] == path


def _idle(kit: Kit, findings: list[LintFinding]) -> Iterator[LintFinding]:
    """Entries of `lint.ignore` that cover no finding."""
    for index, entry in enumerate(kit.brand.document.lint.ignore):
        known = entry.rule in load_rules() and (kit.surroundings.checks or load_rules()[entry.rule].area != "gate")
        if known and not any(_covers(entry, finding) for finding in findings):
            yield _finding(load_rules()["ignore-idle"], idle_entry(index, entry), kit.source)
