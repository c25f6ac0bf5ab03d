"""A product's own colours under whatever light: each of its parts against the others."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from brandkit.color.difference import delta_e_2000
from brandkit.color.spaces import linear_to_srgb, srgb_to_lab, srgb_to_linear

Pixels = NDArray[np.uint8]
Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]

PARTS = 4  # colours that a product is taken apart into
LEAST_PART = 0.04  # of the product that a part covers
MIXED = 2  # px from another colour within which a pixel shows both: the picture's blur, and a camera that stands a little elsewhere
LEAST_PURE = 0.03  # of the product that a part covers away from other colours; less is an edge, fine print or the sky mirrored in a rim
LIT = (0.5, 0.95)  # quantiles of brightness between which a part shows its own colour
SHEEN = 0.03  # of the brightest part's light that the room's mirror image adds or takes away


def compare_color(reference: Pixels, aligned: NDArray[np.float32], inner: Mask) -> float:
    """ΔE00 of the part that changed most, under the light that explains the others best: one gain for each channel.

    A product of one colour alone cannot be told from its light: it reads 0.
    """
    areas = _parts(reference, inner)
    if not areas:
        return 0.0
    old = np.array([_lit(srgb_to_linear(reference[area] / 255.0)) for area in areas])
    new = np.array([_lit(srgb_to_linear(np.clip(aligned[area].astype(np.float64) / 255, 0, 1))) for area in areas])
    gains = np.log(np.maximum(new, 1e-4)) - np.log(np.maximum(old, 1e-4))
    gains -= gains.mean(axis=1, keepdims=True)  # how bright a part is depends on where the light stands
    shared = gains[int(np.argmax(old.sum(axis=1)))]  # the brightest part shows the light best: a sheen is least of it
    return float(_without_light(old, new, shared).max())


def _parts(reference: Pixels, inner: Mask) -> list[Mask]:
    """Where each of the product's colours is seen pure: away from the edges to other colours.

    Pixels at an edge mix both colours, in shares that any other camera changes; they show no paint.
    """
    import cv2

    lab = srgb_to_lab(reference[inner] / 255.0)
    cv2.setRNGSeed(1)
    criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_MAX_ITER, 40, 0.2)
    features = (lab * (0.3, 1.0, 1.0)).astype(np.float32)
    count = min(PARTS, len(features))
    _, labels, _ = cv2.kmeans(features, count, np.zeros((len(features), 1), np.int32), criteria, 3, cv2.KMEANS_PP_CENTERS)
    names = np.full(inner.shape, count, np.uint8)
    names[inner] = labels.ravel()
    areas = []
    for part in ((names == index).astype(np.uint8) for index in range(count)):
        if part.sum() < LEAST_PART * inner.sum():
            continue
        whole = cv2.morphologyEx(part, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8)) * inner
        pure = cv2.erode(whole, np.ones((2 * MIXED + 1, 2 * MIXED + 1), np.uint8)) > 0
        if pure.sum() >= LEAST_PURE * inner.sum():
            areas.append(pure)
    return areas


def _lit(linear: Floats) -> Floats:
    """Colour of a part where the main light falls on it: shadows show the room's colour, highlights the lamp's."""
    light = linear.sum(axis=1)
    low, high = np.quantile(light, LIT)
    return np.asarray(np.median(linear[(light >= low) & (light <= high)], axis=0))


def _without_light(old: Floats, new: Floats, shared: Floats) -> Floats:
    """How far apart two readings of each part are, ΔE00, once a shared gain and a sheen of up to SHEEN are allowed for.

    A glaze mirrors a little of the room, which adds the same amount to every channel whatever the paint.
    """
    steps = np.linspace(-SHEEN, SHEEN, 41)[:, None, None] * old.sum(axis=1).max() / 3
    seen = np.maximum(new / np.exp(shared) * np.mean(old.sum(axis=1)) / np.mean((new / np.exp(shared)).sum(axis=1)) + steps, 1e-5)
    seen = seen * old.sum(axis=1, keepdims=True) / seen.sum(axis=2, keepdims=True)
    return np.asarray(delta_e_2000(_lab(old), _lab(seen)).min(axis=0))


def _lab(linear: Floats) -> Floats:
    return srgb_to_lab(linear_to_srgb(np.clip(linear, 0, 1)))
