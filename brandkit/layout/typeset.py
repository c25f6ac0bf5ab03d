"""Run Typst over a template: every file comes from memory, nothing else on the disk can be read, and no package is fetched."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from brandkit.brand.resolve import Brand
from brandkit.errors import LayoutError
from brandkit.layout import contained
from brandkit.layout.fonts import typst_fonts


def shipped(name: str) -> bytes:
    """A Typst file of this package, e.g. `templates/split.typ`."""
    return files("brandkit.layout").joinpath(name).read_bytes()


def shipped_templates() -> tuple[str, ...]:
    """Names of the templates that come with brandkit, sorted."""
    folder = files("brandkit.layout").joinpath("templates")
    return tuple(sorted(entry.name.removesuffix(".typ") for entry in folder.iterdir() if entry.name.endswith(".typ")))


def own_templates(brand: Brand) -> dict[str, Path]:
    """The brand's own templates by name; empty when it names no folder."""
    if not brand.document.layout.templates:
        return {}
    folder = brand.path("layout", "templates")
    return {path.stem: path for path in sorted(folder.glob("*.typ"))}


def project(brand: Brand, template: str, marks: Mapping[str, bytes]) -> tuple[dict[str, bytes], bool]:
    """Every file that Typst may read, by its path, and whether the template is a stranger's."""
    own = own_templates(brand)
    sources = {"main.typ": shipped("main.typ"), "prelude.typ": shipped("prelude.typ"), **marks}
    if template not in own:
        return sources | {"template.typ": shipped(f"templates/{template}.typ")}, False
    folder = own[template].parent
    beside = {
        path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.suffix in {".typ", ".svg", ".png"} and path.is_file()
    }
    return beside | sources | {"template.typ": own[template].read_bytes()}, True


def query(brand: Brand, sources: dict[str, bytes], data: Mapping[str, Any], *, foreign: bool) -> dict[str, Any]:
    """The plan that a template makes of `data`, in pixels.

    Raises:
        LayoutError: The template cannot be run.
    """
    job = contained.Job(sources, _inputs(data), "query")
    answer = contained.run(job, brand.font_files) if foreign else _here(brand, job)
    found = json.loads(answer)
    if len(found) != 1 or not isinstance(found[0], dict):
        raise LayoutError(
            "the template gave no plan", hint="a template defines `arrange(p)` and returns `plan(p, …)`; see docs/templates.md"
        )
    plan: dict[str, Any] = found[0]
    return plan


def draw(
    brand: Brand, sources: dict[str, bytes], data: Mapping[str, Any], *, type: Literal["png", "svg", "pdf"] = "png", foreign: bool = False
) -> bytes:
    """The page that a template makes of `data`, on nothing.

    Raises:
        LayoutError: The template cannot be run.
    """
    job = contained.Job(sources, _inputs(data), type)
    return contained.run(job, brand.font_files) if foreign else _here(brand, job)


def _inputs(data: Mapping[str, Any]) -> dict[str, str]:
    return {"data": json.dumps(data, ensure_ascii=False, sort_keys=True)}


def _here(brand: Brand, job: contained.Job) -> bytes:
    import typst

    try:
        return contained.perform(job, typst_fonts(brand))
    except typst.TypstError as error:
        raise LayoutError(f"the template cannot be set: {error}", hint="see docs/templates.md for what a template is given") from None
