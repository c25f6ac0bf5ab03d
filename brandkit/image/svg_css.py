"""The little CSS that logos hold, read in time that grows with its length: comments, rules and url() targets.

No regular expressions: on text made for it, each of these takes hours as one.
"""

from __future__ import annotations


def without_comments(text: str) -> str:
    """The text without `/* … */`; a comment that is never closed reaches to the end."""
    kept, at = [], 0
    while (start := text.find("/*", at)) >= 0:
        kept.append(text[at:start])
        end = text.find("*/", start + 2)
        if end < 0:
            return "".join(kept)
        at = end + 2
    return "".join([*kept, text[at:]])


def rules_of(sheet: str) -> list[tuple[str, str]]:
    """Selectors and declarations of each innermost `selectors {declarations}`."""
    rules = []
    for chunk in sheet.split("}")[:-1]:
        head, brace, body = chunk.rpartition("{")
        if brace:
            rules.append((head.rpartition("{")[2], body))
    return rules


def urls_of(value: str) -> list[str]:
    """The target of each `url(target)`, without quotes and the space around it; one that is never closed is empty."""
    targets: list[str] = []
    lower = value.lower()
    at = lower.find("url(")
    while at >= 0:
        end = lower.find(")", at)
        if end < 0:
            return [*targets, ""]
        targets.append(value[at + 4 : end].strip().strip("'\"").strip())
        at = lower.find("url(", end)
    return targets
