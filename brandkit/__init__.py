"""Brand kits as files: compile, make, check.

The public names below are fetched from their rooms when they are first used, so that importing brandkit costs next to nothing.
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_HOMES = {
    "AssetResult": "results",
    "Brand": "brand.resolve",
    "BrandFileError": "errors",
    "BrandkitError": "errors",
    "InputError": "errors",
    "Picture": "image.load",
    "PictureError": "errors",
    "RunResult": "results",
    "UnfinishedError": "errors",
    "Verdict": "results",
    "calibrate": "check.calibrate",
    "check_files": "check.run",
    "check_picture": "check.run",
    "load_brand": "brand.load",
    "load_picture": "image.load",
    "open_plan": "campaign",
    "render": "report",
    "run_plan": "campaign.run",
}  # public name to the module that it is defined in

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
