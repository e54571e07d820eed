"""The real photo of a drawn village: what was counted on it by eye must be traced.

Shapes were read off the upright picture by eye at 1316 x 923 pixels. Counted there: 10 homes, 10 fields, 4 hills, one
fenced area on the left, two banks of the river, two edges each of the main road and of the road in the south-west, and
the paths between homes; the key at the left shows one home and one field more.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely

from geo.domain.drawing import CandidateKind, Ink
from sketch_import.candidate import Candidate
from sketch_import.photo import load_photo
from sketch_import.tracing import Trace, trace
from tests.sketch_import.drawings import overlap

PHOTO = Path(__file__).resolve().parents[3] / "shared" / "data" / "freehand" / "village_map_photo.jpg"
pytestmark = pytest.mark.skipif(not PHOTO.exists(), reason="../shared/data is absent: no real photo to trace")

SCALE = 2320 / 1316
HOMES = {  # middle x y, half width, half height
    "1": (477, 236, 43, 47),
    "2": (644, 235, 41, 45),
    "3": (833, 333, 48, 42),
    "4": (1147, 345, 43, 38),
    "5": (508, 503, 42, 47),
    "6": (672, 515, 40, 45),
    "7": (534, 561, 34, 38),
    "8": (297, 618, 38, 54),
    "9": (1024, 574, 54, 46),
    "10": (1178, 858, 47, 29),
    "key": (50, 119, 29, 23),
}
FIELDS = {
    "1": [(380, 206), (435, 197), (435, 238), (384, 234)],
    "2": [(702, 206), (754, 196), (752, 238), (708, 240)],
    "3": [(882, 273), (953, 270), (951, 318), (884, 323)],
    "4": [(1001, 359), (1092, 352), (1088, 390), (991, 399)],
    "5": [(406, 472), (472, 454), (466, 513), (412, 524)],
    "6": [(361, 479), (383, 518), (334, 584), (308, 549)],
    "7": [(208, 566), (240, 569), (236, 657), (197, 652)],
    "8": [(720, 597), (932, 556), (937, 598), (727, 635)],
    "9": [(1109, 534), (1215, 528), (1206, 590), (1101, 580)],
    "10": [(1006, 848), (1115, 844), (1112, 893), (1004, 889)],
    "key": [(24, 156), (80, 153), (83, 180), (25, 186)],
}
HILLS = {
    "1": [(378, 179), (407, 82), (425, 74), (474, 64), (500, 74), (523, 73), (572, 146)],
    "2": [(573, 148), (576, 104), (597, 80), (614, 103), (640, 63), (668, 83), (692, 76), (717, 115)],
    "3": [
        (758, 169),
        (767, 98),
        (803, 64),
        (833, 60),
        (877, 48),
        (899, 69),
        (928, 53),
        (943, 83),
        (970, 80),
        (995, 131),
    ],
    "4": [(1103, 184), (1143, 125), (1180, 128), (1218, 112), (1240, 132), (1262, 122), (1302, 185), (1190, 186)],
}
FENCED = [(120, 285), (150, 275), (211, 290), (182, 682), (145, 648), (100, 610), (132, 530), (102, 420), (138, 370)]
LINES = {
    "river, west bank": [(258, 60), (275, 160), (318, 280), (352, 380), (390, 560), (388, 760), (385, 860)],
    "river, east bank": [(314, 60), (330, 130), (358, 225), (417, 660), (418, 760), (418, 860)],
    "main road, north edge": [(1250, 436), (1060, 449), (960, 462), (800, 515), (690, 571)],
    "main road, south edge": [(1250, 472), (1130, 470), (930, 497), (700, 592), (640, 597)],
    "road in the south-west, west edge": [(360, 662), (310, 745), (275, 840)],
    "road in the south-west, east edge": [(372, 685), (318, 810), (295, 870)],
    "path of home 3 to home 4": [(900, 338), (1000, 328), (1080, 331)],
    "path of home 9 to home 10": [(1100, 617), (1190, 660), (1200, 760)],
    "path of home 4 to the road": [(1144, 400), (1142, 425)],
    "edge of the park in the south": [(985, 880), (1010, 845), (1050, 828)],
}


@pytest.fixture(scope="module")
def traced() -> Trace:
    return trace(load_photo(PHOTO).pixels)


def ellipse(x: float, y: float, half_width: float, half_height: float) -> shapely.Polygon:
    turn = np.linspace(0, 2 * np.pi, 60)
    outline = np.stack([x + half_width * np.cos(turn), y + half_height * np.sin(turn)], axis=1)
    return shapely.Polygon(outline * SCALE)


def matches(traced: Trace, shape: shapely.Polygon) -> list[Candidate]:
    areas = [candidate for candidate in traced.candidates if candidate.kind is CandidateKind.POLYGON]
    return [area for area in areas if overlap(area.geometry, shape) >= 0.5]


SHAPES = {
    **{f"home {name}": ellipse(*measures) for name, measures in HOMES.items()},
    **{f"field {name}": shapely.Polygon(np.array(corners) * SCALE) for name, corners in FIELDS.items()},
    **{f"hill {name}": shapely.Polygon(np.array(outline) * SCALE) for name, outline in HILLS.items()},
    "fenced area": shapely.Polygon(np.array(FENCED) * SCALE),
}


@pytest.mark.parametrize("name", SHAPES)
def test_every_area_counted_by_eye_is_found_once_or_twice(traced: Trace, name: str) -> None:
    found = matches(traced, SHAPES[name])
    assert 1 <= len(found) <= 2
    assert {area.ink for area in found} <= {Ink.BLACK, Ink.PENCIL}


@pytest.mark.parametrize("name", LINES)
def test_lines_counted_by_eye_are_found(traced: Trace, name: str) -> None:
    lines = [candidate.geometry for candidate in traced.candidates if candidate.kind is CandidateKind.LINE]
    near = [min(line.distance(shapely.Point(x * SCALE, y * SCALE)) for line in lines) for x, y in LINES[name]]
    assert max(near) < 12 * SCALE, [round(distance) for distance in near]


def test_names_are_not_areas(traced: Trace) -> None:
    """No area of the size of a letter lies within writing that was recognised."""
    texts = shapely.union_all([c.geometry for c in traced.candidates if c.kind is CandidateKind.TEXT])
    areas = [c.geometry for c in traced.candidates if c.kind is CandidateKind.POLYGON]
    inside = [area for area in areas if area.intersection(texts).area > 0.9 * area.area]
    assert len(inside) <= 0.05 * len(areas)


@pytest.mark.parametrize("place", [(155, 125), (428, 700), (410, 560), (765, 893)])
def test_red_writing_is_named_red(traced: Trace, place: tuple[int, int]) -> None:
    spot = shapely.Point(place[0] * SCALE, place[1] * SCALE).buffer(22 * SCALE)
    small = [c for c in traced.candidates if c.geometry.intersects(spot) and c.geometry.length < 500 * SCALE]
    assert Ink.RED in {candidate.ink for candidate in small}
