"""Where a product stands in a reference that nobody has cut out: whatever a wall of edges shuts off from the frame.

Colour alone cannot say it. A product in the hue of its ground, a grey shoe on grey paper, has just the colour of its own shadow there. But
shadows fade out and products end: the ground is all that a ball rolled in from the frame can reach without crossing an edge.

References:
    Zhang, Chen, Zhang, Hu, Martin: Vectorizing Cartoon Animations, 2009 (trapped balls).
    Meyer: Color Image Segmentation, 1992 (watershed from markers).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from brandkit.metric.silhouette import apart_from, central, filled, find_product, frame_of, ground_of, refine, without_gaps

Pixels = NDArray[np.uint8]
Image = NDArray[np.float32]
Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]

CALM = 1.0  # px: Gaussian against noise
WALLS = (3.6, 2.7, 2.0, 1.5, 1.1)  # ΔE76 per px of an edge: outlines of products have 3 and more, the ends of shadows less
NOISY = 1.5  # times the frame's own edges (99th percentile) that a wall has to be stronger than
HOLDS = 0.85  # of what the weakest wall shuts off: a stronger one that shuts off less leaks
OWN, UNSHADED = 4.0, 0.95  # ΔE76 from the ground in any shade, and times its lightness, from which a weakly walled piece is no shadow
BALL = 3  # px: holes in a wall up to twice as wide let no ball through
LEAST, MOST = 0.01, 0.8  # of the picture that a product covers
INNER, OUTER = 5, 1  # px inside and outside a wall's foot from which a pixel is certainly product, certainly ground
AGREED = 0.85  # of what stands out by colour that must be inside: what reaches into the frame is not shut off from it
GAP_EDGE = 2.0  # ΔE76 per px within which a surface goes on
GAP = (0.006, 0.25)  # of the product: how large a gap is; letters have smaller holes
DARKEST = 0.75  # of the ground's lightness, where it is seen through a gap
SEEN_THROUGH = 5.0  # ΔE76 from the ground that a gap may show
MOSTLY = 0.8  # of a gap's pixels that have to
PRINTED = 0.03  # of a surface that is something on it: then it is a label


def found_product(rgb: Pixels) -> Mask:
    """The product of a packshot or still life, with the gaps through which its ground is seen left open.

    Args:
        rgb: Picture, shape (H, W, 3), sRGB, 0..255, with the product inside and ground along the edges.

    Returns:
        Its mask, shape (H, W); empty where nothing stands out.
    """
    colored = find_product(rgb)
    if min(rgb.shape[:2]) < 8 * BALL:
        return without_gaps(rgb, colored)
    lab = _calm_lab(rgb)
    edges = _edges(lab)
    ground = ground_of(lab.astype(np.float64), frame_of(edges.shape))
    walled = _walled(lab, edges, ground)
    if not walled.any() or (walled & colored).sum() < AGREED * colored.sum():
        return without_gaps(rgb, colored)
    gaps = _gaps(lab, edges, ground, walled)
    whole = refine(rgb, _shed(lab, walled, gaps))
    return _opened(whole, gaps)


def _calm_lab(rgb: Pixels) -> Image:
    import cv2

    lab = cv2.cvtColor(rgb.astype(np.float32) / 255, cv2.COLOR_RGB2Lab)
    return np.asarray(cv2.GaussianBlur(lab, (0, 0), CALM), np.float32)


def _edges(lab: Image) -> Image:
    """ΔE76 per pixel."""
    import cv2

    across, down = (cv2.Sobel(lab, cv2.CV_32F, dx, 1 - dx, scale=1 / 8) for dx in (1, 0))
    return np.asarray(np.sqrt((across**2 + down**2).sum(axis=2)), np.float32)


def _walled(lab: Image, edges: Image, ground: Floats) -> Mask:
    """What the strongest wall that holds shuts off: a weak one takes in the foot of a shadow, a strong one leaks.

    What only a weak one shuts off belongs to it where it is as light as the ground and of another colour.
    """
    import cv2

    least = NOISY * float(np.percentile(edges[frame_of(edges.shape)], 99))
    levels = [level for level in WALLS if level > least] or [least]
    shut = [mask for mask in (_shut_off(edges > level) for level in levels) if LEAST * mask.size < mask.sum() < MOST * mask.size]
    if not shut:
        return np.zeros(edges.shape, np.bool_)
    held = next(mask for mask in shut if mask.sum() >= HOLDS * shut[-1].sum())
    own = (apart_from(lab.astype(np.float64), ground) > OWN) & (lab[..., 0] > UNSHADED * ground[..., 0])
    pale = cv2.dilate(cv2.morphologyEx(own.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)), _disc(BALL)) > 0
    return central((held | (shut[-1] & pale)).astype(np.uint8))


def _shut_off(wall: Mask) -> Mask:
    """The central thing that no ball reaches from the frame."""
    import cv2

    ball = _disc(BALL)
    _, rooms = cv2.connectedComponents((cv2.dilate(wall.astype(np.uint8), ball) == 0).astype(np.uint8), connectivity=4)
    outer = np.unique(rooms[frame_of(wall.shape)])
    reached = np.isin(rooms, outer[outer > 0])
    return central((cv2.dilate(reached.astype(np.uint8), ball) == 0).astype(np.uint8))


def _gaps(lab: Image, edges: Image, ground: Floats, walled: Mask) -> Mask:
    """Surfaces inside that show the ground, a little shaded perhaps, and nothing on it."""
    import cv2

    shade = np.clip(lab[..., 0] / np.maximum(ground[..., 0], 1), DARKEST, 1)
    bare = np.linalg.norm(lab - ground * shade[..., None], axis=2) < SEEN_THROUGH
    inside = cv2.erode(walled.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    count, names, stats, _ = cv2.connectedComponentsWithStats(((edges < GAP_EDGE) & inside).astype(np.uint8), connectivity=4)
    found, (least, most) = np.zeros(walled.shape, np.bool_), (share * walled.sum() for share in GAP)
    for index in (index for index in range(1, count) if least <= stats[index, cv2.CC_STAT_AREA] <= most):
        surface = names == index
        if bare[surface].mean() > MOSTLY and filled(surface).sum() < (1 + PRINTED) * surface.sum():
            found |= surface
    return found


def _shed(lab: Image, walled: Mask, gaps: Mask) -> Mask:
    """The mask drawn in to the strongest edge around it: a wall's foot is ground yet, and the dark beside a product, too."""
    import cv2

    markers = np.zeros(walled.shape, np.int32)
    markers[_eroded(walled, INNER) & (cv2.dilate(gaps.astype(np.uint8), np.ones((11, 11), np.uint8)) == 0)] = 2
    markers[cv2.dilate(walled.astype(np.uint8), np.ones((2 * OUTER + 1, 2 * OUTER + 1), np.uint8)) == 0] = 1
    markers[gaps] = 1
    steps = np.clip(lab * (2.5, 3, 3) + (0, 128, 128), 0, 255).astype(np.uint8)
    shed = cv2.watershed(steps, markers) == 2
    return np.asarray(cv2.dilate(shed.astype(np.uint8), cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))) > 0)


def _opened(mask: Mask, gaps: Mask) -> Mask:
    """The mask without holes, but for the gaps."""
    import cv2

    whole = filled(mask)
    count, holes = cv2.connectedComponents((whole & ~mask).astype(np.uint8), connectivity=4)
    is_gap = np.isin(np.arange(count), np.unique(holes[gaps & (holes > 0)]))
    return np.asarray(whole & ~is_gap[holes])


def _disc(radius: int) -> Pixels:
    import cv2

    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1)), np.uint8)


def _eroded(mask: Mask, reach: int) -> Mask:
    import cv2

    return np.asarray(cv2.erode(np.pad(mask, reach).astype(np.uint8), _disc(reach))[reach:-reach, reach:-reach] > 0)
