"""From pixels to candidates: the steps of tracing, one after another."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from sketch_import.candidate import Candidate
from sketch_import.tracing.draft import number_drafts
from sketch_import.tracing.ink import find_ink
from sketch_import.tracing.known_sheet import KnownSheet
from sketch_import.tracing.light import even_out
from sketch_import.tracing.network import Network, build_network
from sketch_import.tracing.paper import Paper, find_paper
from sketch_import.tracing.printed import without_print
from sketch_import.tracing.proposals import propose
from sketch_import.tracing.solids import Solid, find_solids

__all__ = ["Trace", "trace"]

_WORKING_SIDE = 2400
"""Long side in pixels at which a drawing is traced; a fine pen on A1 is still two pixels wide there."""
_SMALL_SIDE = 1300
"""Pictures smaller than this are traced at double size: letters a dozen pixels tall run together else."""
_PHOTO_RIM = 1 / 110
"""Strip along the edge of the photo, as a share of its long side, where what runs along it is the edge of the sheet."""
_SHEET_RIM = 1 / 400
"""The same along the edge of a sheet that was found."""
_ALONG = 0.7
_TOUCHING = 0.35
"""A filled area that touches the edge with more of its outline than this is what the sheet lies on."""


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """What was found on a drawing, and how good the photo is for it."""

    candidates: tuple[Candidate, ...]
    """In the order of their ordinals."""
    width_px: float
    """Typical width of the strokes, in pixels of the photo."""
    grain: float
    """Grain of the blank paper: standard deviation of the missing light, 0 to 1."""
    unevenness: float
    """Brightest over darkest paper."""
    sheet_found: bool
    """Whether an edge of the sheet was seen; else all of the photo was taken for paper."""
    sheet_share: float
    """Share of the photo that the sheet fills."""
    ink_share: float
    """Share of the sheet that is ink."""
    working_scale: float
    """Size at which it was traced, over that of the photo."""


def trace(pixels: NDArray[np.uint8], *, known: KnownSheet | None = None) -> Trace:
    """Trace a photographed drawing.

    Evens out the light, tells ink from paper, thins strokes to a graph, names their inks, closes small
    gaps, and reads areas, lines, signs and writing from the graph.

    Parameters
    ----------
    pixels
        Upright RGB, shape (h, w, 3), uint8.
    known
        Where participants drew and where print is, of a rectified sheet of ours; the sheet is then not looked for.

    Returns
    -------
    Trace
        Candidates in pixels of `pixels` (x right, y down, corner origin); none for a blank sheet.
    """
    height, width = pixels.shape[:2]
    scale = min(1.0, _WORKING_SIDE / max(height, width))
    if max(height, width) < _SMALL_SIDE:
        scale = 2.0
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = _resized(pixels, size)
    paper = find_paper(small) if known is None else _known_paper(known, size)
    light = even_out(small, inside=paper.inside)
    inside = np.asarray(cv2.resize(paper.inside.view(np.uint8), size, interpolation=cv2.INTER_NEAREST), np.uint8)
    missing = light.missing
    if known is not None:
        missing = without_print(missing, _smaller(known.printed, size))
    ink = find_ink(missing, inside=inside)
    solids, mask = find_solids(ink.mask, ink.missing)
    solids, network = _without_rim(solids, build_network(mask, ink.missing), inside)
    sheet_area = float(np.count_nonzero(inside))
    proposals = propose(network, solids, light, size=size, sheet_area=sheet_area)
    to_photo = np.array([width / size[0], height / size[1]])
    return Trace(
        candidates=number_drafts(proposals.drafts, proposals.network, to_photo=to_photo, height=height),
        width_px=network.width / scale,
        grain=ink.grain / 255,
        unevenness=light.unevenness,
        sheet_found=paper.found,
        sheet_share=paper.share,
        ink_share=float(np.count_nonzero(ink.mask)) / max(sheet_area, 1.0),
        working_scale=scale,
    )


def _resized(pixels: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    if pixels.shape[1::-1] == size:
        return pixels
    smaller = size[0] < pixels.shape[1]
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA if smaller else cv2.INTER_CUBIC), np.uint8)


def _known_paper(known: KnownSheet, size: tuple[int, int]) -> Paper:
    inside = cv2.resize(known.inside, size, interpolation=cv2.INTER_NEAREST) > 0
    return Paper(inside=inside, found=True, share=cv2.countNonZero(known.inside) / known.inside.size)


def _smaller(mask: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    """Shrink a mask so that nothing of it is lost."""
    step = -(-mask.shape[1] // size[0])
    grown = cv2.dilate(mask, np.ones((step, step), np.uint8)) if step > 1 else mask
    return np.asarray(cv2.resize(grown, size, interpolation=cv2.INTER_NEAREST) > 0).view(np.uint8)


def _without_rim(solids: list[Solid], network: Network, inside: NDArray[np.uint8]) -> tuple[list[Solid], Network]:
    """Drop what runs along the edge of the sheet or the photo."""
    strip = max(3.0, (_SHEET_RIM if np.count_nonzero(inside) < inside.size else _PHOTO_RIM) * max(inside.shape))
    from_edge = cv2.distanceTransform(
        cv2.copyMakeBorder(inside, *(1,) * 4, cv2.BORDER_CONSTANT, value=0), cv2.DIST_L2, 3
    )
    high, wide = inside.shape

    def near_edge(points: list[NDArray[np.float64]], reach: float) -> NDArray[np.float64]:
        """Share of each polyline that lies within reach of the edge."""
        if not points:
            return np.zeros(0)
        sizes = np.array([len(part) for part in points])
        columns, rows = np.concatenate(points).astype(int).T
        near = from_edge[np.clip(rows, 0, high - 1) + 1, np.clip(columns, 0, wide - 1) + 1] < reach
        return np.asarray(np.add.reduceat(near, np.concatenate([[0], np.cumsum(sizes)[:-1]]), dtype=float) / sizes)

    strokes = near_edge([stroke.points for stroke in network.strokes], strip) <= _ALONG
    areas = near_edge([np.asarray(solid.polygon.exterior.coords) for solid in solids], 2 * strip) <= _TOUCHING
    kept = [stroke for stroke, keep in zip(network.strokes, strokes, strict=True) if keep]
    return [solid for solid, keep in zip(solids, areas, strict=True) if keep], Network(
        kept, network.nodes, network.width
    )
