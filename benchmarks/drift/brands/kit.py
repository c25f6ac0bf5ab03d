"""Write an invented brand as a folder that brandkit loads like any other."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from benchmarks.drift.brands.marks import FONTS, MARKS, Inks
from brandkit.brand.load import load_brand
from brandkit.brand.resolve import Brand

DEMO = ("halfpast", "ebbware")


@dataclass(frozen=True)
class Kit:
    """What tells an invented brand from the others: kind of mark, colours, type and the words it never uses."""

    kind: str
    paper: str
    ink: str
    accent: str
    second: str
    on_accent: str
    display: str
    text: str
    ban: tuple[str, ...]
    corners: tuple[str, ...] = ("top-left", "bottom-left", "top-right", "bottom-right")
    min_width: int = 72


KITS: dict[str, Kit] = {
    "quillmarsh": Kit("wordmark", "#F5F0E6", "#3B1F47", "#A83222", "#B9A4CF", "paper", "Fraunces", "Hanken", ("bespoke", "elevate", "luxury"), min_width=110),
    "dunmoor": Kit("crest", "#EEF1EA", "#173F2C", "#D9A521", "#8FB39B", "ink", "Plex", "Plex", ("royal", "unmatched", "iconic"), min_width=40),
    "auric": Kit("gradient", "#FFF6EA", "#4A1942", "#F58A4B", "#F4B860", "ink", "Familjen", "Hanken", ("disrupt", "synergy", "magic"), min_width=100),
    "brickle": Kit("one-colour", "#F2F4F7", "#0B2E59", "#2CC4BB", "#9CC5E8", "ink", "Hanken", "Hanken", ("seamless", "robust", "leverage"), min_width=36),
    "harrow": Kit("thin-stroke", "#F7F3F0", "#5A1E1E", "#2A6480", "#E3B7A0", "paper", "Fraunces", "Plex", ("artisanal", "curated", "timeless"), min_width=70),
    "lowenta": Kit("wordmark", "#EFF3F2", "#12343B", "#E1B12C", "#7FB7BE", "ink", "Plex", "Plex", ("world-class", "unleash", "journey"), min_width=120),
    "vantor": Kit("crest", "#F4EFE6", "#6B1D2A", "#1F6F5C", "#D8A48F", "paper", "Fraunces", "Hanken", ("exclusive", "prestige", "ultimate"), min_width=44),
    "solace": Kit("gradient", "#FFF8F0", "#2B2D5B", "#FF8D6E", "#8FA8F0", "ink", "Hanken", "Hanken", ("blissful", "epic", "game-changing"), min_width=40),
    "knotwell": Kit("one-colour", "#ECEFE8", "#1D4D4F", "#9A3161", "#B8CFA0", "paper", "Familjen", "Plex", ("hassle-free", "next-level", "perfect"), min_width=110),
    "fennel": Kit("thin-stroke", "#F6F7EC", "#2F4A1D", "#A23E28", "#C7D59F", "paper", "Fraunces", "Plex", ("superfood", "detox", "guilt-free"), min_width=40),
}  # fmt: skip
KIND = {name: kit.kind for name, kit in KITS.items()} | dict.fromkeys(DEMO, "lock-up")
FACES = {
    "Fraunces": ("ebbware", "Fraunces-Regular.ttf", "Fraunces-SemiBold.ttf"),
    "Hanken": ("ebbware", "HankenGrotesk-Regular.ttf", "HankenGrotesk-SemiBold.ttf"),
    "Plex": ("halfpast", "IBMPlexSans-Regular.ttf", "IBMPlexSans-SemiBold.ttf"),
    "Familjen": ("halfpast", "FamiljenGrotesk-Medium.ttf", "FamiljenGrotesk-Bold.ttf"),
}


@lru_cache(maxsize=16)
def brand_named(name: str, folder: Path) -> Brand:
    """A copy of a demo brand, or an invented one, written under `folder` first."""
    root = folder / name
    if not (root / "brand.yaml").exists():
        if name in DEMO:
            copy_demo(name, root)
        else:
            write_kit(name, root)
    return load_brand(root)


def copy_demo(name: str, root: Path) -> None:
    """Copy a demo brand without its colours' shares (grounds are drawn at random here) and tolerance (the default is measured).

    Like the invented ones it says that every asset must carry a mark.
    """
    lines = (FONTS / name / "brand.yaml").read_text(encoding="utf-8").splitlines(keepends=True)
    shutil.copytree(FONTS / name, root, dirs_exist_ok=True, ignore=shutil.ignore_patterns("campaigns", "scene"))
    kept = [line for line in lines if not line.lstrip().startswith(("share:", "tolerance:", "required:"))]
    kept.insert(kept.index("logo:\n") + 1, "  required: true\n")
    (root / "brand.yaml").write_text("".join(kept), encoding="utf-8")


def write_kit(name: str, root: Path) -> None:
    """Write the brand called `name` into `root`: brand.yaml, marks and copies of the demo brands' open fonts."""
    kit, draw = KITS[name], MARKS[name]
    (root / "logo").mkdir(parents=True, exist_ok=True)
    (root / "fonts").mkdir(exist_ok=True)
    light = Inks(kit.ink, kit.accent, kit.second)
    dark = Inks(kit.paper, kit.second if kit.kind == "thin-stroke" else kit.accent, kit.ink if kit.kind == "crest" else kit.second)
    (root / "logo" / "primary.svg").write_text(draw(light), encoding="utf-8")
    (root / "logo" / "reversed.svg").write_text(draw(dark), encoding="utf-8")
    for family in {kit.display, kit.text}:
        source, *files = FACES[family]
        for file in files:
            shutil.copyfile(FONTS / source / "fonts" / file, root / "fonts" / file)
    (root / "brand.yaml").write_text(yaml.safe_dump(_document(name, kit), sort_keys=False), encoding="utf-8")


def _document(name: str, kit: Kit) -> dict[str, object]:
    light, dark = ("ink", "paper"), ("paper", "ink")
    mark = {"clear_space": 0.5, "min_width": f"{kit.min_width}px", "lockup": "wordmark" if kit.kind == "wordmark" else "horizontal"}
    return {
        "brandkit": 1, "name": name.capitalize(),
        "palette": {
            "colors": {
                "paper": {"value": kit.paper, "role": "surface"}, "ink": {"value": kit.ink, "role": "primary"},
                "accent": {"value": kit.accent, "role": "accent"}, "second": {"value": kit.second, "role": "secondary"},
            },
            "pairs": [{"ink": one, "on": other, "level": "AA"} for one, other in (light, dark)],
        },
        "logo": {
            "marks": {"primary": {"file": "logo/primary.svg", "on": ["light"], **mark}, "reversed": {"file": "logo/reversed.svg", "on": ["dark"], **mark}},
            "required": True, "placement": {"allow": list(kit.corners)},
        },
        "typography": {
            "families": {
                "display": {"files": [f"fonts/{file}" for file in FACES[kit.display][1:]]},
                "text": {"files": [f"fonts/{file}" for file in FACES[kit.text][1:]]},
            },
            "scale": {
                "headline": {"family": "display", "weight": 700, "size": ["40px", "120px"], "leading": 1.1},
                "body": {"family": "text", "weight": 400, "size": ["22px", "34px"], "leading": 1.4},
                "cta": {"family": "text", "weight": 600, "size": ["22px", "32px"], "leading": 1.2},
                "label": {"family": "text", "weight": 600, "size": ["20px", "26px"], "leading": 1.3},
                "legal": {"family": "text", "weight": 400, "size": ["14px", "19px"], "leading": 1.4},
            },
        },
        "tone": {"ban": list(kit.ban)},
        "layout": {
            "margin": 0.06,
            "schemes": {
                "light": {"ground": "paper", "ink": "ink", "accent": "accent", "on_accent": kit.on_accent},
                "dark": {"ground": "ink", "ink": "paper", "accent": "accent", "on_accent": kit.on_accent},
            },
        },
    }  # fmt: skip
