"""A small brand with a campaign, and layouts made by hand, for tests of prompts and backends."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import yaml
from PIL import Image

from brandkit.image.region import Box
from brandkit.layout.boxes import Format, Layout, PlacedMark, Slot
from brandkit.prompt.load import Campaign, load_campaign

BRAND: dict[str, Any] = {
    "brandkit": 1,
    "name": "Harbor & Pine",
    "palette": {
        "colors": {
            "pine": {"value": "#1F4D3A", "role": "primary", "share": 0.3},
            "sail": {"value": "#F6F1E7", "role": "surface", "share": 0.55},
            "flare": {"value": "#E4572E", "role": "accent", "share": [0.02, 0.15]},
        },
        "forbidden": ["#FF00FF"],
    },
    "tone": {
        "voice": ["plain", "warm"],
        "ban": ["revolutionary"],
        "claims": {"allowed": ["lead-free glaze"], "need_proof": ["lead-free"]},
        "disclaimers": [{"when": {"locale": "de", "topic": "price"}, "text": "inkl. MwSt."}],
    },
    "imagery": {
        "style": "documentary, matte texture",
        "light": "low morning sun from the left",
        "camera": "50 mm at table height",
        "materials": ["larch wood", "enamel"],
        "subjects": {"prefer": ["tableware in use"], "avoid": ["sailing boats"]},
        "references": [
            {"file": "refs/tin.png", "role": "product", "keep": "geometry"},
            {"file": "refs/quay.jpg", "role": "style", "note": "the light, not the boat"},
        ],
        "photographs": {"quay": {"file": "refs/quay.jpg", "focus": [0.6, 0.5]}},
    },
}
CAMPAIGN: dict[str, Any] = {
    "brandkit": 1,
    "brand": "..",
    "name": "Spring",
    "concepts": {
        "mug": {
            "message": "Breakfast outdoors needs one good mug",
            "use": "social advertisement",
            "scene": {
                "subject": "one enamel mug on a jetty",
                "setting": "a quiet harbour at dawn",
                "details": ["steam rises", "a folded linen cloth"],
                "avoid": ["people"],
            },
            "copy": {"en": {"headline": "Good morning"}, "de": {"headline": "Guten Morgen"}},
        }
    },
    "formats": ["instagram-portrait"],
    "locales": ["en", "de"],
    "backend": "openai",
}


def picture(width: int, height: int, seed: int) -> Image.Image:
    noise = np.random.default_rng(seed).integers(0, 255, (8, 8, 3), dtype=np.uint8)
    return Image.fromarray(noise).resize((width, height), Image.Resampling.BICUBIC)


def write_kit(root: Path, *, brand: dict[str, Any] | None = None, campaign: dict[str, Any] | None = None) -> Campaign:
    """Write the kit under `root`, with `brand` and `campaign` merged over the defaults, and load it."""
    (root / "refs").mkdir(parents=True, exist_ok=True)
    (root / "spring").mkdir(exist_ok=True)
    picture(900, 600, 1).save(root / "refs/quay.jpg", quality=90)
    picture(500, 500, 2).save(root / "refs/tin.png")
    (root / "brand.yaml").write_text(_yaml(merged(BRAND, brand or {})), encoding="utf-8")
    (root / "spring/campaign.yaml").write_text(_yaml(merged(CAMPAIGN, campaign or {})), encoding="utf-8")
    return load_campaign(root / "spring/campaign.yaml")


def merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    both = {
        key: merged(base[key], value) if isinstance(value, dict) and isinstance(base.get(key), dict) else value
        for key, value in over.items()
    }
    return {**base, **both}


class _Plain(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def _yaml(document: dict[str, Any]) -> str:
    return yaml.dump(document, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=200)


def make_layout(
    width: int = 1080, height: int = 1350, *, locale: str = "en", headline: str = "Good morning", rtl: bool = False, **changes: Any
) -> Layout:
    """A full-bleed layout with a headline at the top left and a mark at the bottom right."""
    name = changes.pop("name", "instagram-portrait")
    head, mark = Box(65, 65, width * 0.6, height * 0.3), Box(width * 0.75, height * 0.88, width * 0.2, height * 0.06)
    given: dict[str, Any] = {
        "template": "bleed",
        "format": Format(name, "Feed", "Instagram", width, height, "test"),
        "locale": locale,
        "rtl": rtl,
        "scheme": "default",
        "ground": "#F6F1E7",
        "slots": (Slot("headline", headline, head, head, 60, "#1F4D3A", None),),
        "mark": PlacedMark("primary", mark, mark.grown(20), None),
        "picture": Box(0, 0, width, height),
        "quiet": (("headline", head), ("mark", mark.grown(20))),
    }
    return Layout(**(given | changes))
