"""The brand book: a kit in, a designed PDF and a self-contained page out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from brandkit.brand.load import load_brand
from brandkit.files import write_atomic


@dataclass(frozen=True)
class Book:
    """Where a book was written."""

    pdf: Path
    html: Path


def make_book(brand: Path, out: Path) -> Book:
    """Make the brand book of a kit: `book.pdf` and `book.html`, from the kit alone and without a date.

    The same kit gives the same bytes.

    Args:
        brand: The brand's folder or file.
        out: Folder for the two files; made where it is missing.

    Raises:
        BrandFileError: The kit cannot be used as written.
        PictureError: A mark, font or picture of it cannot be read.
        OutputError: A file could not be written.
    """
    from brandkit.book.gather import gather
    from brandkit.book.html import render_page
    from brandkit.book.typeset import set_pages

    kit = load_brand(brand)
    content = gather(kit)
    book = Book(out / "book.pdf", out / "book.html")
    write_atomic(book.pdf, set_pages(content, kit))
    write_atomic(book.html, render_page(content, kit))
    return book
