"""Renderings of the result document. They know no checks: everything shown is in the `RunResult`."""

from __future__ import annotations

import json
from pathlib import Path

from brandkit.results import RunResult


def render(result: RunResult, format: str, *, root: Path | None = None) -> str:
    """Render `result` as text.

    Args:
        result: What was made, measured and judged.
        format: `text`, `json` or `html`.
        root: Folder that the assets' file names are relative to; needed for `html`, which embeds the pictures.

    Raises:
        ValueError: `format` is none of these.
    """
    if format == "json":
        return json.dumps(result.to_json(), indent=2, ensure_ascii=False) + "\n"
    if format == "html":
        from brandkit.report.html import render_html

        return render_html(result, root=root or Path())
    if format == "text":
        from brandkit.report.text import render_text

        return render_text(result)
    raise ValueError(f"format must be 'text', 'json' or 'html', got {format!r}")
