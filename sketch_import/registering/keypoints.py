"""Find the same spots of ink in two photographs: SIFT keypoints on evened ink, matched both ways."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from sketch_import.registering.sheet_view import SheetView

__all__ = ["Keypoints", "find_keypoints", "match", "match_near"]

_MOST = 3000
_CONTRAST = 0.03
_RATIO = 0.82
"""Lowe's ratio of the best to the second-best distance, above which a match is ambiguous."""
_NEAR_RATIO = 0.92
"""The same among keypoints that lie where the match is expected."""
_NEIGHBOURS = 12
_LEAST_ALIKE = 0.7
"""Least cosine of two descriptors that are expected to be of one spot."""
_NEAR_INK = 7
FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Keypoints:
    """Keypoints of one photograph at working size."""

    at: FloatArray
    """Positions, shape (n, 2): x right, y down, from the top-left corner of the working image."""
    descriptors: NDArray[np.float32]
    """RootSIFT (Arandjelović and Zisserman 2012), shape (n, 128), of unit length."""


def find_keypoints(view: SheetView) -> Keypoints:
    """Find keypoints of what is drawn; what is printed pale, or lies off the sheet, is wiped off first."""
    near = cv2.dilate(view.drawn, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (_NEAR_INK, _NEAR_INK)))
    picture = cv2.GaussianBlur(view.darkness * near, (0, 0), 0.8)
    sift = cv2.SIFT.create(nfeatures=_MOST, contrastThreshold=_CONTRAST, enable_precise_upscale=True)
    found, vectors = sift.detectAndCompute(picture, view.inside * np.uint8(255))
    if vectors is None or len(found) == 0:
        return Keypoints(np.zeros((0, 2)), np.zeros((0, 128), np.float32))
    at = np.array([point.pt for point in found], np.float64) + 0.5
    vectors = np.asarray(vectors, np.float32)
    vectors /= np.maximum(vectors.sum(axis=1, keepdims=True), 1e-9)
    return Keypoints(at, np.sqrt(vectors))


def match(one: Keypoints, two: Keypoints) -> NDArray[np.intp]:
    """Return pairs of indices, shape (n, 2): each the other's nearest, and clearly so."""
    if len(one.at) < 2 or len(two.at) < 2:
        return np.zeros((0, 2), np.intp)
    alike = one.descriptors @ two.descriptors.T
    return _mutual(alike, _RATIO)


def match_near(one: Keypoints, two: Keypoints, homography: FloatArray, *, reach: float) -> NDArray[np.intp]:
    """Match again among the keypoints within `reach` working pixels of where a homography expects them."""
    if len(one.at) < 2 or len(two.at) < 2:
        return np.zeros((0, 2), np.intp)
    expected = cv2.perspectiveTransform(one.at[:, None], homography)[:, 0]
    expected = np.where(np.isfinite(expected), expected, -1e6)
    most = min(_NEIGHBOURS, len(two.at))
    _, near = KDTree(two.at).query(expected, k=most, distance_upper_bound=reach)
    near = np.asarray(near, np.intp).reshape(len(one.at), most)
    there = near < len(two.at)
    near = np.where(there, near, 0)
    alike = np.where(there, np.einsum("ij,ikj->ik", one.descriptors, two.descriptors[near]), -1.0)
    rows = np.arange(len(near))
    place = alike.argmax(axis=1)
    best, best_at = alike[rows, place], near[rows, place]
    alike[rows, place] = -1.0
    clear = (best >= _LEAST_ALIKE) & (2 - 2 * best <= _NEAR_RATIO**2 * (2 - 2 * alike.max(axis=1)))
    # Each the other's nearest: of those that chose one keypoint, the most alike.
    order = np.argsort(-best, kind="stable")
    order = order[clear[order]]
    _, first = np.unique(best_at[order], return_index=True)
    kept = np.sort(order[first])
    return np.column_stack([rows[kept], best_at[kept]])


def _mutual(alike: NDArray[np.float32], ratio: float) -> NDArray[np.intp]:
    rows = np.arange(len(alike))
    forth, back = alike.argmax(axis=1), alike.argmax(axis=0)
    best = alike[rows, forth].copy()
    alike[rows, forth] = -1.0
    second = alike.max(axis=1)
    # Of unit vectors: the square of the distance is 2 − 2 cos.
    kept = (back[forth] == rows) & (2 - 2 * best <= ratio**2 * (2 - 2 * second) + 1e-6)
    return np.column_stack([rows[kept], forth[kept]])
