"""What the map of a poster shows: the objects that people drew, each once, and how each of them is drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.domain.vocabulary import Kind
from geo.i18n import Language
from geo.sheet_layout import Rect
from geo.snapshots import CycleSnapshot, FeatureSnapshot
from maps.posters.window import Reach, reach_of, window_over
from maps.print.ground import MapWindow
from maps.print.letters import printable
from maps.style import FeatureStyle, style_of

__all__ = ["Form", "Scene", "Shown", "scene_of"]

_OVERVIEW = {Kind.MAIN_ROAD, Kind.RIVER, Kind.CANAL, Kind.RESERVOIR, Kind.FOREST}
"""What the map of a whole municipality shows of what was drawn in its villages, beside their problems."""


_WORTH = 1.7
"""A village's boundary is shown where it is not so many times as large as what was drawn."""


class Form(StrEnum):
    """How an object is drawn."""

    POINT = "point"
    LINE = "line"
    AREA = "area"


@dataclass(frozen=True, slots=True)
class Shown:
    """An object on the map."""

    kind: Kind
    name: str
    geometry: BaseGeometry
    """Lon lat."""
    form: Form
    style: FeatureStyle


@dataclass(frozen=True, slots=True)
class Scene:
    """What is to be drawn."""

    shown: tuple[Shown, ...]
    villages: tuple[tuple[str, tuple[float, float]], ...]
    """Names and places of villages, on the map of a municipality."""
    boundary: BaseGeometry | None
    reach: Reach

    @property
    def kinds(self) -> tuple[tuple[Kind, Form, FeatureStyle], ...]:
        """Kinds for the key with the form in which most of each are drawn, in the order of the vocabulary."""
        forms: dict[Kind, Counter[Form]] = {}
        for one in self.shown:
            forms.setdefault(one.kind, Counter())[one.form] += 1
        return tuple((kind, forms[kind].most_common(1)[0][0], style_of(kind)) for kind in Kind if kind in forms)

    def window(self, frame: Rect, places: Iterable[BaseGeometry], *, rim_mm: float) -> MapWindow:
        """Return the frame over everything in reach, and over further places that are."""
        wanted = [one.geometry for one in self.shown] + [one for one in places if self.reach.holds(one)]
        wanted += [shapely.Point(at) for _, at in self.villages]
        if self.boundary is not None and self.villages:
            wanted.append(self.boundary)
        return window_over(frame, wanted, self.reach, rim_mm=rim_mm)


def scene_of(
    cycle: CycleSnapshot, pinned: Sequence[BaseGeometry], language: Language, *, settlement_id: UUID | None
) -> Scene:
    """Choose what is on the map: of what several groups drew, one drawing; nothing that lies far off."""
    village = cycle.settlement(settlement_id)
    own = cycle.of_settlement(settlement_id) if settlement_id else cycle
    features = _once(own)
    municipality = cycle.municipality
    if village is None:
        features = [one for one in features if one.kind in _OVERVIEW]
    places = [one.geometry for one in features]
    places += pinned
    if village is None:
        points = [one.point for one in municipality.settlements]
        edge = municipality.boundary
        middle = next(iter(points), edge.representative_point() if edge is not None else shapely.Point(0, 0))
        about = (middle.x, middle.y)
        reach = reach_of(points or places, about=about)
        # All villages are on the map, however far apart.
        spread = reach.distances_m(np.array([[one.x, one.y] for one in points])).max() if points else 0.0
        reach = Reach(reach.centre, max(reach.radius_m, 1.5 * float(spread)))
    else:
        reach = reach_of(places, about=(village.point.x, village.point.y))
    shown = [_shown(one, language) for one in features if reach.holds(one.geometry)]
    boundary = village.boundary if village else municipality.boundary
    if village and boundary is not None and not _is_near(boundary, [one.geometry for one in shown], reach):
        boundary = None
    villages = () if village else municipality.settlements
    return Scene(
        shown=tuple(shown),
        villages=tuple((printable(one.names.best(language)), (one.point.x, one.point.y)) for one in villages),
        boundary=boundary,
        reach=reach,
    )


def _is_near(boundary: BaseGeometry, places: Sequence[BaseGeometry], reach: Reach) -> bool:
    """Tell whether a village's boundary is worth its place: around what was drawn, not far beyond it."""
    edge = shapely.get_coordinates(boundary)
    if not len(edge) or not np.isfinite(edge).all() or reach.distances_m(edge).max() > reach.radius_m:
        return False
    drawn = np.concatenate([shapely.get_coordinates(one) for one in places]) if places else edge
    drawn = drawn[np.isfinite(drawn).all(axis=1)]
    return bool(np.linalg.norm(np.ptp(edge, axis=0)) <= _WORTH * np.linalg.norm(np.ptp(drawn, axis=0)))


def _once(own: CycleSnapshot) -> list[FeatureSnapshot]:
    """Return the objects of all groups; of those confirmed to be one, the one that stands for them."""
    features: Sequence[FeatureSnapshot] = [one for event in own.events for one in event.features]
    known = {one.id for one in features}
    left_out: set[UUID] = set()
    for match in own.matches:
        of_it = [one for one in match.feature_ids if one in known]
        kept = match.canonical_feature_id if match.canonical_feature_id in known else next(iter(of_it), None)
        left_out.update(one for one in of_it if one != kept)
    return [one for one in features if one.id not in left_out]


def _shown(feature: FeatureSnapshot, language: Language) -> Shown:
    wanted = feature.attributes.get("desired_kind")
    desired = Kind(str(wanted)) if wanted in set(Kind) else None
    kind = feature.geometry.geom_type.removeprefix("Multi")
    form = Form.AREA if kind == "Polygon" else Form.LINE if kind in {"LineString", "LinearRing"} else Form.POINT
    return Shown(
        kind=feature.kind,
        name=printable(feature.names.best(language)),
        geometry=feature.geometry,
        form=form,
        style=style_of(feature.kind, layer=feature.layer, desired_kind=desired),
    )
