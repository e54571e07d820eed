"""Venn diagrams: ties read off circles, the network and its measures, comparisons, files for other programs."""

from __future__ import annotations

import csv
import io
import math
from uuid import UUID

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.domain.institutions import Importance, StakeholderRole, TieOrigin, TieRelation, Weight
from geo.domain.venn.comparison import compare_diagrams
from geo.domain.venn.diagram import Circle, Tie, standing_ties
from geo.domain.venn.drawn import TOUCHING_TOLERANCE, DrawnCircle, derive_ties, relation_of
from geo.domain.venn.exporting import edges_csv, geojson_lines, graphml, nodes_csv
from geo.domain.venn.network import make_network
from geo.domain.venn.stakeholders import stakeholder_role
from geo.domain.venn.synonyms import institution_key, is_local_government
from geo.errors import Refused

AO, SCHOOL, MILL, COURT, COMMITTEE = (UUID(int=number) for number in range(1, 6))
NAMES = {AO: "Айыл өкмөтү", SCHOOL: "Мектеп", MILL: "Пилорама", COURT: "Аксакалдар соту", COMMITTEE: "Жаштар комитети"}
CIRCLES = [
    Circle(one, (name,), Importance.MEDIUM, ranking=number) for number, (one, name) in enumerate(NAMES.items(), 1)
]


def drawn(x: float, radius: float, *, number: int = 1, y: float = 0.0) -> DrawnCircle:
    return DrawnCircle(UUID(int=number), x, y, radius)


@pytest.mark.parametrize(
    ("distance", "relation"),
    [
        (0.0, TieRelation.FULL),
        (50.0, TieRelation.FULL),
        (55.0, TieRelation.FULL),  # sticks out by a tenth of the smaller radius
        (56.0, TieRelation.PARTIAL),
        (144.0, TieRelation.PARTIAL),
        (145.0, TieRelation.TOUCHING),  # overlaps by a tenth of the smaller radius
        (150.0, TieRelation.TOUCHING),
        (155.0, TieRelation.TOUCHING),
        (156.0, TieRelation.APART),
        (900.0, TieRelation.APART),
    ],
)
def test_a_relation_follows_from_distance_and_radii(distance: float, relation: TieRelation) -> None:
    assert relation_of(drawn(0, 100), drawn(distance, 50)) is relation
    assert relation_of(drawn(distance, 50), drawn(0, 100)) is relation


def test_the_tolerance_is_a_tenth_of_the_smaller_radius() -> None:
    assert TOUCHING_TOLERANCE == 0.1
    assert relation_of(drawn(0, 100), drawn(150.5, 50), tolerance=0) is TieRelation.APART
    assert relation_of(drawn(0, 100), drawn(150, 50), tolerance=0) is TieRelation.TOUCHING


def test_only_circles_that_meet_have_a_derived_tie() -> None:
    ties = derive_ties([drawn(0, 10, number=1), drawn(15, 10, number=2), drawn(100, 10, number=3)])
    assert [(tie.first.int, tie.second.int, tie.relation, tie.origin) for tie in ties] == [
        (1, 2, TieRelation.PARTIAL, TieOrigin.DERIVED)
    ]


@pytest.mark.parametrize(("x", "radius"), [(0.0, 0.0), (0.0, -1.0), (math.nan, 1.0), (0.0, math.inf)])
def test_a_circle_without_extent_is_refused(x: float, radius: float) -> None:
    with pytest.raises(Refused) as refusal:
        drawn(x, radius)
    assert refusal.value.key == "venn.circle_impossible"


SIZES = st.floats(1, 1_000)


@given(r1=SIZES, r2=SIZES, distance=st.floats(0, 3_000), angle=st.floats(0, 6.28), grown=st.floats(0.1, 10))
def test_turning_and_enlarging_a_drawing_changes_no_relation(
    r1: float, r2: float, distance: float, angle: float, grown: float
) -> None:
    gap = distance - r1 - r2
    slack = TOUCHING_TOLERANCE * min(r1, r2)
    borders = (gap - slack, gap + slack, distance + min(r1, r2) - max(r1, r2) - slack)
    if min(map(abs, borders)) < 1e-6:
        return  # on the border itself the last bit decides
    plain = relation_of(drawn(0, r1), drawn(distance, r2))
    x, y = (distance * grown * part for part in (math.cos(angle), math.sin(angle)))
    assert relation_of(drawn(0, r1 * grown), drawn(x, r2 * grown, y=y)) is plain


def test_an_entered_tie_wins_over_a_derived_one_whichever_comes_first() -> None:
    shown = Tie(AO, SCHOOL, TieRelation.PARTIAL, TieOrigin.DERIVED)
    said = Tie(SCHOOL, AO, TieRelation.APART, TieOrigin.ENTERED)
    for ties in ([shown, said], [said, shown]):
        assert list(standing_ties(CIRCLES, ties).values()) == [said]
        assert make_network(CIRCLES, ties).ties == ()


def test_only_touching_partial_and_full_are_ties() -> None:
    assert [one for one in TieRelation if one.is_tie] == [
        TieRelation.TOUCHING,
        TieRelation.PARTIAL,
        TieRelation.FULL,
    ]


def star() -> list[Tie]:
    return [
        Tie(AO, SCHOOL, TieRelation.PARTIAL),
        Tie(AO, COURT, TieRelation.TOUCHING, weak=True),
        Tie(AO, MILL, TieRelation.APART),
        Tie(AO, COMMITTEE, TieRelation.UNKNOWN),
    ]


def test_the_measures_of_a_star() -> None:
    network = make_network(CIRCLES, star())
    by_id = {one.id: one for one in network.measures}
    assert [by_id[one].degree for one in NAMES] == [2, 1, 0, 1, 0]
    # One pair of the six of the others goes over the middle.
    assert by_id[AO].betweenness == pytest.approx(1 / 6)
    assert network.components == ((AO, SCHOOL, COURT), (MILL,), (COMMITTEE,))
    assert by_id[COMMITTEE].component == 3
    assert network.local_government == (AO,)
    assert network.without_local_government == (MILL, COMMITTEE)
    assert network.local_government_unknown == (COMMITTEE,)
    assert nx.to_dict_of_dicts(network.graph())[AO][COURT] == {"relation": "touching", "weak": True}


def test_without_local_government_on_the_diagram_nobody_lacks_contact_to_it() -> None:
    assert make_network(CIRCLES[1:], []).without_local_government == ()


def test_a_needed_institution_without_a_tie_is_told() -> None:
    needing = Circle(COMMITTEE, ("Жаштар комитети",), needs=frozenset({AO, SCHOOL}))
    network = make_network([*CIRCLES[:4], needing], [Tie(COMMITTEE, SCHOOL, TieRelation.TOUCHING)])
    assert network.needed_without_tie == ((COMMITTEE, AO),)


@pytest.mark.parametrize(
    "names",
    [
        ("Айыл өкмөтү", "АӨ", "айыл окмоту"),
        ("ТСПАКБ", "СООППВ"),
        ("СПА", "АВП"),
        ("ЭСК", "СКЗ"),
        ("Маданият үйү", "Клуб", "Дом культуры"),
        ("Ветеринардык кызмат", "Ветеринардык тейлөө кызматы", "Ветеринарная служба"),
        ("Жаштар комитети", "Комитет молодежи", "комитет молодёжи"),
        ("Спорт залы", "Спортзал"),
        ("Бала-бакча", "Детский сад"),
    ],
)
def test_names_of_one_institution_have_one_key(names: tuple[str, ...]) -> None:
    assert len({institution_key([name]) for name in names}) == 1


def test_different_institutions_have_different_keys() -> None:
    keys = [
        institution_key([name]) for name in (*NAMES.values(), "Китепкана", "Мечит", "СПА", "ТСПАКБ", "Айылдык кеңеш")
    ]
    assert len(set(keys)) == len(keys)
    assert institution_key(["", "Школа"]) == institution_key(["Мектеп"])
    assert is_local_government(["Айылдык кеңеш"])
    assert not is_local_government(["Мектеп"])


def test_two_diagrams_differ_in_circles_sizes_and_ties() -> None:
    women = [
        Circle(UUID(int=11), ("Айыл өкмөтү",), Importance.LARGE),
        Circle(UUID(int=12), ("ФАП",), Importance.LARGE),
        Circle(UUID(int=13), ("Бала бакча",), Importance.MEDIUM),
        Circle(UUID(int=14), ("Мектеп",)),
    ]
    men = [
        Circle(UUID(int=21), ("Айыл окмоту",), Importance.LARGE),
        Circle(UUID(int=22), ("фап",), Importance.SMALL),
        Circle(UUID(int=23), ("Мечеть",), Importance.MEDIUM),
        Circle(UUID(int=24), ("Школа",), Importance.SMALL),
    ]
    ours = [Tie(UUID(int=12), UUID(int=11), TieRelation.TOUCHING), Tie(UUID(int=11), UUID(int=14), TieRelation.FULL)]
    theirs = [Tie(UUID(int=21), UUID(int=24), TieRelation.UNKNOWN)]
    found = compare_diagrams(women, ours, men, theirs)
    assert [one.name for one in found.only_first] == ["Бала бакча"]
    assert [one.name for one in found.only_second] == ["Мечеть"]
    # The school's size is not known to the women: nothing to compare.
    assert [(one.circle.name, one.first, one.second, one.steps) for one in found.other_sizes] == [
        ("ФАП", Importance.LARGE, Importance.SMALL, -2)
    ]
    assert [(one.one.name, one.other.name, one.first, one.second) for one in found.other_ties] == [
        ("Айыл өкмөтү", "ФАП", TieRelation.TOUCHING, TieRelation.APART)
    ]
    assert found.same == 3
    again = compare_diagrams(women, ours, women, ours)
    assert not (again.only_first or again.only_second or again.other_sizes or again.other_ties)


def test_only_high_and_high_is_a_key_stakeholder() -> None:
    assert stakeholder_role(Weight.HIGH, Weight.HIGH) is StakeholderRole.KEY
    assert stakeholder_role(Weight.HIGH, Weight.LOW) is StakeholderRole.SECONDARY
    assert stakeholder_role(None, Weight.LOW) is StakeholderRole.SECONDARY
    assert stakeholder_role(Weight.HIGH, None) is StakeholderRole.UNPLACED


def test_graphml_holds_the_network() -> None:
    read = nx.parse_graphml(graphml(make_network(CIRCLES, star())))
    assert read.nodes[str(AO)]["name"] == "Айыл өкмөтү"
    assert read.nodes[str(AO)]["degree"] == 2
    assert read.edges[str(AO), str(COURT)]["weak"] is True
    assert read.number_of_edges() == 2


def test_tables_hold_nodes_and_edges_and_no_formula() -> None:
    sly = Circle(UUID(int=9), ("=HYPERLINK(1)",))
    network = make_network([*CIRCLES, sly], star())
    nodes = list(csv.DictReader(io.StringIO(nodes_csv(network))))
    assert [row["name"] for row in nodes] == [*NAMES.values(), "'=HYPERLINK(1)"]
    assert nodes[0]["local_government"] == "true"
    edges = list(csv.DictReader(io.StringIO(edges_csv(network))))
    assert [(row["first"], row["second"], row["relation"]) for row in edges] == [
        ("Айыл өкмөтү", "Мектеп", "partial"),
        ("Айыл өкмөтү", "Аксакалдар соту", "touching"),
    ]


def test_lines_lie_between_places_and_what_has_none_is_listed() -> None:
    places = {AO: (78.23, 42.49), SCHOOL: (78.24, 42.5)}
    circles = [Circle(one, (name,), lonlat=places.get(one)) for one, name in NAMES.items()]
    lines = geojson_lines(make_network(circles, star()))
    assert [one["geometry"]["coordinates"] for one in lines["features"]] == [[[78.23, 42.49], [78.24, 42.5]]]
    assert [one["name"] for one in lines["without_place"]] == [NAMES[MILL], NAMES[COURT], NAMES[COMMITTEE]]
