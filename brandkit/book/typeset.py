"""Set the book's pages with Typst: every file from memory, the kit's fonts and Typst's own, no date."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

from brandkit.book.gather import Content
from brandkit.brand.resolve import Brand
from brandkit.errors import LayoutError
from brandkit.layout import contained

PAGES = ("parts", "logo", "colour", "words", "pictures", "gate")


def set_pages(content: Content, brand: Brand, want: Literal["pdf", "query"] = "pdf") -> bytes:
    """The book as a PDF, or the list of its headings as JSON.

    Raises:
        LayoutError: The pages cannot be set.
    """
    import typst

    folder = files("brandkit.book").joinpath("pages")
    sources = {f"{name}.typ": folder.joinpath(f"{name}.typ").read_bytes() for name in PAGES}
    sources |= {"main.typ": folder.joinpath("book.typ").read_bytes(), **content.files}
    job = contained.Job(sources, {"data": json.dumps(content.values, ensure_ascii=False, sort_keys=True)}, want)
    try:
        return contained.perform(job, _fonts(tuple(sorted({str(path.parent) for path in brand.font_files}))))
    except typst.TypstError as error:
        raise LayoutError(f"the book cannot be set: {error}", hint="please report it with the kit") from None


@lru_cache(maxsize=4)
def _fonts(folders: tuple[str, ...]) -> Any:
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=list(folders))
