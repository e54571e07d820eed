"""Control points proposed by names, kinds and arrangement."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from shapely.geometry import shape

from geo.domain.georeference import ControlPointSource
from sketch_import.control_points.likeness import kind_code, names_alike, own_names
from sketch_import.control_points.matching import (
    DrawnPlace,
    KnownPlace,
    LeftOutReason,
    Proposals,
    propose_points,
)
from sketch_import.placing import LocalMetres

ZONE = LocalMetres(epsg=32644)
LANDMARKS = Path(__file__).parent / "data" / "kajiado_landmarks.csv"
VILLAGE = {
    "Мектеп": ("school", 300, 250),
    "Мечит": ("mosque", 900, 300),
    "Көрүстөн": ("cemetery", 1500, 200),
    "Көк-Жар булагы": ("spring", 400, 900),
    "Жаңы-Жол көпүрөсү": ("bridge", 1000, 800),
    "Төлөбай дүкөнү": ("shop", 1450, 950),
    "Айыл өкмөтү": ("municipal_office", 750, 550),
}


def on_ground(pixels: np.ndarray, *, turn: float = 25, scale: float = 1.5) -> np.ndarray:
    """Lon lat of pixels of a drawing whose top points 25° east of north."""
    a = scale * np.exp(-1j * np.radians(turn))
    w = a * (pixels[:, 0] - 1j * pixels[:, 1])
    return ZONE.to_lonlat(np.column_stack([274_000 + w.real, 4_708_000 + w.imag]))


def village(*, wobble: float = 0.0, seed: int = 0, turn: float = 25) -> tuple[list[DrawnPlace], list[KnownPlace]]:
    """What is drawn, ``wobble`` pixels out of place, and what is there."""
    spots = np.array([(x, y) for _, x, y in VILLAGE.values()], dtype=float)
    moved = spots + np.random.default_rng(seed).normal(0, wobble, spots.shape)
    ground = on_ground(spots, turn=turn)
    drawn = [
        DrawnPlace(id=f"d{n}", pixel=(float(x), float(y)), names=(name,), kind=kind)
        for n, ((name, (kind, _, _)), (x, y)) in enumerate(zip(VILLAGE.items(), moved, strict=True))
    ]
    known = [
        KnownPlace(id=f"k{n}", lonlat=(float(lon), float(lat)), names=(name,), kind=kind)
        for n, ((name, (kind, _, _)), (lon, lat)) in enumerate(zip(VILLAGE.items(), ground, strict=True))
    ]
    return drawn, known


def numbers(proposals: Proposals) -> dict[str, str]:
    return {point.drawn.id: point.known.id for point in proposals.points}


def right(proposals: Proposals) -> bool:
    return all(drawn[1:] == known[1:] for drawn, known in numbers(proposals).items())


def reasons(proposals: Proposals) -> dict[str, LeftOutReason]:
    return {left.drawn.id: left.reason for left in proposals.left_out}


@pytest.mark.parametrize("seed", range(8))
def test_a_drawing_out_of_shape_is_matched_whole(seed: int) -> None:
    drawn, known = village(wobble=60, seed=seed)  # a twenty-fifth of its diagonal
    found = propose_points(drawn, known)
    assert right(found) and len(found.points) == 7
    assert not found.left_out and not found.is_ambiguous and not found.looks_mirrored
    assert found.metres_per_pixel == pytest.approx(1.5, rel=0.15)
    assert found.turn_degrees == pytest.approx(25, abs=8)
    assert all(0 < point.score <= 1 for point in found.points)
    assert [point.score for point in found.points] == sorted((point.score for point in found.points), reverse=True)
    for point in found.points:
        assert point.point.source is ControlPointSource.MATCHED
        assert (point.point.pixel, point.point.lonlat) == (point.drawn.pixel, point.known.lonlat)


def test_a_name_in_the_wrong_place_is_named() -> None:
    drawn, known = village(wobble=20)
    swapped = [
        *drawn[:3],
        DrawnPlace("d3", drawn[5].pixel, drawn[3].names, drawn[3].kind),
        drawn[4],
        DrawnPlace("d5", (1600.0, 40.0), drawn[5].names, drawn[5].kind),
        drawn[6],
    ]
    found = propose_points(swapped, known)
    assert right(found) and set(numbers(found)) == {"d0", "d1", "d2", "d4", "d6"}
    assert reasons(found) == {"d3": LeftOutReason.CONTRADICTS, "d5": LeftOutReason.CONTRADICTS}
    spring = next(left for left in found.left_out if left.drawn.id == "d3")
    assert spring.known is not None and spring.known.id == "k3"
    assert spring.miss_m == pytest.approx(1.5 * np.hypot(1450 - 400, 950 - 900), rel=0.2)


def test_spelling_and_alphabet_do_not_matter() -> None:
    drawn, known = village(wobble=20)
    other = {
        "Көк-Жар булагы": "Кок-Жар булагы",
        "Жаңы-Жол көпүрөсү": "Jangy-Jol kopurosu",
        "Төлөбай дүкөнү": "Толобай дукону",
        "Айыл өкмөтү": "АЙЫЛ ӨКМӨТҮ",
    }
    spelled = [KnownPlace(k.id, k.lonlat, (other.get(k.names[0], k.names[0]),), k.kind) for k in known]
    found = propose_points(drawn, spelled)
    assert right(found) and len(found.points) == 7


def test_kinds_alone_suffice_but_count_less() -> None:
    drawn, known = village(wobble=20)
    nameless = propose_points([DrawnPlace(d.id, d.pixel, (), d.kind) for d in drawn], known)
    named = propose_points(drawn, known)
    assert right(nameless) and len(nameless.points) == 7
    # “Мектеп” of a school says no more than its kind; a name of its own does.
    own = {point.drawn.id: point.score for point in named.points}
    bare = {point.drawn.id: point.score for point in nameless.points}
    assert bare["d0"] == pytest.approx(own["d0"], abs=0.02)
    assert bare["d3"] < own["d3"] - 0.2


def test_two_shops_are_told_apart_by_where_they_are() -> None:
    drawn, known = village(wobble=15)
    drawn[5] = DrawnPlace("d5", drawn[5].pixel, (), "shop")
    known[5] = KnownPlace("k5", known[5].lonlat, (), "shop")
    drawn.append(DrawnPlace("d7", (200.0, 600.0), (), "shop"))
    ((lon, lat),) = on_ground(np.array([[210.0, 590.0]]))
    known.append(KnownPlace("k7", (float(lon), float(lat)), (), "shop"))
    found = propose_points(drawn, known)
    assert right(found) and len(found.points) == 8


def test_two_shops_side_by_side_are_left_to_a_person() -> None:
    """One is drawn, half-way between the two that there are, and everything is about as far off as that."""
    drawn, known = village(wobble=30)
    drawn[5] = DrawnPlace("d5", (1450.0, 915.0), (), "shop")
    known[5] = KnownPlace("k5", known[5].lonlat, (), "shop")
    ((lon, lat),) = on_ground(np.array([[1450.0, 895.0]]))
    known.append(KnownPlace("k7", (float(lon), float(lat)), (), "shop"))
    found = propose_points(drawn, known)
    assert reasons(found) == {"d5": LeftOutReason.UNDECIDED}
    assert right(found) and len(found.points) == 6


def test_the_same_school_of_three_groups_is_one_place() -> None:
    drawn, known = village(wobble=20)
    lon, lat = known[0].lonlat
    known += [KnownPlace(f"k0{n}", (lon + n * 2e-4, lat), known[0].names, "school", error_m=40) for n in (1, 2)]
    found = propose_points(drawn, known)
    assert numbers(found)["d0"].startswith("k0")
    assert len(found.points) == 7


def test_homonyms_far_away_do_not_matter() -> None:
    drawn, known = village(wobble=20)
    rng = np.random.default_rng(4)
    for n in range(300):
        lon, lat = rng.uniform(70, 80), rng.uniform(39, 43)
        known.append(KnownPlace(f"x{n}", (lon, lat), known[n % 7].names, known[n % 7].kind))
    found = propose_points(drawn, known)
    assert right(found) and len(found.points) >= 6


def test_unknown_places_are_said_to_be_unknown() -> None:
    drawn, known = village()
    drawn.append(DrawnPlace("d7", (50.0, 50.0), ("Ат майдан",), ""))
    found = propose_points(drawn, known)
    assert reasons(found) == {"d7": LeftOutReason.UNKNOWN}


def test_a_sheet_seen_from_behind() -> None:
    drawn, known = village(wobble=10)
    behind = [DrawnPlace(d.id, (1800 - d.pixel[0], d.pixel[1]), d.names, d.kind) for d in drawn]
    assert propose_points(behind, known).looks_mirrored
    assert not propose_points(drawn, known).looks_mirrored


def test_an_arrangement_that_fits_both_ways_is_said_to() -> None:
    """Two schools and two shops on a cross, all without names: half a turn changes nothing."""
    spots = np.array([[300.0, 500.0], [900.0, 500.0], [600.0, 300.0], [600.0, 700.0]])
    kinds = ["school", "school", "shop", "shop"]
    drawn = [DrawnPlace(f"d{n}", (x, y), (), kind) for n, ((x, y), kind) in enumerate(zip(spots, kinds, strict=True))]
    known = [
        KnownPlace(f"k{n}", (lon, lat), (), kind)
        for n, ((lon, lat), kind) in enumerate(zip(on_ground(spots), kinds, strict=True))
    ]
    assert propose_points(drawn, known).is_ambiguous
    named = [KnownPlace(k.id, k.lonlat, (f"Мектеп №{n}",) if n < 2 else (), k.kind) for n, k in enumerate(known)]
    assert propose_points(drawn, named).is_ambiguous


@pytest.mark.parametrize("count", [0, 1])
def test_too_little_to_agree(count: int) -> None:
    drawn, known = village()
    found = propose_points(drawn[:count], known)
    assert found.points == () and len(found.left_out) == count
    assert propose_points(drawn, []).points == ()
    assert set(reasons(propose_points(drawn, [])).values()) == {LeftOutReason.UNKNOWN}


def test_two_alone_count_little() -> None:
    drawn, known = village()
    found = propose_points(drawn[3:5], known)
    assert len(found.points) == 2 and right(found)
    assert all(point.score < 0.5 for point in found.points)


def test_the_same_seed_gives_the_same() -> None:
    drawn, known = village(wobble=40)
    many = [KnownPlace(f"{k.id}-{n}", k.lonlat, k.names, k.kind) for n in range(40) for k in known]
    assert propose_points(drawn, many, seed=3) == propose_points(drawn, many, seed=3)


def test_words_that_only_say_the_kind() -> None:
    assert own_names(["Мектеп", "мектеп №2", "School 1"], "school") == ()
    assert own_names(["Токтогул мектеби"], "school") == ("Токтогул мектеби",)
    assert own_names(["borehole1"], "borehole") == ()
    assert kind_code("Школа") == "school"


@pytest.mark.parametrize(
    ("first", "second", "least", "most"),
    [
        ("Жаңы-Жол", "жаны жол", 1, 1),
        ("Көк-Жар", "Kok-Jar", 0.9, 0.95),
        ("Липенка", "Липинка", 0.82, 0.95),
        ("Ак-Суу", "Кара-Суу", 0, 0),
        ("Арал", "Орол", 0, 0),
        ("", "Арал", 0, 0),
    ],
)
def test_likeness_of_names(first: str, second: str, least: float, most: float) -> None:
    assert least <= names_alike([first], [second]) <= most
    assert names_alike([first], [second]) == names_alike([second], [first])


def landmarks() -> list[DrawnPlace]:
    """Places of the real drawing that were marked by hand, with what is written beside them."""
    kinds = {"school": "school", "church": "church", "borehole": "borehole"}
    with LANDMARKS.open(newline="") as rows:
        return [
            DrawnPlace(
                id=row["label"],
                pixel=(float(row["pixelX"]), float(row["pixelY"])),
                names=(row["label"],),
                kind=kinds.get(row["label"], ""),
            )
            for row in csv.DictReader(rows)
        ]


def measured(folder: Path) -> Sequence[KnownPlace]:
    features = json.loads((folder / "freehand" / "village_metric_map.geojson").read_text())["features"]
    places = []
    for number, feature in enumerate(features):
        middle = shape(feature["geometry"]).centroid
        words = feature["properties"]
        places.append(
            KnownPlace(str(number), (middle.x, middle.y), (words["name"] or "",), kind_code(words["feat_type"]))
        )
    return places


def test_the_real_drawing_and_its_measured_map(shared_data: Path) -> None:
    """School, church, boreholes and three hills stand on both; homes and crossings have no name of their own."""
    drawn, known = landmarks(), measured(shared_data)
    found = propose_points(drawn, known)
    names = {point.drawn.id: point.known.names[0] for point in found.points}
    true = {
        "school": "school1",
        "church": "church",
        "Nganjoka hills": "Nganjoka Hills",
        "Kurket hills": "Kurket Hills",
        "Lolmoloo hills": "Lolmoloo Hills",
    }
    assert {name: names[name] for name in names if name in true} == {name: true[name] for name in true if name in names}
    assert len(set(true) & set(names)) >= 4
    assert set(names) <= {*true, "borehole"}
    assert 2 < (found.metres_per_pixel or 0) < 4
    assert not found.looks_mirrored
    unknown = {left.drawn.id for left in found.left_out if left.reason is LeftOutReason.UNKNOWN}
    assert unknown >= {"old home place", "road crosses river", "home on the other bank"}
