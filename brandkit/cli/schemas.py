"""`python -m brandkit.cli.schemas [FOLDER] [--check]`: writes the JSON Schemas of brand and campaign files, or fails on a difference."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from brandkit.brand.model import BrandDocument
from brandkit.files import bring_up_to_date
from brandkit.prompt.brief import CampaignDocument

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FOLDER = Path("schemas")
EXAMPLES: dict[str, dict[str, Any]] = {
    "brand": {
        "brandkit": 1,
        "name": "Harbor & Pine",
        "idea": "Goods for a kitchen by the sea, made to be mended.",
        "palette": {
            "colors": {
                "pine": {"value": "#1F4D3A", "role": "primary", "share": 0.3},
                "sail": {"value": "#F6F1E7", "role": "surface", "share": [0.4, 0.7]},
            },
            "pairs": [{"ink": "pine", "on": "sail", "level": "AA"}],
        },
    },
    "campaign": {
        "brandkit": 1,
        "brand": "../..",
        "name": "Spring",
        "concepts": {
            "quay": {
                "message": "The first morning to eat outside.",
                "scene": {"kind": "pattern"},
                "copy": {"en": {"headline": "Breakfast on the quay"}, "de": {"headline": "Frühstück am Kai"}},
            }
        },
        "formats": ["instagram-post"],
        "locales": ["en", "de"],
    },
}
"""A short file of each kind that is valid as it stands."""
MODELS: dict[str, type[BaseModel]] = {"brand": BrandDocument, "campaign": CampaignDocument}


def schema_text(name: str) -> str:
    """The JSON Schema (2020-12) of `brand` or `campaign` files, as text that ends in a line break."""
    model = MODELS[name]
    schema = model.model_json_schema(by_alias=True)
    description = str(schema.pop("description", ""))
    head = {
        "$schema": DIALECT,
        "$id": f"urn:brandkit:schema:{name}:1",
        "title": f"brandkit {name} file",
        "description": description,
        "examples": [EXAMPLES[name]],
    }
    schema.pop("title", None)
    return json.dumps(head | _closed(schema), indent=2, ensure_ascii=False) + "\n"


def _closed(part: Any) -> Any:
    """The schema with words that only pydantic knows put right: mappings by name take no other names, amounts have a minimum."""
    if isinstance(part, list):
        return [_closed(entry) for entry in part]
    if not isinstance(part, dict):
        return part
    words = {key: _closed(value) for key, value in part.items() if key not in {"decimal_places", "max_digits"}}
    if "ge" in words and "properties" not in words:
        words["minimum"] = words.pop("ge")
    if "patternProperties" in words:
        words.setdefault("additionalProperties", False)
    return words


def main(arguments: list[str]) -> int:
    """Write the schemas into a folder; with `--check` compare instead and return 1 when one differs."""
    folder = Path(next((argument for argument in arguments if not argument.startswith("-")), FOLDER))
    return bring_up_to_date({folder / f"{name}.schema.json": schema_text(name) for name in MODELS}, arguments, "brandkit.cli.schemas")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
