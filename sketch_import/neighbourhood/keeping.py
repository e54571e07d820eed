"""Keep every drawn object on its side of the lines and areas whose real course is known.

First everything near an anchor is carried along with it: the placement is blended into the map relative to the anchors,
by distance on paper. Then each relation that was drawn is looked for on the ground, and what fails is shifted, whole
and no further than it takes. What cannot be mended so stays where the anchors carried it and is named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.spatial.corners import with_corners_moved
from sketch_import.neighbourhood.anchors import Anchor
from sketch_import.neighbourhood.relations import Relation, relation_to, wrong_points
from sketch_import.placing import Placement
from sketch_import.transforms import FloatArray

__all__ = ["GivenUp", "Keeping", "Moved", "WhyNot", "keep_neighbourhood"]

REACH = 0.12
"""How far an anchor carries, as a part of the longer side of the photo: at this distance its word counts 37 %."""
_DEAF = 2.0
"""Reaches beyond which an anchor is not asked at all, neither for the place nor for the relation."""
_ROUNDS = 25
_CLEARANCE_M = 1.0
_FINE = 60
"""Parts into which a long geometry is divided, so that it bends as the anchors do."""


class WhyNot(StrEnum):
    """Why a relation was given up."""

    CONTRADICTION = "contradiction"
    """Its anchors cross on paper but not on the ground, or the other way round."""
    NO_ROOM = "no_room"
    """No shift suits all relations of the object, or it does not fit into the real area."""
    TOO_FAR = "too_far"
    """It would have to go further than the sheet is in error."""


@dataclass(frozen=True, slots=True)
class Moved:
    """An object that is not where the control points alone would put it: by how much, metres."""

    candidate: str
    metres: float
    nudged_m: float
    """The part of it that was needed after the anchors had carried it along."""


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A relation that was drawn and does not hold on the ground."""

    candidate: str
    anchor: str
    relation: Relation
    why: WhyNot


@dataclass(frozen=True, slots=True, eq=False)
class Keeping:
    """What was kept.

    Attributes
    ----------
    geometries
        Lon lat, in the order of the candidates.
    moves_m
        How far each was moved from where the control points put it, metres, shape (n,).
    anchors, relations
        How many anchors there are and how many clear relations were drawn.
    before, carried, after
        How many of these hold where the control points put things, where the anchors carried them, and in the end.
    moved, given_up
        Objects that moved by a metre or more, and relations that do not hold.
    contradicting
        Pairs of anchors of which one crosses the other on paper or on the ground only.
    """

    geometries: tuple[BaseGeometry, ...]
    moves_m: FloatArray
    anchors: int
    relations: int
    before: int
    carried: int
    after: int
    moved: tuple[Moved, ...]
    given_up: tuple[GivenUp, ...]
    contradicting: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Wish:
    anchor: Anchor
    relation: Relation


def keep_neighbourhood(
    placement: Placement, candidates: Sequence[tuple[str, BaseGeometry]], anchors: Sequence[Anchor]
) -> Keeping:
    """Place drawn objects so that they stay on their side of the anchors.

    It stops where an anchor is further away on paper than a quarter of the longer side of the photo, at objects that
    were not clearly on one side, and at shifts beyond three times the position error (at least the reach of the
    anchors).

    Parameters
    ----------
    placement
        How the control points place the sheet.
    candidates
        Ids and geometries in pixels, x right, y down.
    anchors
        See `anchor_of`.
    """
    reach = REACH * max(placement.image_size)
    contradicting = _contradicting(anchors)
    doubted = {name for pair in contradicting for name in pair}
    own = {anchor.candidate for anchor in anchors}
    shaped, moves = [], np.zeros(len(candidates))
    counts = {"relations": 0, "before": 0, "carried": 0, "after": 0}
    moved, given_up = [], []
    for row, (name, geometry) in enumerate(candidates):
        based = _in_metres(placement.place_geometry(geometry), placement)
        drawn = shapely.transform(geometry, lambda xy: xy * [1.0, -1.0])
        near = [anchor for anchor in anchors if drawn.distance(anchor.drawn) < _DEAF * reach] if len(anchors) else []
        if not near or drawn.is_empty:
            shaped.append(based)
            continue
        carried = _carried(placement, geometry, based, near, reach=reach)
        # An anchor may also come under another name, as the object on the map that was made of it.
        is_own = name in own or any(drawn.equals(anchor.drawn) for anchor in near)
        wishes = [] if is_own else _wishes(drawn, near)
        limit = max(3.0 * (placement.error_of(geometry) or 0.0), reach * near[0].scale)
        final, why = _nudged(carried, wishes, limit=limit)
        counts["relations"] += len(wishes)
        for stage, where in (("before", based), ("carried", carried), ("after", final)):
            counts[stage] += sum(_holds(where, wish) for wish in wishes)
        given_up += [
            GivenUp(
                candidate=name,
                anchor=wish.anchor.candidate,
                relation=wish.relation,
                why=WhyNot.CONTRADICTION if wish.anchor.candidate in doubted else why,
            )
            for wish in wishes
            if not _holds(final, wish)
        ]
        moves[row] = _distance(based, final)
        if moves[row] >= 1.0:
            moved.append(Moved(candidate=name, metres=float(moves[row]), nudged_m=_distance(carried, final)))
        shaped.append(final)
    return Keeping(
        geometries=tuple(shapely.transform(geometry, placement.metres.to_lonlat) for geometry in shaped),
        moves_m=moves,
        anchors=len(anchors),
        moved=tuple(moved),
        given_up=tuple(given_up),
        contradicting=tuple(contradicting),
        **counts,
    )


def _carried(
    placement: Placement, geometry: BaseGeometry, based: BaseGeometry, anchors: Sequence[Anchor], *, reach: float
) -> BaseGeometry:
    """Blend the placement into the map relative to the anchors."""

    def to_metres(xy: FloatArray) -> FloatArray:
        base = placement.transform.forward(xy)
        upright = xy * [1.0, -1.0]
        total, weights, alone = np.zeros_like(base), np.zeros(len(xy)), np.ones(len(xy))
        for anchor in anchors:
            distance = anchor.distance_px(upright)
            share = np.exp(-((distance / reach) ** 2))
            weight = share / (distance**2 + (0.02 * reach) ** 2)
            total += weight[:, None] * anchor.carry(upright)
            weights += weight
            alone *= 1.0 - share
        carried = total / np.maximum(weights, 1e-300)[:, None]
        return alone[:, None] * base + (1.0 - alone)[:, None] * carried

    fine = shapely.segmentize(geometry, geometry.length / _FINE) if geometry.length > 0 else geometry
    carried: BaseGeometry = with_corners_moved(fine, to_metres)
    sound = bool(np.isfinite(shapely.get_coordinates(carried)).all())
    if geometry.geom_type in {"Polygon", "MultiPolygon"}:
        sound = sound and carried.is_valid and 0.1 < carried.area / max(based.area, 1e-9) < 10
        carried = shapely.orient_polygons(carried) if sound else carried
    if sound:
        return carried
    # Where two anchors tear at an area, it goes along whole instead of folding.
    middle = np.array([[geometry.representative_point().x, geometry.representative_point().y]])
    shift = (to_metres(middle) - placement.transform.forward(middle))[0]
    return _shifted(based, shift) if np.isfinite(shift).all() else based


def _wishes(drawn: BaseGeometry, anchors: Sequence[Anchor]) -> list[_Wish]:
    found = ((anchor, relation_to(drawn, anchor.drawn)) for anchor in anchors)
    return [_Wish(anchor=anchor, relation=relation) for anchor, relation in found if relation is not None]


def _holds(geometry: BaseGeometry, wish: _Wish) -> bool:
    # Beyond the end of a line there is no side to be wrong on.
    return not len(wrong_points(geometry, wish.anchor.real, wish.relation))


def _nudged(geometry: BaseGeometry, wishes: Sequence[_Wish], *, limit: float) -> tuple[BaseGeometry, WhyNot]:
    """Shift a geometry until all its wishes hold; where that fails, to the best place met on the way."""
    best, most = geometry, sum(_holds(geometry, wish) for wish in wishes)
    if most == len(wishes):
        return geometry, WhyNot.NO_ROOM
    trial, why = geometry, WhyNot.NO_ROOM
    for _ in range(_ROUNDS):
        failing = [wish for wish in wishes if not _holds(trial, wish)]
        if not failing:
            break
        trial = _shifted(trial, _shift(trial, failing[0]))
        if _distance(geometry, trial) > limit:
            why = WhyNot.TOO_FAR
            break
        held = sum(_holds(trial, wish) for wish in wishes)
        if held > most:
            best, most = trial, held
    return best, why


def _shift(geometry: BaseGeometry, wish: _Wish) -> FloatArray:
    """Return the shift that brings the worst point just over the line or the outline."""
    real = wish.anchor.real
    border = shapely.boundary(real) if real.geom_type == "Polygon" else real
    wrong = wrong_points(geometry, real, wish.relation)
    worst = int(np.argmax(shapely.distance(shapely.points(wrong), border)))
    ends = shapely.get_coordinates(shapely.shortest_line(shapely.Point(wrong[worst]), border))
    way: FloatArray = ends[-1] - ends[0]
    length = float(np.hypot(*way))
    if length < 1e-6:
        # On the line itself: towards where the rest of the object is, or any way across.
        centre = shapely.get_coordinates(geometry.centroid)[0]
        way = centre - ends[0] if np.hypot(*(centre - ends[0])) > 1e-6 else np.array([1.0, 1.0])
        length = float(np.hypot(*way))
        return way / length * _CLEARANCE_M
    return way * (1.0 + _CLEARANCE_M / length)


def _contradicting(anchors: Sequence[Anchor]) -> list[tuple[str, str]]:
    pairs = []
    for index, first in enumerate(anchors):
        for second in anchors[index + 1 :]:
            drawn = first.drawn.crosses(second.drawn) or first.drawn.overlaps(second.drawn)
            real = first.real.crosses(second.real) or first.real.overlaps(second.real)
            sides = {relation_to(first.drawn, second.drawn), relation_to(first.real, second.real)} - {None}
            if drawn != real or len(sides) > 1:
                pairs.append((first.candidate, second.candidate))
    return pairs


def _in_metres(geometry: BaseGeometry, placement: Placement) -> BaseGeometry:
    placed: BaseGeometry = shapely.transform(geometry, placement.metres.from_lonlat)
    return placed


def _shifted(geometry: BaseGeometry, shift: FloatArray) -> BaseGeometry:
    moved: BaseGeometry = shapely.transform(geometry, lambda xy: xy + shift)
    return moved


def _distance(first: BaseGeometry, second: BaseGeometry) -> float:
    if first.is_empty or second.is_empty:
        return 0.0
    ends = [shapely.get_coordinates(geometry.centroid)[0] for geometry in (first, second)]
    return float(np.hypot(*(ends[1] - ends[0])))
