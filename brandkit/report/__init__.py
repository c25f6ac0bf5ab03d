"""Renderings of the result document. They know no checks: everything shown is in the `RunResult`."""

from __future__ import annotations

import json
from pathlib import Path

from brandkit.results import RunResult


def render(result: RunResult, format: str, *, root: Path | None = None, accept_review: bool = False) -> str:
    """Render `result` as text.

    Args:
        result: What was made, measured and judged.
        format: `text`, `json`, `html`, `junit`, `sarif` or `markdown`.
        root: Folder that the assets' file names are relative to; needed for `html`, which embeds the pictures.
        accept_review: For `junit`: what waits for a person is skipped and breaks no build, as for `RunResult.exit_code`.

    Raises:
        ValueError: `format` is none of these.
    """
    text = _rendered(result, format, root, accept_review)
    return text.encode("utf-8", "backslashreplace").decode()  # names of files may hold bytes that are no text; JSON reads this back


def _rendered(result: RunResult, format: str, root: Path | None, accept_review: bool) -> str:
    if format == "json":
        return json.dumps(result.to_json(), indent=2, ensure_ascii=False) + "\n"
    if format == "html":
        from brandkit.report.html import render_html

        return render_html(result, root=root or Path())
    if format == "text":
        from brandkit.report.text import render_text

        return render_text(result)
    if format == "markdown":
        from brandkit.report.markdown import render_markdown

        return render_markdown(result)
    if format in ("junit", "sarif"):
        from brandkit.report.machines import render_junit, render_sarif

        return render_junit(result, accept_review=accept_review) if format == "junit" else render_sarif(result)
    raise ValueError(f"format must be 'text', 'json', 'html', 'junit', 'sarif' or 'markdown', got {format!r}")
