"""Following a known outline into another picture: every point of it looks along its normal for the edge that it has become.

Where the reference's outline is known, nobody has to cut the product out of the picture: a body's outline is where colour changes
along the normal, and a few hundred such places tell its pose and proportions to a tenth of a percent, whatever the light.

References:
    Blake, Isard: Active Contours, 1998 (chapters 5, 6: measurement lines, fitting a template).
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]
Image = NDArray[np.float32]
Redraw = Callable[[Floats], Image | None]

STEP = 0.5  # px between two looks along a normal
FAR, NEAR = 0.06, 0.045  # of the height that a point looks to either side: at first, and once the pose is nearly right
ROUNDS = 5  # of following and fitting; more move nothing by a tenth of a pixel
FAR_ROUNDS = 2
SHORTEST = 0.25  # of the height: shorter outlines are crumbs
ROUND_OFF = 2.0  # px: Gaussian that takes the stairs out of a mask's outline
EDGE = 12.0  # CIELAB units over three pixels at which an edge counts half
BEND = 0.25  # cost of moving a pixel from one point to the next; a whole edge is worth 1
STAY = 0.05  # cost of the farthest look: between two equal edges the nearer one is meant
SEEN = 0.2  # of an edge from which a point has found one
TRUSTED = 0.012  # of the height by which a mask's outline may miss its own picture's edge and still be followed
STRETCH = 0.06  # of the points, side by side, whose mean offset counts: parts count, single points do not
DEPTH = 0.005  # of the height by which a camera 3° higher moves up or down what stands nearer or farther than the rest
TURNS = 6  # of re-weighting in a fit
INSIDE = 3.0  # px from the outline to where it is no longer in the looks of an edge
ALIKE = 0.7  # of the found edge's strength from which another one may be the outline as well
BESIDE = (1.5, 2.5, 3.5)  # px from an edge at which the colours of its sides are seen
CLOSE = 0.004  # of the height: between two places that close nothing is seen
SLACK = 0.006  # of the height by which the inside may have moved against the outline
DUE = 0.35  # of an edge that must be there, if the product is, for its absence to count
WITHIN, BEYOND = 3.0, 4.0  # px from the outline at which the product's own colour and the ground's are read
RIDGE = 1e-2  # of a point's weight: keeps a fit defined where nothing can be told
FEWEST = 40  # points; fewer tell no pose


class Contour(NamedTuple):
    """Outlines of a mask as points, one after the other."""

    points: Floats
    """(N, 2): x, y in px."""
    normals: Floats
    """(N, 2): unit vectors out of the mask."""
    starts: tuple[int, ...]
    """Index of the first point of each outline, and N."""
    depth: Image
    """(h, w): how far inside the mask a pixel is, px; 0 outside."""


class Followed(NamedTuple):
    """Where an outline was found again."""

    matrix: Floats
    """Affine map from reference to picture pixels, shape (2, 3)."""
    distance: float
    """How far the farthest stretch of the outline lies from its place under the map and another camera's bend, in px of the reference.

    Where another edge is about as strong as the one found, the nearer counts; what depth explains, of which an outline says nothing,
    is taken off.
    """
    seen: float
    """Share of the points that found an edge, in [0, 1]."""
    gone: float = 0.0
    """Share of the points in the longest stretch that found none although the product would stand out from its ground, in [0, 1]."""


def contour_of(mask: Mask) -> Contour | None:
    """The outlines of a mask, holes included; None where there is none worth following."""
    import cv2

    if not mask.any():
        return None
    height = int(np.ptp(np.flatnonzero(mask.any(axis=1)))) + 1
    found, _ = cv2.findContours(np.pad(mask, 2).astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    lines = [_rounded(line[:, 0].astype(np.float64) - 2) for line in found if len(line) >= max(16, SHORTEST * height)]
    if sum(map(len, lines)) < FEWEST:
        return None
    soft = np.asarray(cv2.GaussianBlur(mask.astype(np.float32), (0, 0), 1.5), np.float32)
    normals = [_normals(line, soft) for line in lines]
    starts = tuple(int(start) for start in np.cumsum([0, *map(len, lines)]))
    depth = np.asarray(cv2.distanceTransform(np.pad(mask, 1).astype(np.uint8), cv2.DIST_L2, 5)[1:-1, 1:-1], np.float32)
    return Contour(np.vstack(lines), np.vstack(normals), starts, depth)


def follow(
    contour: Contour, reference: Image, picture: Image, start: Floats, height: float, redraw: Redraw | None = None
) -> Followed | None:
    """Find an outline again.

    Args:
        contour: The outline in the reference.
        reference: What it is the outline of, shape (h, w, C), in units of CIELAB.
        picture: Where it is looked for, shape (H, W, C).
        start: Affine map from reference to picture pixels, right to about 5 % of the height.
        height: Of the product in the reference, px.
        redraw: Gives the reference as it would look in the picture, once a map to it is about right; None, also as its answer, takes
            the reference as it is.

    Returns:
        What was found; None where too few points see an edge in the reference itself.
    """
    near, matrix = max(4.0, NEAR * height), start
    known = _known(contour, reference, height)
    for turn in range(ROUNDS):
        early = turn == 0 and known.trusted.sum() < FEWEST  # as a white product cut out on white
        there = redraw(matrix) if redraw is not None and (early or turn == FAR_ROUNDS) else None
        if there is not None:
            reference, known = there, _redrawn(known, _known(contour, there, height))
        if known.trusted.sum() < FEWEST:
            return None
        reach = max(4.0, FAR * height) if turn < FAR_ROUNDS else near
        offsets, strength = _snap(picture, contour, matrix, reach, _inner_edges(reference, contour, reach, height))
        step = _fit(contour, offsets - known.offsets, strength * known.trusted)
        matrix = (np.vstack([matrix, [0, 0, 1]]) @ np.vstack([step, [0, 0, 1]]))[:2]
    return _read(contour, known, reference, picture, matrix, height)


class _Known(NamedTuple):
    """The reference's own edges: how far out of its mask each point has one, px, how strong, and whether it can be followed."""

    offsets: Floats
    strength: Floats
    trusted: Mask


def _known(contour: Contour, reference: Image, height: float) -> _Known:
    offsets, strength = _snap(reference, contour, np.eye(2, 3), max(4.0, NEAR * height))
    return _Known(offsets, strength, (np.abs(offsets) < TRUSTED * height) & (strength > SEEN))


def _redrawn(known: _Known, there: _Known) -> _Known:
    """The edges before another ground, which the mask itself drew: where it is drawn too wide, it is too wide there, too.

    A point whose edge lies elsewhere stays out; of one that shows none, as white on white, the mask alone speaks.
    """
    own = known.trusted & there.trusted
    wide = float(np.median((known.offsets - there.offsets)[own])) if own.any() else 0.0
    return _Known(there.offsets + wide, there.strength, there.trusted & (known.trusted | (known.strength <= SEEN)))


def _read(contour: Contour, known: _Known, reference: Image, picture: Image, matrix: Floats, height: float) -> Followed | None:
    """How an outline that is followed lies off; None where too few points see an edge."""
    near = max(4.0, NEAR * height)
    score, steps = _looks(picture, contour, matrix, near)
    score = score * (1 - _inner_edges(reference, contour, near, height))
    offsets, strength = _edges(score, steps, contour.starts)
    seen = known.trusted & (strength > SEEN) & (np.abs(offsets) < near - 2 * STEP)
    if seen.sum() < FEWEST:
        return None
    left = _without_camera(contour.points[seen], contour.normals[seen], (offsets - known.offsets)[seen], height)
    expected = offsets[seen] - left
    shown = _shown(picture, contour.points[seen], contour.normals[seen], matrix, expected, offsets[seen])
    left = np.minimum(np.abs(left), _to_an_edge(score[seen], steps, expected, ALIKE * np.minimum(strength, known.strength)[seen]))
    left = left * (shown | (left < CLOSE * height))
    left = np.maximum(left - DEPTH * height * np.abs(contour.normals[seen, 1]), 0)
    bare = known.trusted & (strength < SEEN) & (_due(reference, picture, contour, matrix, seen) > DUE)
    return Followed(matrix, _farthest(left), float(seen.sum() / known.trusted.sum()), _longest(bare) / float(known.trusted.sum()))


def _farthest(left: Floats) -> float:
    """Mean of the stretch that is farthest off; the last point's neighbour is the first."""
    long = max(3, round(STRETCH * len(left)))
    total = np.cumsum(np.concatenate([[0.0], left, left[: long - 1]]))
    return float((total[long:] - total[:-long]).max() / long)


def _longest(bare: Mask) -> int:
    """How many points side by side are bare; the last one's neighbour is the first."""
    others = np.flatnonzero(~bare)
    return int(np.diff(others, append=others[0] + len(bare)).max()) - 1 if len(others) else len(bare)


def _due(reference: Image, picture: Image, contour: Contour, matrix: Floats, seen: Mask) -> Floats:
    """How strong an edge each point would show if the product were there, in [0, 1], under the light of the points that are `seen`."""
    inside, outside = contour.points - WITHIN * contour.normals, contour.points + BEYOND * contour.normals
    there = inside @ matrix[:, :2].T + matrix[:, 2]
    beyond = outside @ matrix[:, :2].T + matrix[:, 2]
    own, now, ground = (_sample(image, at).astype(np.float64) for image, at in ((reference, inside), (picture, there), (picture, beyond)))
    change = np.linalg.norm(own + np.median(now[seen] - own[seen], axis=0) - ground, axis=1)
    shown = (np.minimum(there, beyond) >= 0).all(axis=1) & (np.maximum(there, beyond) < np.array(picture.shape[1::-1])).all(axis=1)
    return np.asarray(shown * change / (change + EDGE), np.float64)


def _rounded(line: Floats) -> Floats:
    import cv2

    kernel = cv2.getGaussianKernel(13, ROUND_OFF)[:, 0]
    padded = np.vstack([line[-6:], line, line[:6]])
    return np.stack([np.convolve(padded[:, axis], kernel, "valid") for axis in (0, 1)], axis=1)


def _normals(line: Floats, soft: Image) -> Floats:
    along = np.roll(line, -2, axis=0) - np.roll(line, 2, axis=0)
    normals = np.stack([along[:, 1], -along[:, 0]], axis=1)
    normals /= np.linalg.norm(normals, axis=1, keepdims=True) + 1e-9
    inwards = (_sample(soft, line + 2.5 * normals) > _sample(soft, line - 2.5 * normals)).mean() > 0.5
    return np.asarray(-normals if inwards else normals)


def _sample(picture: Image, points: Floats) -> Image:
    """Values between pixels at points of shape (..., 2); beyond the edge, the edge's."""
    import cv2

    across, down = np.moveaxis(points.reshape(-1, 1, 2).astype(np.float32), -1, 0)
    pieces = []
    for first in range(0, len(across), 30_000):  # remap takes no more than 32767 rows
        part = slice(first, first + 30_000)
        pieces.append(cv2.remap(picture, across[part], down[part], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)[:, 0])
    values = np.concatenate(pieces)
    return np.asarray(values.reshape(points.shape[:-1] + picture.shape[2:]), np.float32)


def _snap(picture: Image, contour: Contour, matrix: Floats, reach: float, taken: Floats | None = None) -> tuple[Floats, Floats]:
    """For every point how far out along its normal its edge is, px, and how strong in [0, 1].

    `taken` says how surely each look, shape (N, looks), shows an edge that the outline is not.
    """
    score, steps = _looks(picture, contour, matrix, reach)
    return _edges(score if taken is None else score * (1 - taken), steps, contour.starts)


def _edges(score: Floats, steps: Floats, starts: tuple[int, ...]) -> tuple[Floats, Floats]:
    offsets, strength = np.zeros(len(score)), np.zeros(len(score))
    for first, last in pairwise(starts):
        offsets[first:last], strength[first:last] = _path(score[first:last], steps)
    return offsets, strength


def _to_an_edge(score: Floats, steps: Floats, expected: Floats, least: Floats) -> Floats:
    """How far from where a point is expected an edge of at least this strength lies, px.

    Where a shadow's edge runs beside a body's, either may be the outline: a point is blamed for the nearer one alone.
    """
    top = np.pad(score[:, 1:-1] >= np.maximum(score[:, :-2], score[:, 2:]), ((0, 0), (1, 1)))
    away = np.abs(steps[None] - expected[:, None])
    return np.asarray(np.where(top & (score >= np.maximum(least, SEEN)[:, None]), away, np.inf).min(axis=1))


def _shown(picture: Image, points: Floats, normals: Floats, matrix: Floats, expected: Floats, found: Floats) -> Mask:
    """Whether a product that grew shows itself between where its edge is expected and where one is found, one that shrank the ground.

    Else the edge is another one: a shadow's outside of the product, a fold's or a highlight's inside.
    """
    low, high = np.minimum(expected, found), np.maximum(expected, found)

    def colour(*offsets: Floats) -> Floats:
        places = points[:, None] + np.stack(offsets, axis=1)[..., None] * normals[:, None]
        return np.asarray(_sample(picture, places @ matrix[:, :2].T + matrix[:, 2]).mean(axis=1), np.float64)

    between = colour((low + high) / 2)
    to_product, to_ground = (
        np.linalg.norm(between - colour(*(end + side * beside for beside in BESIDE)), axis=1) for end, side in ((low, -1), (high, 1))
    )
    return np.asarray(np.where(found > expected, to_product < to_ground, to_ground < to_product))


def _looks(picture: Image, contour: Contour, matrix: Floats, reach: float) -> tuple[Floats, Floats]:
    """How much of an edge each look of each point shows, in [0, 1], shape (N, looks), and how far out the looks are, px."""
    looks = round(reach / STEP)
    steps = np.asarray(np.arange(-looks - 3, looks + 4) * STEP, np.float64)
    places = contour.points[:, None] + steps[None, :, None] * contour.normals[:, None]
    change = _change(_sample(picture, places @ matrix[:, :2].T + matrix[:, 2]).astype(np.float64))
    return np.asarray(change / (change + EDGE), np.float64), steps[3:-3]


def _inner_edges(reference: Image, contour: Contour, reach: float, height: float) -> Floats:
    """How surely each look shows an edge of the product's inside: a rim, a glaze line, a handle before the body.

    On a ground of the product's own colour such an edge is stronger than the outline beside it, and must not be taken for it.
    """
    import cv2

    score, steps = _looks(reference, contour, np.eye(2, 3), reach)
    places = contour.points[:, None] + steps[None, :, None] * contour.normals[:, None]
    inner = score * (_sample(contour.depth, places) > INSIDE + SLACK * height)
    width = 2 * round(SLACK * height / STEP) + 1
    return np.asarray(cv2.dilate(inner, np.ones((1, width), np.uint8)), np.float64)


def _change(profile: Floats) -> Floats:
    """Size of the colour's change across each look: the mean of three looks before against three behind."""
    count = profile.shape[1] - 6
    after, before = (sum(profile[:, 3 + side * k : 3 + side * k + count] for k in (1, 2, 3)) for side in (1, -1))
    return np.asarray(np.linalg.norm((after - before) / 3, axis=2))


def _path(score: Floats, steps: Floats) -> tuple[Floats, Floats]:
    """The closed line through strong edges that bends least, by dynamic programming, refined between the looks."""
    count, wrap = len(score), min(len(score), 20)
    cost = STAY * np.abs(steps)[None] / steps[-1] - score
    around = np.vstack([cost[-wrap:], cost, cost[:wrap]])
    bend = BEND * np.abs(steps[:, None] - steps[None])
    total, back = around[0].copy(), []
    for row in around[1:]:
        options = total[None] + bend
        back.append(options.argmin(axis=1))
        total = options.min(axis=1) + row
    path = [int(total.argmin())]
    for choice in reversed(back):
        path.append(int(choice[path[-1]]))
    places = np.clip(np.array(path[::-1])[wrap : wrap + count], 1, len(steps) - 2)
    rows = np.arange(count)
    left, middle, right = score[rows, places - 1], score[rows, places], score[rows, places + 1]
    curve = left - 2 * middle + right
    peak = np.where(curve < -1e-6, 0.5 * (left - right) / np.where(curve < -1e-6, curve, 1), 0).clip(-0.5, 0.5)
    return steps[places] + STEP * peak, middle


def _fit(contour: Contour, offsets: Floats, weights: Floats) -> Floats:
    """The affine map that moves the points along their normals by `offsets`."""
    middle = contour.points.mean(axis=0)
    away = np.c_[contour.points - middle, np.ones(len(contour.points))]
    design = np.concatenate([contour.normals[:, :1] * away, contour.normals[:, 1:] * away], axis=1)
    solution = _solved(design, offsets, weights)
    linear = np.eye(2) + solution.reshape(2, 3)[:, :2]
    return np.asarray(np.c_[linear, middle - linear @ middle + solution[[2, 5]]])


def _without_camera(points: Floats, normals: Floats, offsets: Floats, height: float) -> Floats:
    """What no other camera explains of the offsets.

    A camera further round narrows one side (x by x²) and shortens it (y by xy); a higher one bows the outline's ends (y by x² and x²y).
    """
    x, y = ((points - points.mean(axis=0)) / height).T
    one = np.ones_like(x)
    across, down = ([one, x, y, x * x], [one, x, y, x * y, x * x, x * x * y])
    design = np.stack([*(normals[:, 0] * term for term in across), *(normals[:, 1] * term for term in down)], axis=1)
    return np.asarray(offsets - design @ _solved(design, offsets, one))


def _solved(design: Floats, wanted: Floats, weights: Floats) -> Floats:
    """Least squares in which points that disagree count little (Geman, McClure 1985)."""
    trust = weights
    solution: Floats = np.zeros(design.shape[1])
    for _ in range(TURNS):
        square = design.T @ (trust[:, None] * design) + RIDGE * np.eye(design.shape[1])
        solution = np.asarray(np.linalg.solve(square, design.T @ (trust * wanted)), np.float64)
        errors = wanted - design @ solution
        scale = max(0.3, 1.4826 * float(np.median(np.abs(errors))))
        trust = weights / (1 + (errors / (2 * scale)) ** 2) ** 2
    return solution
