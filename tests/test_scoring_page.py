"""The page for brand managers stays two printed pages: A4, 11 pt, plain style."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
PLAIN = """
@page { size: A4; margin: 16mm }
body { font: 11pt/1.3 "Liberation Sans", Arial, sans-serif; margin: 0 }
h1 { font-size: 18pt; margin: 0 0 8pt } h2 { font-size: 13pt; margin: 12pt 0 4pt } p { margin: 0 0 6pt }
table { border-collapse: collapse; width: 100%; margin: 0 0 8pt } td, th { border-bottom: .5pt solid; padding: 2pt 5pt; text-align: left }
tr { break-inside: avoid } img { max-width: 100% }
"""


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (apt-get install chromium)")
def test_how_brandkit_scores_is_two_printed_pages(tmp_path: Path) -> None:
    markdown = pytest.importorskip("markdown_it", reason="markdown-it-py is not installed").MarkdownIt("commonmark").enable("table")
    body = markdown.render((ROOT / "docs/scoring.md").read_text(encoding="utf-8"))
    body = body.replace('src="figures/', f'src="{(ROOT / "docs/figures").as_uri()}/')
    page, pdf = tmp_path / "scoring.html", tmp_path / "scoring.pdf"
    page.write_text(f"<!doctype html><meta charset='utf-8'><style>{PLAIN}</style>{body}", encoding="utf-8")
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", f"--user-data-dir={tmp_path / 'profile'}"]
    subprocess.run([CHROMIUM, *options, f"--print-to-pdf={pdf}", page.as_uri()], check=True, capture_output=True, timeout=120)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf.read_bytes())) == 2
