"""Rules on the list of rules that a kit ignores."""

from __future__ import annotations

from collections.abc import Iterator

from brandkit.brand.edit import Delete
from brandkit.brand.kit import Kit
from brandkit.brand.model import IgnoredRule
from brandkit.brand.registry import Found, load_rules, rule
from brandkit.brand.resolve import Loc
from brandkit.brand.wording import closest


@rule(
    id="ignore-unknown",
    area="structure",
    level="error",
    rationale="An entry that names no rule ignores nothing, and whoever wrote it believes that it does. `brandkit rules` lists all ids.",
    bad="""
        lint:
          ignore:
            - {rule: swatch-twins, why: The two whites are one family.}
    """,
    good="""
        palette: {colors: {milk: {value: "#FFFFFF"}, chalk: {value: "#FEFCF8"}}}
        lint:
          ignore:
            - {rule: swatch-twin, why: The two whites are one family.}
    """,
)
def ignore_unknown(kit: Kit) -> Iterator[Found]:
    """An ignored rule does not exist."""
    known = [rule.id for rule in load_rules()]
    for index, entry in enumerate(kit.brand.document.lint.ignore):
        if entry.rule not in known:
            hint = closest(entry.rule, known)
            yield Found(
                ("lint", "ignore", index, "rule"),
                f"there is no rule {entry.rule!r}",
                hint if hint.startswith("did") else "`brandkit rules` lists them",
            )


def idle_entry(index: int, entry: IgnoredRule) -> Found:
    """The finding on an entry that covers nothing; lint itself asks for it, because it alone knows all findings."""
    loc: Loc = ("lint", "ignore", index)
    where = f" at {entry.at}" if entry.at else ""
    return Found(loc, f"{entry.rule!r} finds nothing{where}, so there is nothing to ignore", "delete the entry", fix=(Delete(loc),))


@rule(
    id="ignore-idle",
    area="structure",
    level="advice",
    rationale="""
        An entry that ignores nothing is either mended by now or points to the wrong place. Left in the file it hides the next
        finding of its kind, which nobody decided about.
    """,
    bad="""
        lint:
          ignore:
            - {rule: swatch-twin, why: There used to be two whites.}
    """,
    good="""
        palette: {colors: {milk: {value: "#FFFFFF"}, chalk: {value: "#FEFCF8"}}}
        lint:
          ignore:
            - {rule: swatch-twin, at: palette.colors.chalk, why: The two whites are one family.}
    """,
    fix="deletes the entry",
)
def ignore_idle(kit: Kit) -> Iterator[Found]:
    """An entry of `lint.ignore` covers no finding."""
    return iter(())  # see `idle_entry`
