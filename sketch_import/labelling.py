"""What a person says of a drawing: "this one is a road", matched with what the tracing found.

A label is a finger on the photo and a meaning. Matching is a pure function of labels and candidates; it decides nothing
that a person did not point at, and it returns what it could not match.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import shapely
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from geo.domain.attributes import FeatureAttributes
from geo.domain.drawing import CandidateKind, Ink
from geo.domain.vocabulary import Kind, Layer, layer_of
from geo.snapshots import Names
from sketch_import.candidate import Candidate

__all__ = ["Form", "Label", "Labelled", "Labelling", "drawn_as", "form_of", "label_candidates"]


class Form(StrEnum):
    """What a kind of object looks like on a drawing."""

    LINE = "line"
    AREA = "area"
    """A closed shape that covers ground: a field, a pasture."""
    BUILDING = "building"
    """A closed shape that stands for a building; drawn larger than it is, but small on the sheet."""
    MARK = "mark"
    """A dot or a small closed sign: a well, a pole."""
    SPAN = "span"
    """Short bars or a small shape, of any kind: a bridge."""
    ANY = "any"
    """A mark, a line or an area: a problem, a wish."""


_LINES = frozenset(
    {
        Kind.MAIN_ROAD,
        Kind.SECONDARY_ROAD,
        Kind.POWER_LINE,
        Kind.WATER_PIPE,
        Kind.CANAL,
        Kind.RIVER,
        Kind.IRRIGATION_WATER,
    }
)
_MARKS = frozenset(
    {Kind.STREET_LIGHTING, Kind.STANDPIPE, Kind.WELL, Kind.SLUICE, Kind.TRANSFORMER, Kind.BUS_STOP, Kind.SPRING}
)
_AREAS = frozenset({Kind.CEMETERY, Kind.WASTE_SITE, Kind.RESERVOIR, Kind.MARKET})
_ANY_FORM = frozenset({Kind.DRINKING_WATER})
_SPANS = frozenset({Kind.BRIDGE})
_ANY_FORM_LAYERS = frozenset({Layer.PROBLEM, Layer.DESIRED})

# Largest areas, in squares of the tolerance, which is about the width of a finger on the photo.
_LARGEST_MARK = 12.0
_LARGEST_BUILDING = 60.0
_SMALLEST_AREA = 4.0
_LONGEST_SPAN = 10.0
"""Of a bridge, in such widths: it is drawn over a road or as bars beside it, and the road itself is no bridge."""


def form_of(kind: Kind) -> Form:
    """Return what a kind of object looks like on a drawing.

    >>> form_of(Kind.CANAL), form_of(Kind.SCHOOL), form_of(Kind.ARABLE)
    (<Form.LINE: 'line'>, <Form.BUILDING: 'building'>, <Form.AREA: 'area'>)
    """
    layer = layer_of(kind)
    if layer in _ANY_FORM_LAYERS or kind in _ANY_FORM:
        return Form.ANY
    if kind in _SPANS:
        return Form.SPAN
    if kind in _LINES:
        return Form.LINE
    if kind in _MARKS:
        return Form.MARK
    if layer is Layer.LAND or kind in _AREAS:
        return Form.AREA
    return Form.BUILDING


@dataclass(frozen=True, slots=True)
class Label:
    """One object as a person names it on the photo."""

    id: str
    positions: tuple[tuple[float, float], ...]
    """Where the person pointed, in pixels of the upright photo (x right, y down): once, or at several places along a
    line that the tracing may have cut at its crossings."""
    kind: Kind
    names: Names = field(default_factory=Names)
    attributes: FeatureAttributes = field(default_factory=FeatureAttributes)
    ink: Ink | None = None
    """Colour of the pen, where the person knows it; candidates of another ink are then only a second choice,
    and none where the form may be any."""
    form: Form | None = None
    """What it looks like on this drawing, where that differs from `form_of` its kind."""
    photo: int = 1
    """Of a sheet with several photos, the one that the person pointed at, counted from 1."""

    @property
    def layer(self) -> Layer:
        """Layer of its kind."""
        return layer_of(self.kind)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A label and the candidates it names."""

    label: Label
    candidates: tuple[Candidate, ...]
    """One candidate, or the pieces of a line in the order the person pointed at them."""
    geometry: BaseGeometry
    """Geometry of the object in pixels: a nearly closed line that is said to be a field or a house is the polygon it
    encloses; pieces of a line are joined where they meet."""
    distance_px: float
    """Farthest distance from a finger to its candidate; 0 where the candidate contains it."""
    missed_positions: int
    """At how many of the places pointed at no candidate was found that is part of the object."""


@dataclass(frozen=True, slots=True)
class Labelling:
    """Result of matching labels with candidates."""

    accepted: tuple[Labelled, ...]
    unmatched: tuple[Label, ...]
    leftover: tuple[Candidate, ...]
    """Candidates that no label names, in reading order."""


@dataclass(frozen=True, slots=True, order=True)
class _Choice:
    """One finger on one candidate; the smallest is the best."""

    other_ink: bool
    distance_px: float
    area_px2: float
    label: int
    position: int
    candidate: int


def label_candidates(candidates: Iterable[Candidate], labels: Iterable[Label], *, tolerance_px: float) -> Labelling:
    """Match what a person says with what the tracing found.

    A label takes the candidate of fitting form that contains its position (the smallest, when several do), or else the
    nearest one within the tolerance. A line whose ends nearly meet also counts as the shape that it encloses. A
    candidate belongs to one label. Over all labels the surest choices are made first: the ink that was named, then the
    distance, then the smaller shape.

    Parameters
    ----------
    candidates
        From the tracing; handwriting is never named.
    labels
        What the person says.
    tolerance_px
        How far a finger may be from a stroke, in pixels of the photo. Marks and buildings are also told from areas
        by it: a mark is at most 12, a building at most 60 squares of that side, an area at least 4.

    Returns
    -------
    Labelling
        Accepted labels in the order given, labels without a candidate, and left-over candidates.

    Examples
    --------
    >>> well = Candidate(1, CandidateKind.POINT, Point(50, 50), Ink.BLUE, 9.0, 0.9)
    >>> found = label_candidates([well], [Label("w", ((53, 46),), Kind.WELL)], tolerance_px=10)
    >>> found.accepted[0].candidates[0].id, found.accepted[0].distance_px, found.leftover
    ('c0001', 5.0, ())
    """
    offered = tuple(sorted(candidates, key=lambda candidate: candidate.ordinal))
    asked = tuple(labels)
    shapes = tuple(_enclosed(candidate, tolerance_px) for candidate in offered)
    taken: dict[int, int] = {}
    found: dict[tuple[int, int], _Choice] = {}
    for choice in sorted(_choices(offered, shapes, asked, tolerance_px=tolerance_px)):
        spot = (choice.label, choice.position)
        if spot in found or taken.get(choice.candidate, choice.label) != choice.label:
            continue
        if _is_whole(offered[choice.candidate]) and choice.candidate in taken:
            continue
        found[spot] = choice
        taken[choice.candidate] = choice.label
    by_label: dict[int, list[_Choice]] = defaultdict(list)
    for (number, _), choice in sorted(found.items()):
        by_label[number].append(choice)
    accepted = tuple(
        _labelled(asked[number], chosen, offered, shapes, tolerance_px=tolerance_px)
        for number, chosen in sorted(by_label.items())
    )
    named = {candidate.ordinal for one in accepted for candidate in one.candidates}
    return Labelling(
        accepted=accepted,
        unmatched=tuple(label for number, label in enumerate(asked) if number not in by_label),
        leftover=tuple(candidate for candidate in offered if candidate.ordinal not in named),
    )


def _is_whole(candidate: Candidate) -> bool:
    return candidate.kind is not CandidateKind.LINE


def _enclosed(candidate: Candidate, tolerance_px: float) -> BaseGeometry:
    """Return what a line encloses whose ends nearly meet; any other geometry as it is."""
    return _closed(candidate.geometry, tolerance_px) if candidate.kind is CandidateKind.LINE else candidate.geometry


def _closed(geometry: BaseGeometry, tolerance_px: float) -> BaseGeometry:
    if not isinstance(geometry, LineString):
        return geometry
    corners = shapely.get_coordinates(geometry)
    # As long as it is open, a hook of a line is not a loop.
    gap = math.dist(corners[0], corners[-1])
    if len(corners) < 4 or gap > tolerance_px or gap > geometry.length / 5:
        return geometry
    parts = shapely.get_parts(Polygon(corners).buffer(0))
    return max(parts, key=shapely.area) if len(parts) else geometry


def _choices(
    candidates: Sequence[Candidate], shapes: Sequence[BaseGeometry], labels: Sequence[Label], *, tolerance_px: float
) -> list[_Choice]:
    tree = shapely.STRtree(shapes)
    choices = []
    for number, label in enumerate(labels):
        for place, position in enumerate(label.positions):
            finger = Point(position)
            for index in tree.query(finger, predicate="dwithin", distance=tolerance_px).tolist():
                candidate, form = candidates[index], label.form or form_of(label.kind)
                shape = candidate.geometry if form is Form.LINE else shapes[index]
                distance = float(shape.distance(finger))
                other_ink = label.ink is not None and candidate.ink is not label.ink
                if distance > tolerance_px or not _fits(candidate, shape, form, tolerance_px):
                    continue
                if other_ink and form in {Form.ANY, Form.SPAN}:
                    continue  # With neither ink nor form to go by, it would be a guess.
                choices.append(
                    _Choice(
                        other_ink=other_ink,
                        distance_px=round(distance, 3),
                        area_px2=float(shape.area),
                        label=number,
                        position=place,
                        candidate=index,
                    )
                )
    return choices


def _fits(candidate: Candidate, shape: BaseGeometry, form: Form, tolerance_px: float) -> bool:
    if candidate.kind is CandidateKind.TEXT:
        return False
    squares, is_line = shape.area / tolerance_px**2, shape.geom_type == "LineString"
    match form:
        case Form.LINE:
            return candidate.kind is CandidateKind.LINE
        case Form.AREA:
            return squares >= _SMALLEST_AREA
        case Form.BUILDING | Form.MARK:
            return not is_line and squares <= (_LARGEST_BUILDING if form is Form.BUILDING else _LARGEST_MARK)
        case Form.SPAN:
            left, top, right, bottom = shape.bounds
            return math.hypot(right - left, bottom - top) <= _LONGEST_SPAN * tolerance_px
        case Form.ANY:
            return True


def _labelled(
    label: Label,
    chosen: Sequence[_Choice],
    candidates: Sequence[Candidate],
    shapes: Sequence[BaseGeometry],
    *,
    tolerance_px: float,
) -> Labelled:
    # A person who points twice at one piece of a line means one piece.
    indices = tuple(dict.fromkeys(choice.candidate for choice in chosen))
    form = label.form or form_of(label.kind)
    drawn = {index: candidates[index].geometry if form is Form.LINE else shapes[index] for index in indices}
    geometry = _as_one(list(drawn.values()), form)
    # What neither is part of the object nor runs along it stays a proposal, rather than vanish.
    reach = geometry.buffer(tolerance_px) if len(drawn) > 1 else geometry
    kept = tuple(index for index in indices if len(drawn) == 1 or reach.covers(drawn[index]))
    used = [choice for choice in chosen if choice.candidate in kept]
    return Labelled(
        label=label,
        candidates=tuple(candidates[index] for index in kept),
        geometry=geometry,
        distance_px=max(choice.distance_px for choice in used),
        missed_positions=len(label.positions) - len(used),
    )


def drawn_as(kind: Kind | None, shapes: Sequence[BaseGeometry], *, tolerance_px: float) -> BaseGeometry:
    """Return the geometry of one object that a person says shapes are, in pixels.

    A line whose ends nearly meet is the shape that it encloses, unless the kind is drawn as a line; of several shapes
    see `Labelled.geometry`.

    Parameters
    ----------
    kind
        What it is; None where that is not said yet.
    shapes
        What was drawn of it, one at least.
    tolerance_px
        See `label_candidates`.
    """
    if kind is None:
        form = Form.LINE if all(shapely.get_dimensions(list(shapes)) == 1) else Form.ANY
    else:
        form = form_of(kind)
    taken = list(shapes) if form is Form.LINE else [_closed(shape, tolerance_px) for shape in shapes]
    return _as_one(taken, form)


def _as_one(drawn: Sequence[BaseGeometry], form: Form) -> BaseGeometry:
    """Return shapes of one object as one geometry of one dimension.

    Where areas, strokes and dots come together under one label, a thing that is drawn as a line takes the strokes, a
    mark the dots, and everything else the areas, or else the strokes: a stroke inside a field or along its outline is
    the pen's, not the field's.
    """
    if len(drawn) == 1:
        return drawn[0]
    by_dimension: dict[int, list[BaseGeometry]] = defaultdict(list)
    for part in shapely.get_parts(shapely.get_parts(list(drawn))):
        by_dimension[int(shapely.get_dimensions(part))].append(part)
    order = {Form.LINE: (1, 2, 0), Form.MARK: (2, 0, 1)}.get(form, (2, 1, 0))
    taken = next(dimension for dimension in order if dimension in by_dimension)
    union: BaseGeometry = shapely.union_all(by_dimension[taken])
    return shapely.line_merge(union) if taken == 1 else union
