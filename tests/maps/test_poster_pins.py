"""Pins, the lines to them, village rings and names lie clear of one another."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import combinations
from uuid import uuid4

import pytest
from shapely import LineString, box
from shapely.affinity import translate

from geo.domain.vocabulary import Kind
from geo.i18n import LANGUAGES, Language
from geo.snapshots import Audience, Names
from maps.posters import Poster, draw_poster
from maps.posters.overview import overview_map
from maps.vector import Box, Disc, Outline
from tests.maps.municipality import FIRST, municipality
from tests.maps.test_poster import drawn, room_of

PUBLIC = municipality(Audience.PUBLIC)


def outlined(poster: Poster, *roles: str) -> list[list[tuple[float, float]]]:
    """Corners of the pieces of the map that bear a role; those of the key stand below the frame."""
    found = []
    for one in poster.drawing.items:
        if isinstance(one, Outline) and one.role in roles:
            numbers = [float(part) for part in re.findall(r"-?\d+(?:\.\d+)?", one.path)]
            corners = list(zip(numbers[::2], numbers[1::2], strict=False))
            if corners[0][1] < poster.window.frame.bottom:
                found.append(corners)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("whole", [False, True])
def test_pins_lines_rings_and_names_lie_clear(language: Language, *, whole: bool) -> None:
    poster = drawn(language=language, whole=whole)
    frame = poster.window.frame
    names = [one for one in poster.drawing.words() if one.role == "name"]
    villages = [box(*bounds(room_of(one))) for one in names if one.bold]
    rings = [one for one in poster.drawing.items if isinstance(one, Disc) and one.role == "village"]
    numbers = [room_of(one) for one in poster.drawing.words() if one.role == "pin" and one.y < frame.bottom]
    pins = [box(*bounds(one)).buffer(1.0) for one in numbers if one.x < frame.right]
    lines = [LineString(corners) for corners in outlined(poster, "pin line")]
    assert pins
    assert lines
    assert len(villages) == len(rings) == (2 if whole else 0)
    for name in villages:
        assert not any(name.intersects(box(*bounds(around(ring)))) for ring in rings)
    for one, other in combinations(pins, 2):
        assert not one.intersects(other)
    for name in (box(*bounds(room_of(one))) for one in names):
        assert not any(name.intersects(one) for one in (*lines, *pins))
    for line in lines:  # each ends in its own pin alone
        assert sum(line.intersects(one) for one in pins) == 1


def bounds(place: Box) -> tuple[float, float, float, float]:
    return place.x, place.y, place.right, place.bottom


def around(ring: Disc) -> Box:
    return Box(ring.x - ring.radius, ring.y - ring.radius, 2 * ring.radius, 2 * ring.radius)


def test_long_numbers_stand_in_wide_pins() -> None:
    cycle = municipality(Audience.PUBLIC)
    assert cycle.plan is not None
    numbers = {one.id: f"10.{at}.12" for at, one in enumerate(cycle.plan.activities)}
    svg = (overview_map(cycle, Language.EN, None, activity_numbers=numbers) or b"").decode()
    placed = sum(one.geometry is not None for one in cycle.plan.activities)
    assert len(set(re.findall(r'class="pin"[^>]*>([\d.]+)<', svg))) == placed


def test_a_line_is_named_once_and_no_name_is_cut() -> None:
    """Another session drew the river too, far from the first drawing; a long wish takes two lines."""
    event = PUBLIC.events[0]
    river = next(one for one in event.features if one.kind is Kind.RIVER)
    school = next(one for one in event.features if one.kind is Kind.SCHOOL)
    long = "Little water in the canal in summer"
    again = replace(river, id=uuid4(), geometry=translate(river.geometry, yoff=0.006))
    added = (again, replace(school, names=Names(en=long)))
    features = tuple(one for one in event.features if one.id != school.id) + added
    cycle = replace(PUBLIC, matches=(), events=(replace(event, features=features), *PUBLIC.events[1:]))
    poster = draw_poster(cycle, Language.EN, settlement_id=FIRST.id)
    names = [one.text for one in poster.drawing.words() if one.role == "name"]
    assert names.count(river.names.best(Language.EN)) == 1
    assert long in " ".join(names)
    assert not any("…" in one for one in names)
