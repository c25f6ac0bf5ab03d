"""The grade: a photograph's ground leans to the brand's surface and its colours to the brand's hues, within bounds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from brandkit.brand.resolve import Brand
from brandkit.color.spaces import oklab_to_srgb, srgb_to_oklab
from brandkit.generate.studio.inks import oklab_of, rgb_of

Floats = NDArray[np.float64]

SIZE = 33  # nodes on each axis of the table, as in film grading
NEUTRAL = (0.03, 0.075)  # chroma in OKLCH: below the first a colour is a neutral and keeps its hue, above the second it is a colour
REACH = 0.6  # radians of hue: a palette colour draws what lies nearer than about this
PULL = 0.45  # of the way to the palette's hue, at most
FADE = 0.16  # of the chroma taken from colours that no palette hue is near
SKIN = (0.65, 1.25)  # radians of hue in which skin and bread lie: pulled at a third
BOUND = 0.055  # ΔE OK that the pull may move a colour at most, about ΔE00 6
BALANCE = 0.012  # ΔE OK by which neutrals may lean toward the surface
LIFT = 0.045  # of lightness by which the ground may rise or fall
LIGHT_GROUND = 0.55  # lightness from which a ground counts as light; a dark picture keeps its night


@dataclass(frozen=True)
class Grade:
    """A table from sRGB to sRGB, shape ``(SIZE³, 3)``, red fastest."""

    table: NDArray[np.float32]

    def apply(self, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The picture, shape ``(H, W, 3)``, through the table."""
        from PIL import Image, ImageFilter

        lut = ImageFilter.Color3DLUT(SIZE, self.table.ravel().tolist())
        return np.asarray(Image.fromarray(picture).filter(lut))


def make_grade(brand: Brand, ground: str, calm: Floats | None) -> Grade:
    """Work out the grade.

    Args:
        brand: Its palette gives surface and hues.
        ground: The scheme's ground as `#RRGGBB`: the surface when it is light, else the palette's.
        calm: Colour of the photograph's lightest calm ground as OKLab, shape ``(3,)``; None when it has none.

    Returns:
        The grade. Neutrals move by at most `BALANCE` in colour and `LIFT` in lightness, colours by `BOUND` more.
    """
    steps = np.linspace(0, 1, SIZE)
    blue, green, red = np.meshgrid(steps, steps, steps, indexing="ij")
    lab = srgb_to_oklab(np.stack([red, green, blue], axis=-1).reshape(-1, 3))
    out = _pulled(lab, _hues(brand))
    surface = _surface(brand, ground)
    if calm is not None and calm[0] > LIGHT_GROUND and surface is not None:
        out = _balanced(out, calm, surface)
    return Grade(np.clip(oklab_to_srgb(out), 0, 1).astype(np.float32))


def _hues(brand: Brand) -> Floats:
    """Hue angles of the palette's chromatic colours, radians."""
    palette = brand.document.palette
    labs = np.array([oklab_of(rgb_of(color.value)) for color in palette.colors.values()]) if palette else np.zeros((0, 3))
    return np.asarray([np.arctan2(b, a) for _, a, b in labs if np.hypot(a, b) > NEUTRAL[1] * 0.8])


def _surface(brand: Brand, ground: str) -> Floats | None:
    palette = brand.document.palette
    named = [color.value for color in palette.colors.values() if color.role == "surface"] if palette else []
    labs = [np.array(oklab_of(rgb_of(color))) for color in (ground, *named)]
    return next((lab for lab in labs if lab[0] > 0.7 and np.hypot(lab[1], lab[2]) < NEUTRAL[1]), None)


def _pulled(lab: Floats, hues: Floats) -> Floats:
    chroma, hue = np.hypot(lab[:, 1], lab[:, 2]), np.arctan2(lab[:, 2], lab[:, 1])
    color = _smooth(chroma, *NEUTRAL)
    if not len(hues):
        return lab
    away = (hues[None, :] - hue[:, None] + np.pi) % (2 * np.pi) - np.pi
    near = np.exp(-((away / REACH) ** 2))
    weight = near.max(axis=1)
    turn = (away * near**2).sum(axis=1) / np.maximum((near**2).sum(axis=1), 1e-9)  # two near hues: between them, without a jump
    skin = _smooth(hue, SKIN[0] - 0.2, SKIN[0]) * (1 - _smooth(hue, SKIN[1], SKIN[1] + 0.2))
    force = color * (1 - 0.67 * skin)
    bent = hue + PULL * turn * weight * force
    kept = chroma * (1 - FADE * (1 - weight) * force)
    moved = np.stack([lab[:, 0], kept * np.cos(bent), kept * np.sin(bent)], axis=1) - lab
    length = np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9)
    return np.asarray(lab + moved * (BOUND * np.tanh(length / BOUND) / length))


def _balanced(lab: Floats, calm: Floats, surface: Floats) -> Floats:
    """Neutrals lean to the surface's tint, most in the lights; the ground's lightness is met by a curve that keeps black and white."""
    lean = (surface - calm)[1:] * 0.6
    lean *= min(1.0, BALANCE / max(float(np.linalg.norm(lean)), 1e-9))
    rise = float(np.clip((surface[0] - calm[0]) * 0.5, -LIFT, min(LIFT, 0.5 * (1 - calm[0]))))
    light = np.clip(lab[:, 0], 0, 1)
    bump = np.where(light < calm[0], (light / calm[0]) ** 3, (1 - light) / max(1 - calm[0], 1e-6))  # shadows stay deep, white stays white
    out = lab.copy()
    out[:, 0] = light + rise * bump
    inside = np.sin(np.pi * np.clip(light, 0, 1) ** 1.5)  # nothing at black and white, most in the light middle
    out[:, 1:] += lean * (inside * (1 - 0.5 * _smooth(np.hypot(lab[:, 1], lab[:, 2]), *NEUTRAL)))[:, None]
    return out


def _smooth(value: Floats, low: float, high: float) -> Floats:
    t = np.clip((value - low) / (high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t))


def calm_ground(picture: NDArray[np.uint8], energy: NDArray[np.float32]) -> Floats | None:
    """Colour of the lightest calm ground, as OKLab; None when nothing of the picture is calm and nearly neutral."""
    import cv2

    small = cv2.resize(picture, (energy.shape[1], energy.shape[0]), interpolation=cv2.INTER_AREA)[::2, ::2]
    lab = srgb_to_oklab(small.reshape(-1, 3) / 255.0)
    calm = cv2.blur(energy, (9, 9))[::2, ::2].ravel() < 2.0
    fit = calm & (np.hypot(lab[:, 1], lab[:, 2]) < 0.09)
    if fit.sum() < 0.08 * len(lab):
        return None
    ground = lab[fit]
    return np.asarray(np.median(ground[ground[:, 0] >= np.quantile(ground[:, 0], 0.6)], axis=0))
