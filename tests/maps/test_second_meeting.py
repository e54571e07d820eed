"""The sheet for the second meeting: printed with objects, corrected by hand, photographed, and read as changes."""

from __future__ import annotations

import itertools
from dataclasses import replace
from functools import cache
from pathlib import Path
from uuid import UUID

import cv2
import numpy as np
import pytest
import shapely
from numpy.typing import NDArray

from geo.errors import Refused
from geo.i18n import Language
from geo.sheet_layout import PaperSize, PrintedObjects, SheetLayout, Template
from geo.snapshots import FeatureSnapshot
from maps.print.base_map import BaseMap
from maps.sheets import Extent, SheetFace, objects_map, objects_on, over_extent, print_sheet
from sketch_import.changes import ChangeKind, Proof, ProposedChange, changes_to_geojson, propose_changes
from sketch_import.photo import ExifFacts, Photo
from sketch_import.reading import ReadSheet, read_sheet
from tests.maps.municipality import municipality
from tests.support.pdf_pages import page_pixels, page_text
from tests.support.sheet_photos import Difficulty, photograph

Floats = NDArray[np.float64]
Bytes = NDArray[np.uint8]
PX_PER_MM = 4.0
RED, BLACK, BLUE = (150, 25, 30), (20, 20, 22), (26, 60, 170)
FEATURES = municipality().events[0].features
EVENT = municipality().events[0].id
CROSSED = {"Мечит", "Клуб", "Ынтымак көчөсү", "Таштанды төгүлөт"}


@cache
def sheet() -> tuple[SheetLayout, PrintedObjects, BaseMap]:
    west, south, east, north = shapely.total_bounds(np.array([one.geometry for one in FEATURES], dtype=object))
    layout = over_extent(Extent(west, south, east, north), paper=PaperSize.A1, template=Template.BASE_GRID)
    # The same sheet in every run: photographs of another id would be other photographs.
    layout = SheetLayout(replace(layout.code, sheet_id="K7M29QXD"))
    printed = objects_on(layout, FEATURES, Language.KY, event_id=EVENT)
    return layout, printed, objects_map(layout, printed)


@cache
def pdf() -> bytes:
    layout, _, base = sheet()
    return print_sheet(layout, SheetFace(Language.KY, "Экинчи жыйын", "Ак-Булуң"), base=base).content


def places() -> dict[str, Floats]:
    layout, printed, _ = sheet()
    return {one.name: layout.from_lonlat(shapely.get_coordinates(one.geometry)) for one in printed.objects}


class Pen:
    """A marker in an unsteady hand."""

    def __init__(self, flat: Bytes) -> None:
        self.flat = flat
        self.hand = np.random.default_rng(5)

    def draw(self, points: Floats | list[tuple[float, float]], colour: tuple[int, int, int] = RED) -> None:
        path: Floats = np.asarray(points, np.float64)
        fine = [
            start
            + (end - start) * (along := np.linspace(0, 1, 12)[:, None])
            + np.cumsum(self.hand.normal(0, 0.25, (12, 2)), axis=0) * np.sin(np.pi * along)
            for start, end in itertools.pairwise(path)
        ]
        pixels = np.round(np.vstack(fine) * PX_PER_MM * 16).astype(np.int32)
        cv2.polylines(self.flat, [pixels], False, colour, round(2.2 * PX_PER_MM), cv2.LINE_AA, 4)

    def cross(self, at: Floats, half: float) -> None:
        for turn in (1, -1):
            self.draw([(at[0] - half, at[1] - turn * half), (at[0] + half, at[1] + turn * half)])


@cache
def corrected() -> Bytes:
    """Four crosses, a stroke through, a new house and a new road, the river and the office drawn anew."""
    flat = np.minimum(page_pixels(pdf(), px_per_mm=PX_PER_MM), 240).astype(np.uint8)
    pen, at = Pen(flat), places()
    pen.cross(at["Клуб"][0], 9)
    pen.cross(at["Мечит"][0], 7)
    pen.cross(at["Таштанды төгүлөт"][:4].mean(axis=0), 16)
    pen.cross(at["Ынтымак көчөсү"].mean(axis=0), 8)
    post = at["ФАП"][0]
    pen.draw(post + np.array([(-11.0, -8.0), (11.0, 8.0)]))
    pen.draw([(500, 120), (530, 122), (528, 150), (499, 148), (500, 120)], BLACK)
    pen.draw([(560, 420), (650, 470), (780, 460)], BLACK)
    pen.draw(at["Ак-Суу"] + [0.0, 14.0], BLUE)
    office = at["Айыл өкмөтү"][0] + [30.0, 14.0]
    pen.draw(office + np.array([(-6, -5), (6, -5), (6, 5), (-6, 5), (-6, -5)]), BLACK)
    return flat


@cache
def read_corrected(difficulty: Difficulty, seed: int) -> ReadSheet:
    return read(corrected(), difficulty, seed)


def read(flat: Bytes, difficulty: Difficulty, seed: int) -> ReadSheet:
    layout, _, _ = sheet()
    taken = photograph(flat, paper_mm=layout.paper_mm, difficulty=difficulty, seed=seed)
    pixels = np.ascontiguousarray(taken.pixels)
    return read_sheet([(Photo(pixels=pixels, format="JPEG", sha256="0" * 64, exif=ExifFacts()), "photo.jpg")])


def of_kind(changes: tuple[ProposedChange, ...], kind: ChangeKind) -> dict[str, ProposedChange]:
    return {one.printed.name: one for one in changes if one.kind is kind and one.printed is not None}


def test_every_object_is_printed_with_its_number_and_pale() -> None:
    layout, printed, base = sheet()
    assert {one.feature_id for one in printed.objects} == {one.id for one in FEATURES}
    assert sorted(one.number for one in printed.objects) == list(range(1, len(FEATURES) + 1))
    words = [name.text for name in base.names]
    for one in printed.objects:
        assert any(said.split(" ")[0] == str(one.number) for said in words)
    assert "Орто мектеп" in page_text(pdf())
    # Inside the frame nothing is darker than a quarter of black: the reader takes print for no ink.
    frame, inner = layout.frame, 2.0
    grey = page_pixels(pdf(), px_per_mm=PX_PER_MM).min(axis=2)
    rows = slice(round((frame.y + inner) * PX_PER_MM), round((frame.bottom - inner) * PX_PER_MM))
    columns = slice(round((frame.x + inner) * PX_PER_MM), round((frame.right - inner) * PX_PER_MM))
    assert 185 <= grey[rows, columns].min() <= 200


def test_names_do_not_lie_over_each_other() -> None:
    from maps.print.canvas import words_width

    _, _, base = sheet()
    boxes = [
        shapely.box(one.x, one.y, one.x + words_width(one.text, one.size), one.y + one.size * 0.3528)
        for one in base.names
    ]
    for number, one in enumerate(boxes):
        assert not any(one.intersects(other) for other in boxes[number + 1 :])


def test_what_was_printed_is_kept_and_read_again(tmp_path: Path) -> None:
    _, printed, _ = sheet()
    again = PrintedObjects.from_json(printed.to_json(), path=tmp_path)
    assert (again.sheet_id, again.event_id) == (printed.sheet_id, EVENT)
    for one, other in zip(printed.objects, again.objects, strict=True):
        assert (one.number, one.feature_id, one.kind, one.name) == (
            other.number,
            other.feature_id,
            other.kind,
            other.name,
        )
        assert one.geometry.equals_exact(other.geometry, 1e-7)


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"sheet_id": 1, "event_id": null, "features": [{}]}'])
def test_what_says_nothing_of_a_sheet_is_refused(content: bytes) -> None:
    with pytest.raises(Refused, match=r"second_meeting\.not_printed"):
        PrintedObjects.from_json(content, path="x.geojson")


def test_a_sheet_that_nobody_corrected_has_no_changes() -> None:
    flat = np.minimum(page_pixels(pdf(), px_per_mm=PX_PER_MM), 240).astype(np.uint8)
    found = read(flat, Difficulty.MEDIUM, 4)
    assert found.flat is not None
    assert propose_changes(found, sheet()[1]) == ()


@pytest.mark.parametrize(("difficulty", "seed"), [(Difficulty.EASY, 1), (Difficulty.MEDIUM, 3)])
def test_corrections_are_read_as_changes(difficulty: Difficulty, seed: int) -> None:
    layout, printed, _ = sheet()
    changes = propose_changes(read_corrected(difficulty, seed), printed)
    removed, changed = of_kind(changes, ChangeKind.REMOVED), of_kind(changes, ChangeKind.CHANGED)
    assert set(removed) == CROSSED | {"ФАП"}
    assert {name for name, one in removed.items() if one.proof is Proof.CROSS} == CROSSED
    assert removed["ФАП"].proof is Proof.STROKE
    assert removed["ФАП"].confidence < removed["Клуб"].confidence
    assert set(changed) == {"Ак-Суу", "Айыл өкмөтү"}
    # 14 mm on paper, at the scale of the sheet.
    metres = layout.code.scale / 1000
    assert changed["Ак-Суу"].shift_m == pytest.approx(14 * metres, rel=0.1)
    assert changed["Айыл өкмөтү"].shift_m == pytest.approx(float(np.hypot(30, 14)) * metres, rel=0.1)
    added = [shapely.transform(one.geometry, layout.from_lonlat) for one in changes if one.kind is ChangeKind.ADDED]
    assert sorted(one.geom_type for one in added) == ["LineString", "Polygon"]
    house = next(one for one in added if one.geom_type == "Polygon")
    assert house.centroid.distance(shapely.Point(514, 135)) < 3


def test_changes_are_written_for_any_gis() -> None:
    _, printed, _ = sheet()
    changes = propose_changes(read_corrected(Difficulty.EASY, 1), printed)
    written = changes_to_geojson(changes, printed)
    assert written["sheet_id"] == printed.sheet_id
    by_change: dict[str, list[dict[str, object]]] = {}
    for one in written["features"]:
        by_change.setdefault(one["properties"]["change"], []).append(one["properties"])
        assert shapely.geometry.shape(one["geometry"]).is_valid
    assert {UUID(str(one["feature_id"])) for one in by_change["removed"]} <= {one.id for one in FEATURES}
    assert all(one["feature_id"] is None and one["candidate"] for one in by_change["added"])


def test_only_what_lies_on_the_sheet_is_printed() -> None:
    layout, _, _ = sheet()
    with pytest.raises(Refused, match=r"second_meeting\.nothing"):
        objects_on(layout, municipality().events[3].features, Language.KY)
    some: tuple[FeatureSnapshot, ...] = (*FEATURES, *municipality().events[3].features)
    assert len(objects_on(layout, some, Language.KY).objects) == len(FEATURES)
