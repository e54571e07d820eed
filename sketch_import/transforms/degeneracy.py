"""Control points that cannot carry a transform: too few, coincident, on one line, or otherwise singular."""

from __future__ import annotations

import numpy as np

from geo.domain.georeference import Method
from geo.domain.labels import label_text
from geo.errors import Refused
from sketch_import.transforms.frame import FloatArray

__all__ = ["COLLINEAR", "coincident_pairs", "flatness", "refuse_singular", "refuse_unfit"]

COLLINEAR = 1e-3
"""Points whose width is below this share of their length lie on one line."""

_SINGULAR = 1e-9


def flatness(points: FloatArray) -> float:
    """Return the width of a point cloud, shape (n, 2), as a share of its length: 0 on one line, 1 round.

    >>> flatness(np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 2.0]])) < 1e-12
    True
    """
    centred = points - points.mean(axis=0)
    values = np.linalg.svd(centred, compute_uv=False)
    if len(values) < 2 or values[0] == 0:
        return 0.0
    return float(values[1] / values[0])


def coincident_pairs(points: FloatArray) -> list[tuple[int, int]]:
    """Return the index pairs of points, shape (n, 2), that are the same within 1e-9 of their extent."""
    extent = float(np.ptp(points, axis=0).max()) if len(points) else 0.0
    distance = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    first, second = np.nonzero(np.triu(distance <= 1e-9 * extent, k=1))
    return list(zip(first.tolist(), second.tolist(), strict=True))


def refuse_unfit(method: Method, pixels: FloatArray, ground: FloatArray) -> None:
    """Refuse points that cannot determine a transform, whatever its kind.

    Parameters
    ----------
    method
        The transform that is to be solved.
    pixels, ground
        Shape (n, 2).

    Raises
    ------
    geo.errors.Refused
        ``transform.too_few_points``, ``transform.coincident_points`` or ``transform.collinear_points``;
        points are numbered from 1 in the order given.
    """
    if len(pixels) < method.minimum_points:
        raise Refused(
            "transform.too_few_points", method=label_text(method), needed=method.minimum_points, found=len(pixels)
        )
    for points in (pixels, ground):
        pairs = coincident_pairs(points)
        if pairs:
            named = ", ".join(f"{first + 1} = {second + 1}" for first, second in pairs)
            raise Refused("transform.coincident_points", points=named)
    if method is Method.HELMERT:
        return
    if min(flatness(pixels), flatness(ground)) < COLLINEAR:
        similarity = label_text(Method.HELMERT)
        raise Refused("transform.collinear_points", method=label_text(method), count=len(pixels), advised=similarity)


def refuse_singular(design: FloatArray, *, unknowns: int | None = None) -> None:
    """Refuse a system of equations that leaves unknowns open.

    Parameters
    ----------
    design
        Matrix of the system, in unit frames.
    unknowns
        Number of unknowns, where it is not the number of columns.

    Raises
    ------
    geo.errors.Refused
        ``transform.singular``.
    """
    wanted = design.shape[1] if unknowns is None else unknowns
    values = np.linalg.svd(design, compute_uv=False)
    if len(values) < wanted or values[wanted - 1] < _SINGULAR * values[0]:
        raise Refused("transform.singular")
