"""Labels and candidates: what a person points at, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from shapely.geometry import LineString, MultiLineString, Point, box
from shapely.ops import substring

from geo.domain.drawing import CandidateKind, Ink
from geo.domain.vocabulary import Condition, Kind, Layer
from geo.errors import NotFound, Refused
from geo.i18n import LANGUAGES, text
from sketch_import.candidate import Candidate
from sketch_import.label_file import read_labels
from sketch_import.labelling import Form, Label, form_of, label_candidates
from sketch_import.sample_sheet import make_sample_sheet, write_sample_sheet

TOLERANCE = 25.0


def polygon(ordinal: int, *bounds: float, ink: Ink = Ink.BLACK) -> Candidate:
    return Candidate(ordinal, CandidateKind.POLYGON, box(*bounds), ink, 8.0, 0.9)


def line(ordinal: int, *points: tuple[float, float], ink: Ink = Ink.BLACK) -> Candidate:
    return Candidate(ordinal, CandidateKind.LINE, LineString(points), ink, 8.0, 0.9)


def dot(ordinal: int, x: float, y: float, ink: Ink = Ink.BLACK) -> Candidate:
    return Candidate(ordinal, CandidateKind.POINT, Point(x, y), ink, 8.0, 0.9)


def pairs(labelling: object) -> dict[str, list[int]]:
    return {found.label.id: [one.ordinal for one in found.candidates] for found in labelling.accepted}  # type: ignore[attr-defined]


def test_a_house_in_a_field_in_a_problem_zone() -> None:
    """Each shape holds the finger of the ones inside it, yet each label gets its own."""
    found = label_candidates(
        [
            polygon(1, 0, 0, 1000, 900, ink=Ink.RED),
            polygon(2, 100, 100, 700, 700, ink=Ink.GREEN),
            polygon(3, 300, 300, 360, 365),
        ],
        [
            Label("zone", ((500, 450),), Kind.PROBLEM, ink=Ink.RED),
            Label("field", ((400, 400),), Kind.ARABLE, ink=Ink.GREEN),
            Label("house", ((330, 330),), Kind.HOUSE),
        ],
        tolerance_px=TOLERANCE,
    )
    assert pairs(found) == {"zone": [1], "field": [2], "house": [3]}
    assert found.unmatched == found.leftover == ()


def test_a_house_that_was_not_traced_does_not_take_its_field() -> None:
    found = label_candidates(
        [polygon(1, 0, 0, 900, 900)], [Label("house", ((330, 330),), Kind.HOUSE)], tolerance_px=TOLERANCE
    )
    assert pairs(found) == {}
    assert [label.id for label in found.unmatched] == ["house"]
    assert [one.ordinal for one in found.leftover] == [1]


def test_forms_keep_roads_from_wells() -> None:
    candidates = [line(1, (0, 0), (400, 0)), dot(2, 100, 4), polygon(3, 190, -10, 210, 10)]
    found = label_candidates(
        candidates,
        [Label("road", ((100, 5),), Kind.MAIN_ROAD), Label("well", ((102, 2),), Kind.WELL)],
        tolerance_px=TOLERANCE,
    )
    assert pairs(found) == {"road": [1], "well": [2]}
    assert [one.ordinal for one in found.leftover] == [3]


def test_one_candidate_is_one_object_and_the_nearer_finger_wins() -> None:
    found = label_candidates(
        [dot(1, 100, 100)],
        [Label("far", ((118, 100),), Kind.STREET_LIGHTING), Label("near", ((104, 100),), Kind.STREET_LIGHTING)],
        tolerance_px=TOLERANCE,
    )
    assert pairs(found) == {"near": [1]}
    assert found.accepted[0].distance_px == 4.0
    assert [label.id for label in found.unmatched] == ["far"]


def test_the_loser_takes_the_next_best() -> None:
    found = label_candidates(
        [dot(1, 100, 100), dot(2, 130, 100)],
        [Label("a", ((112, 100),), Kind.WELL), Label("b", ((108, 100),), Kind.WELL)],
        tolerance_px=TOLERANCE,
    )
    assert pairs(found) == {"a": [2], "b": [1]}


def test_outside_the_tolerance_is_not_named() -> None:
    candidates = [dot(1, 100, 100)]
    label = Label("well", ((125.1, 100),), Kind.WELL)
    assert label_candidates(candidates, [label], tolerance_px=TOLERANCE).unmatched == (label,)
    assert label_candidates(candidates, [label], tolerance_px=25.2).unmatched == ()


def test_the_named_ink_comes_first_and_another_is_a_second_choice() -> None:
    red, blue = dot(1, 100, 100, Ink.RED), dot(2, 110, 100, Ink.BLUE)
    label = Label("well", ((101, 100),), Kind.WELL, ink=Ink.BLUE)
    assert pairs(label_candidates([red, blue], [label], tolerance_px=TOLERANCE)) == {"well": [2]}
    assert pairs(label_candidates([red], [label], tolerance_px=TOLERANCE)) == {"well": [1]}
    bridge = Label("bridge", ((101, 100),), Kind.BRIDGE, ink=Ink.BLUE)
    assert pairs(label_candidates([red], [bridge], tolerance_px=TOLERANCE)) == {}


def test_a_street_in_three_pieces_is_one_line() -> None:
    found = label_candidates(
        [
            line(1, (0, 0), (100, 0)),
            line(2, (100, 0), (200, 5)),
            line(3, (200, 5), (300, 0)),
            line(4, (100, 0), (100, 90)),
        ],
        [Label("street", ((50, 3), (150, 5), (250, 0), (260, 0), (900, 0)), Kind.SECONDARY_ROAD)],
        tolerance_px=TOLERANCE,
    )
    [street] = found.accepted
    assert [one.ordinal for one in street.candidates] == [1, 2, 3]
    assert street.geometry.equals(LineString([(0, 0), (100, 0), (200, 5), (300, 0)]))
    assert street.missed_positions == 1
    assert [one.ordinal for one in found.leftover] == [4]


def test_pieces_that_do_not_meet_stay_apart() -> None:
    found = label_candidates(
        [line(1, (0, 0), (100, 0), ink=Ink.BLUE), line(2, (160, 0), (300, 0), ink=Ink.BLUE)],
        [Label("river", ((50, 0), (250, 0)), Kind.RIVER)],
        tolerance_px=TOLERANCE,
    )
    assert isinstance(found.accepted[0].geometry, MultiLineString)
    assert found.accepted[0].geometry.length == pytest.approx(240)


def test_areas_and_strokes_under_one_label_are_one_kind_of_geometry() -> None:
    """A field wins over strokes in it and beside it; a stroke far off is nobody's and stays a proposal."""
    found = label_candidates(
        [
            polygon(1, 0, 0, 200, 200),
            line(2, (50, 50), (150, 150)),
            line(3, (0, 205), (200, 205)),
            line(4, (400, 0), (500, 100)),
            dot(5, 100, 150),
        ],
        [Label("zone", ((180, 30), (100, 104), (100, 207), (450, 50), (100, 150)), Kind.PROBLEM)],
        tolerance_px=TOLERANCE,
    )
    [zone] = found.accepted
    assert zone.geometry.equals(box(0, 0, 200, 200))
    assert [one.ordinal for one in zone.candidates] == [1, 2, 3, 5]
    assert (zone.missed_positions, [one.ordinal for one in found.leftover]) == (1, [4])
    strokes = label_candidates(
        [line(1, (0, 0), (100, 0)), dot(2, 104, 0), line(3, (110, 0), (200, 0))],
        [Label("zone", ((50, 0), (104, 0), (150, 0)), Kind.PROBLEM)],
        tolerance_px=TOLERANCE,
    )
    assert isinstance(strokes.accepted[0].geometry, MultiLineString)
    assert strokes.accepted[0].geometry.length == pytest.approx(190)


def test_a_loop_left_open_by_a_hand_is_what_it_encloses() -> None:
    """A house whose walls do not quite meet, a street that bends round a block, and a hook that is no loop."""
    house = line(1, (100, 100), (160, 100), (160, 160), (100, 160), (102, 108))
    hook = line(2, (400, 100), (412, 100), (412, 112), (401, 118))
    found = label_candidates(
        [house, hook],
        [Label("house", ((130, 130),), Kind.HOUSE), Label("hook", ((408, 108),), Kind.HOUSE)],
        tolerance_px=TOLERANCE,
    )
    assert pairs(found) == {"house": [1]}
    assert found.accepted[0].geometry.geom_type == "Polygon"
    assert found.accepted[0].geometry.area == pytest.approx(3600, rel=0.05)
    street = label_candidates([house], [Label("street", ((130, 103),), Kind.SECONDARY_ROAD)], tolerance_px=TOLERANCE)
    assert street.accepted[0].geometry.geom_type == "LineString"
    assert street.accepted[0].distance_px == 3.0
    middle = label_candidates([house], [Label("street", ((130, 130),), Kind.SECONDARY_ROAD)], tolerance_px=TOLERANCE)
    assert middle.accepted == ()


def test_handwriting_is_never_named() -> None:
    words = Candidate(1, CandidateKind.TEXT, box(0, 0, 60, 20), Ink.BLACK, 5.0, 0.9)
    label = Label("house", ((30, 10),), Kind.HOUSE)
    assert label_candidates([words], [label], tolerance_px=TOLERANCE).unmatched == (label,)


def test_a_person_may_say_that_the_sign_is_another_form() -> None:
    wide = polygon(1, 0, 0, 500, 400)
    assert form_of(Kind.SCHOOL) is Form.BUILDING
    label = Label("school-grounds", ((100, 100),), Kind.SCHOOL, form=Form.AREA)
    assert pairs(label_candidates([wide], [label], tolerance_px=TOLERANCE)) == {"school-grounds": [1]}


def test_a_whole_sheet_traced_perfectly_is_labelled_perfectly(tmp_path: Path) -> None:
    """Every outline and centre line that the hand drew, given as candidates, comes back under its own name."""
    sheet = make_sample_sheet(size=(1000, 750))
    labels = read_labels(write_sample_sheet(tmp_path, sheet=sheet).truth)
    owners: dict[int, str] = {}
    candidates = []
    for drawn, label in zip(sheet.drawing.places, labels, strict=True):
        pixels = sheet.pixel_geometry(drawn)
        pieces = [pixels]
        if len(label.positions) > 1:
            middle = pixels.length / 2
            pieces = [substring(pixels, 0, middle), substring(pixels, middle, pixels.length)]
        for piece in pieces:
            kind = CandidateKind.LINE if piece.geom_type == "LineString" else CandidateKind.POLYGON
            candidates.append(Candidate(len(candidates) + 1, kind, piece, drawn.place.ink, 2.0, 1.0))
            owners[len(candidates)] = drawn.place.id
    found = label_candidates(candidates, labels, tolerance_px=TOLERANCE / 4)
    assert found.unmatched == found.leftover == ()
    assert [one.label.id for one in found.accepted] == [drawn.place.id for drawn in sheet.drawing.places]
    for one in found.accepted:
        assert {owners[candidate.ordinal] for candidate in one.candidates} == {one.label.id}
        assert one.geometry.geom_type in ("LineString", "Polygon")


def test_order_of_candidates_does_not_matter() -> None:
    candidates = [polygon(1, 0, 0, 50, 50), polygon(2, 40, 0, 90, 50), dot(3, 60, 20), line(4, (0, 60), (90, 60))]
    labels = [
        Label("a", ((45, 25),), Kind.HOUSE),
        Label("b", ((70, 25),), Kind.HOUSE),
        Label("c", ((61, 22),), Kind.WELL),
    ]
    forward = pairs(label_candidates(candidates, labels, tolerance_px=TOLERANCE))
    assert forward == pairs(label_candidates(candidates[::-1], labels, tolerance_px=TOLERANCE))


def test_no_candidates_and_no_labels() -> None:
    label = Label("a", ((0, 0),), Kind.HOUSE)
    assert label_candidates([], [label], tolerance_px=TOLERANCE).unmatched == (label,)
    assert label_candidates([dot(1, 0, 0)], [], tolerance_px=TOLERANCE).leftover[0].ordinal == 1


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_has_a_form(kind: Kind) -> None:
    expected = {
        Kind.MAIN_ROAD: Form.LINE, Kind.RIVER: Form.LINE, Kind.ARABLE: Form.AREA, Kind.PASTURE_REMOTE: Form.AREA,
        Kind.WELL: Form.MARK, Kind.HOUSE: Form.BUILDING, Kind.PROBLEM: Form.ANY, Kind.DESIRED: Form.ANY,
    }  # fmt: skip
    assert form_of(kind) is expected.get(kind, form_of(kind))
    assert Label("x", ((0, 0),), kind).layer in Layer


def written(folder: Path, *objects: object) -> Path:
    path = folder / "labels.json"
    path.write_text(json.dumps({"objects": objects}), encoding="utf-8")
    return path


GOOD = {"id": "a", "kind": "well", "positions": [[3, 4.5]]}


def test_read_labels(tmp_path: Path) -> None:
    full = GOOD | {
        "names": {"ky": "Кудук"},
        "ink": "blue",
        "form": "any",
        "photo": 2,
        "attributes": {"condition": "needs_repair"},
        "pixels": "left alone",
    }
    [label, plain] = read_labels(written(tmp_path, full, GOOD | {"id": "b"}))
    assert (label.kind, label.positions, label.names.ky, label.ink, label.form) == (
        Kind.WELL,
        ((3.0, 4.5),),
        "Кудук",
        Ink.BLUE,
        Form.ANY,
    )
    assert label.attributes.condition is Condition.NEEDS_REPAIR
    assert (plain.ink, plain.photo, label.photo) == (None, 1, 2)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"id": ""}, "id"),
        ({"kind": "castle"}, "kind"),
        ({"positions": []}, "positions"),
        ({"positions": [[1, "nan"]]}, "positions"),
        ({"positions": [[1, 2, 3]]}, "positions"),
        ({"names": {"de": "Brunnen"}}, "names"),
        ({"ink": "gold"}, "ink"),
        ({"form": "blob"}, "form"),
        ({"photo": 0}, "photo"),
        ({"photo": "2"}, "photo"),
        ({"attributes": 5}, "attributes"),
    ],
)
def test_a_bad_label_is_named(tmp_path: Path, change: dict[str, object], field: str) -> None:
    with pytest.raises(Refused) as told:
        read_labels(written(tmp_path, GOOD, GOOD | {"id": "b"} | change))
    assert (told.value.key, told.value.params["row"], told.value.params["field"]) == ("labels.bad_row", 2, field)
    for language in LANGUAGES:
        assert field in text(told.value.key, language, **told.value.params)


def test_files_that_are_not_labels(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    with pytest.raises(NotFound, match=r"labels\.file_missing"):
        read_labels(path)
    for content in ("", "[]", "{}", '{"objects": 3}', "\x00"):
        path.write_text(content)
        with pytest.raises(Refused, match=r"labels\.unreadable"):
            read_labels(path)
    with pytest.raises(Refused, match=r"labels\.duplicate"):
        read_labels(written(tmp_path, GOOD, GOOD))
    with pytest.raises(Refused, match=r"labels\.bad_row"):
        read_labels(written(tmp_path, "well"))
