"""Three groups draw one village: what they drew twice is proposed as one object, and nothing else."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace

import numpy as np
import pytest
from shapely.geometry import LineString, Point

from geo.domain.matching import (
    DifferenceKind,
    DrawnBy,
    MatchFeature,
    drawn_alone,
    kind_likeness,
    name_likeness,
    propose_matches,
)
from geo.domain.vocabulary import Condition, Kind
from tests.geo.domain.drawn_villages import DEGREES, GROUPS, LON_LAT, drawn, village

VILLAGES = 12


def feature(
    name: str, event: str, at: tuple[float, float], kind: Kind = Kind.SCHOOL, *, error: float = 20.0, **more: object
) -> MatchFeature:
    """A point, metres east and north of the middle of the village."""
    place = Point(np.array(at) * DEGREES + LON_LAT)
    made = MatchFeature(f"{event}-{name}", event, GROUPS[event], kind, place, error)
    return replace(made, **more)  # type: ignore[arg-type]


def pairs_of(groups: list[tuple[str, ...]]) -> set[tuple[str, str]]:
    return {pair for group in groups for pair in itertools.combinations(sorted(group), 2)}


def measured() -> dict[str, tuple[int, int, int]]:
    """Right, proposed and true pairs over seeded villages: of all, of what has a name of its own, of the two shops."""
    counts = {"all": [0, 0, 0], "named": [0, 0, 0], "shops": [0, 0, 0]}
    for seed in range(VILLAGES):
        rng = np.random.default_rng(seed)
        things = village(rng)
        features = [one for event in GROUPS for one in drawn(things, event, rng)]
        truth: dict[str, list[str]] = {}
        for one in features:
            truth.setdefault(one.id.split("-")[1], []).append(one.id)
        true = pairs_of([tuple(ids) for ids in truth.values()])
        found = pairs_of([match.members for match in propose_matches(features)])
        named = {str(i) for i, thing in enumerate(things) if thing.name and thing.name != "Кудук"}
        shops = {str(i) for i, thing in enumerate(things) if thing.kind is Kind.SHOP}
        for key, wanted in (("all", None), ("named", named), ("shops", shops)):
            some_true = {pair for pair in true if wanted is None or pair[0].split("-")[1] in wanted}
            some = {p for p in found if wanted is None or {x.split("-")[1] for x in p} & wanted}
            for place, value in enumerate((len(some & some_true), len(some), len(some_true))):
                counts[key][place] += value
    return {key: (value[0], value[1], value[2]) for key, value in counts.items()}


def test_precision_and_recall_over_drawn_villages() -> None:
    """12 villages, 55 things, three groups that leave out a fifth; houses and wells without names among them."""
    counts = measured()
    for key, precision, recall in (("all", 0.9, 0.85), ("named", 0.97, 0.95), ("shops", 0.9, 0.85)):
        right, proposed, true = counts[key]
        assert right / proposed >= precision, counts
        assert right / true >= recall, counts


def test_no_object_holds_two_features_of_one_event_and_no_feature_is_in_two_objects() -> None:
    rng = np.random.default_rng(7)
    things = village(rng)
    features = [one for event in GROUPS for one in drawn(things, event, rng)]
    matches = propose_matches(features)
    members = [member for match in matches for member in match.members]
    assert len(members) == len(set(members))
    for match in matches:
        events = [member.split("-")[0] for member in match.members]
        assert len(events) == len(set(events)) >= 2
        assert set(match.missing_events) == set(GROUPS) - set(events)
        assert 0.0 <= match.agreement.score <= 1.0
        errors = {one.id: one.position_error_m for one in features if one.id in match.members}
        assert match.canonical == min(errors, key=lambda name: (errors[name], name))


def test_the_order_of_the_input_makes_no_difference() -> None:
    rng = np.random.default_rng(3)
    things = village(rng)
    features = [one for event in GROUPS for one in drawn(things, event, rng)]
    shuffled = features[:]
    random.Random(1).shuffle(shuffled)
    assert propose_matches(shuffled) == propose_matches(features)


def test_two_shops_side_by_side_keep_their_names() -> None:
    features = [
        feature("a", "e1", (0, 0), Kind.SHOP, names=("Береке",)),
        feature("b", "e1", (30, 0), Kind.SHOP, names=("Ак-Жол",)),
        # Drawn the other way round: the names decide.
        feature("a", "e2", (28, 4), Kind.SHOP, names=("береке",)),
        feature("b", "e2", (3, -5), Kind.SHOP, names=("Ак Жол",)),
    ]
    assert {match.members for match in propose_matches(features)} == {("e1-a", "e2-a"), ("e1-b", "e2-b")}


def test_neighbours_decide_between_houses_without_names() -> None:
    """A row of houses whose whole sheet lies 40 m off: the nearest house is the wrong one."""
    at = [(60.0 * number, 0.0) for number in range(6)]
    known = [(-100, 200, Kind.SCHOOL), (50, 250, Kind.MOSQUE), (200, 180, Kind.CLUB), (350, 220, Kind.BRIDGE)]
    features = []
    for event, off in (("e1", 0.0), ("e2", 40.0)):
        features += [feature(f"h{i}", event, (x + off, y), Kind.HOUSE, error=30) for i, (x, y) in enumerate(at)]
        features += [feature(kind.value, event, (x + off, y), kind, error=30) for x, y, kind in known]
    found = {match.members for match in propose_matches(features)}
    assert {(f"e1-h{i}", f"e2-h{i}") for i in range(6)} <= found


def test_differences_are_listed() -> None:
    school = {"names": ("Мектеп",)}
    features = [
        feature("s", "e1", (0, 0), condition=Condition.OLD, **school),
        feature("s", "e2", (90, 0), condition=Condition.NEEDS_REPAIR, error=15, **school),
        feature("c", "e1", (300, 0), Kind.CLINIC, names=("ФАП",)),
        feature("c", "e2", (310, 0), Kind.FIRST_AID_POST, names=("ФАП",)),
    ]
    matches = {match.members[0]: match for match in propose_matches(features)}
    differences = {difference.kind: difference for difference in matches["e1-s"].differences}
    assert set(differences) == {DifferenceKind.PLACED_ELSEWHERE, DifferenceKind.OTHER_CONDITION}
    assert differences[DifferenceKind.PLACED_ELSEWHERE].distance_m == pytest.approx(90, abs=1)
    assert differences[DifferenceKind.OTHER_CONDITION].values == ("old", "needs_repair")
    assert matches["e1-s"].canonical == "e2-s"
    (other,) = matches["e1-c"].differences
    assert (other.kind, other.values) == (DifferenceKind.OTHER_KIND, ("clinic", "first_aid_post"))


def test_another_name_of_the_same_place_is_a_difference() -> None:
    one = feature("m", "e1", (0, 0), Kind.MOSQUE, names=("Борбордук мечит",))
    two = feature("m", "e2", (5, 0), Kind.MOSQUE, names=("Мечит",))
    (match,) = propose_matches([one, two])
    assert [difference.kind for difference in match.differences] == [DifferenceKind.OTHER_NAME]


def test_what_one_group_alone_drew_is_said() -> None:
    features = [
        feature("w", "e1", (0, 0), Kind.SPRING),
        feature("s", "e1", (200, 0)),
        feature("s", "e2", (204, 0)),
    ]
    (alone,) = drawn_alone(features, propose_matches(features))
    assert (alone.feature, alone.group) == ("e1-w", DrawnBy.WOMEN)
    assert drawn_alone(features[:2], ()) == ()
    both_women = [replace(one, group=DrawnBy.WOMEN) for one in features[1:]]
    (match,) = propose_matches([*both_women, feature("x", "e3", (900, 0), Kind.MOSQUE)])
    assert [difference.kind for difference in match.differences] == [DifferenceKind.ONE_GROUP_ONLY]


def test_a_street_drawn_in_part_is_the_street() -> None:
    def street(event: str, x: float, low: float, high: float) -> MatchFeature:
        line = LineString(np.array([[x, low], [x + 5, (low + high) / 2], [x, high]]) * DEGREES + LON_LAT)
        return MatchFeature(f"{event}-{x}", event, GROUPS[event], Kind.SECONDARY_ROAD, line, 15.0)

    features = [street("e1", 0, -400, 400), street("e1", 150, -400, 400), street("e2", 12, -100, 350)]
    assert [match.members for match in propose_matches(features)] == [("e1-0", "e2-12")]


def test_what_cannot_be_one_object_is_not_proposed() -> None:
    assert propose_matches([]) == ()
    far = [feature("h", "e1", (0, 0), Kind.HOUSE), feature("h", "e2", (400, 0), Kind.HOUSE)]
    assert propose_matches(far) == ()
    other_kind = [feature("h", "e1", (0, 0), Kind.HOUSE), feature("h", "e2", (0, 0), Kind.RIVER)]
    assert propose_matches(other_kind) == ()
    one_event = [feature("a", "e1", (0, 0)), feature("b", "e1", (1, 0))]
    assert propose_matches(one_event) == ()
    numbers = [feature("a", "e1", (0, 0), names=("№1 мектеп",)), feature("a", "e2", (4, 0), names=("№2 мектеп",))]
    assert propose_matches(numbers) == ()
    with pytest.raises(ValueError, match="unique"):
        propose_matches([one_event[0], one_event[0]])


@pytest.mark.parametrize(
    ("one", "two", "least", "most"),
    [
        ("Жаңы-Жол", "жаны жол", 1.0, 1.0),
        ("Ынтымак", "Yntymak", 0.9, 1.0),
        ("көчөсү Панфилов", "Панфилов көчөсү", 1.0, 1.0),
        ("Школа №1", "Школа №2", 0.0, 0.3),
        ("Береке", "Ак-Жол", 0.0, 0.45),
    ],
)
def test_names_however_spelt(one: str, two: str, least: float, most: float) -> None:
    likeness = name_likeness([one], [two])
    assert likeness is not None
    assert least <= likeness <= most
    assert name_likeness([two], [one]) == likeness


def test_kinds_are_compared_alike_both_ways() -> None:
    for one, two in itertools.combinations(Kind, 2):
        assert kind_likeness(one, two) == kind_likeness(two, one) < 1.0
