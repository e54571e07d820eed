"""A made-up municipality's whole year, for the tests of maps, drawings and papers: no database.

Two villages near 78.2 E 42.5 N, three sessions by age in the first and one in the second, both diagrams, the bread,
eight problems, a plan with every stage and every kind of place, and four visits, one of each grade.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache

from shapely.geometry.base import BaseGeometry

from geo.domain.bread import BreadLine
from geo.domain.events import EventKind, SessionGroup
from geo.domain.institutions import Diagram, Importance, Satisfaction, TieRelation, Weight
from geo.domain.plan_codes import GroupKind, Standing
from geo.domain.problems import ProblemLevel, Solvability
from geo.domain.venn.diagram import Tie
from geo.domain.vocabulary import Kind, layer_of
from geo.snapshots import (
    Audience,
    BreadSnapshot,
    CausesSnapshot,
    CycleSnapshot,
    FeatureSnapshot,
    HeldEvent,
    InstitutionSnapshot,
    MatchSnapshot,
    MemberSnapshot,
    Names,
    ParticipantSnapshot,
    PeopleGroupSnapshot,
    ProblemSnapshot,
    SettlementSnapshot,
    StatementSnapshot,
    VennSnapshot,
)
from tests.maps.municipality_ground import (
    AS_OF,
    CREDIT,
    EAST,
    FIRST,
    MAIN_ROAD,
    MUNICIPALITY,
    SECOND,
    YEAR,
    area,
    dot,
    ground,
    ids,
    path,
    photo,
)
from tests.maps.municipality_plan import plan, visits

__all__ = ["AS_OF", "FIRST", "MUNICIPALITY", "SECOND", "as_public", "ids", "municipality", "photo", "year_before"]

Row = tuple[str, Kind, BaseGeometry, str, float | None, Mapping[str, object]]
"""Key, kind, place, name, position error in metres, attributes."""

CHILDREN = {"condition": "old", "users": ["children"]}
YOUNG: Sequence[Row] = (
    ("road", Kind.MAIN_ROAD, path(*MAIN_ROAD), "Борбордук көчө", 18.0, {"condition": "needs_repair"}),
    ("yntymak", Kind.SECONDARY_ROAD, path((-260, -35), (-240, 330)), "Ынтымак көчөсү", 24.0, {"condition": "old"}),
    ("jash", Kind.SECONDARY_ROAD, path((200, 10), (230, 380)), "Жаштык көчөсү", 24.0, {}),
    ("river", Kind.RIVER, path((-850, -350), (-300, -290), (200, -330), (850, -280)), "Ак-Суу", 45.0, {}),
    ("pipe", Kind.WATER_PIPE, path((520, 520), (300, 320), (60, 190)), "", 40.0, {"condition": "old"}),
    ("school", Kind.SCHOOL, dot(-90, 60), "Орто мектеп", 12.0, CHILDREN),
    ("club", Kind.CLUB, dot(95, -70), "Клуб", 14.0, {"condition": "needs_repair", "users": ["young_people"]}),
    ("post", Kind.FIRST_AID_POST, dot(240, 80), "ФАП", 19.0, {"condition": "needs_repair"}),
    ("office", Kind.MUNICIPAL_OFFICE, dot(20, 110), "Айыл өкмөтү", 15.0, {}),
    ("mosque", Kind.MOSQUE, dot(-180, 110), "Мечит", 22.0, {}),
    ("field", Kind.ARABLE, area((-800, 300), (-400, 290), (-380, 560), (-780, 570)), "Буудай талаасы", 52.0, {}),
    ("dump", Kind.PROBLEM, area((420, -220), (560, -240), (580, -150), (440, -140)), "Таштанды төгүлөт", 38.0, {}),
    ("kindergarten", Kind.DESIRED, dot(-60, 210), "Бала бакча керек", 25.0, {"desired_kind": "kindergarten"}),
)
GROWN: Sequence[Row] = (
    ("road", Kind.MAIN_ROAD, path(*[(x + 12, y - 15) for x, y in MAIN_ROAD]), "Борбордук көчө", 30.0, {}),
    ("school", Kind.SCHOOL, dot(-72, 45), "Мектеп", 28.0, CHILDREN),
    ("well", Kind.WELL, dot(-310, 150), "", 28.0, {"condition": "needs_repair", "supply": "short"}),
    ("canal", Kind.CANAL, path((-800, 230), (-200, 200), (180, 240), (800, 260)), "Чоң арык", 31.0, {}),
    ("club", Kind.CLUB, dot(110, -60), "Маданият үйү", 33.0, {}),
    ("shop", Kind.SHOP, dot(-30, -80), "Дүкөн", 26.0, {}),
)
OLD: Sequence[Row] = (
    ("school", Kind.SCHOOL, dot(-105, 80), "Мектеп", 38.0, {}),
    ("well", Kind.WELL, dot(-330, 120), "Эски кудук", 48.0, {"supply": "running_out"}),
    ("spring", Kind.SPRING, dot(520, 300), "Ыйык булак", 48.0, {"users": ["elders", "women", "men"]}),
    ("cemetery", Kind.CEMETERY, area((-760, -240), (-640, -230), (-650, -150), (-750, -140)), "Көрүстөн", 55.0, {}),
    ("pasture", Kind.PASTURE_NEAR, area((150, -400), (700, -420), (720, -560), (180, -560)), "Жайыт", 60.0, {}),
)
FAR: Sequence[Row] = (
    ("road", Kind.SECONDARY_ROAD, path((-400, 0), (0, 20), (400, -10), centre=EAST), "Жибек жолу", 25.0, {}),
    ("school", Kind.SCHOOL, dot(60, 90, EAST), "Башталгыч мектеп", 22.0, CHILDREN),
    ("well", Kind.WELL, dot(-150, 80, EAST), "Кудук", 30.0, {"supply": "short"}),
    ("bridge", Kind.BRIDGE, path((210, -160), (225, -240), centre=EAST), "Көпүрө", 20.0, {"condition": "collapsing"}),
)
GROUPS = ((18, 35), (36, 55), (56, None))


def features(event: str, rows: Sequence[Row]) -> tuple[FeatureSnapshot, ...]:
    return tuple(
        FeatureSnapshot(
            id=ids("feature", event, key),
            layer=layer_of(kind),
            kind=kind,
            names=Names(ky=name),
            geometry=geometry,
            position_error_m=error,
            source="candidate",
            sheet_id=ids("sheet", event),
            sheet_title=f"{event} тобунун барагы",
            attributes=attributes,
        )
        for key, kind, geometry, name, error, attributes in rows
    )


def circle(diagram: Diagram, key: str, kind: Kind, name: str, size: Importance, **more: object) -> InstitutionSnapshot:
    made = InstitutionSnapshot(id=ids("circle", diagram, key), names=Names(ky=name), kind=kind, importance=size)
    return replace(made, **more)  # type: ignore[arg-type]


def venn(diagram: Diagram) -> VennSnapshot:
    """Men do not name the women's council; women have a stronger tie with the school."""
    circles = [
        circle(
            diagram,
            "office",
            Kind.LOCAL_INSTITUTION,
            "Айыл өкмөтү",
            Importance.LARGE,
            ranking=1,
            is_local_government=True,
            lonlat=ground((20, 110)),
            influence=Weight.HIGH,
            stakeholder_importance=Weight.HIGH,
        ),
        circle(
            diagram,
            "school",
            Kind.LOCAL_INSTITUTION,
            "Орто мектеп",
            Importance.LARGE if diagram is Diagram.WOMEN else Importance.MEDIUM,
            ranking=2,
            lonlat=ground((-90, 60)),
            satisfaction=Satisfaction.CONTENT,
        ),
        circle(
            diagram,
            "post",
            Kind.LOCAL_INSTITUTION,
            "ФАП",
            Importance.MEDIUM,
            ranking=3,
            lonlat=ground((240, 80)),
            satisfaction=Satisfaction.DISCONTENT,
            satisfaction_reason="Дарылар жетишпейт",
        ),
        circle(diagram, "youth", Kind.YOUTH_GROUP, "Жаштар комитети", Importance.SMALL, lonlat=ground((95, -70))),
        circle(diagram, "water", Kind.INTEREST_GROUP, "Суу пайдалануучулар ассоциациясы", Importance.MEDIUM, ranking=4),
        circle(diagram, "akimiat", Kind.OUTSIDE_BODY, "Райондук мамлекеттик администрация", Importance.SMALL),
    ]
    ties = [
        ("office", "school", TieRelation.FULL if diagram is Diagram.WOMEN else TieRelation.PARTIAL, False),
        ("office", "post", TieRelation.PARTIAL, False),
        ("office", "water", TieRelation.TOUCHING, False),
        ("office", "akimiat", TieRelation.TOUCHING, True),
        ("school", "post", TieRelation.TOUCHING, False),
        ("youth", "water", TieRelation.APART, False),
    ]
    if diagram is Diagram.WOMEN:
        circles.append(circle(diagram, "women", Kind.WOMENS_GROUP, "Аялдар кеңеши", Importance.MEDIUM, ranking=5))
        ties.append(("women", "post", TieRelation.PARTIAL, False))
    return VennSnapshot(
        event_id=ids("event", "36–55"),
        diagram=diagram,
        institutions=tuple(circles),
        ties=tuple(
            Tie(ids("circle", diagram, a), ids("circle", diagram, b), relation, weak=weak)
            for a, b, relation, weak in ties
        ),
    )


def bread() -> BreadSnapshot:
    lines = (
        BreadLine("Билим берүү", 35, None, 48, 9_600_000),
        BreadLine("Жолдор жана көчөлөр", 10, None, 6, 1_200_000),
        BreadLine("Айыл өкмөтүнүн кызматкерлери", 40, None, 31, 6_200_000),
        BreadLine("Маданият жана спорт", 5, None, 9, 1_800_000),
        BreadLine("Башка", 10, None, 6, 1_200_000),
    )
    return BreadSnapshot(lines, tuple(Names(ky=line.name) for line in lines))


def session(
    key: str, settlement: SettlementSnapshot, day: date, ages: tuple[int, int | None], rows: Sequence[Row]
) -> HeldEvent:
    grown = key == "36–55"
    return HeldEvent(
        id=ids("event", key),
        kind=EventKind.SESSION,
        settlement_id=settlement.id,
        held_on=day,
        group=SessionGroup(*ages),
        place=Names("Айылдык клуб", "Сельский клуб", "Village club"),
        participants=24,
        women=13,
        facilitators=2,
        facilitator_names=("Айгүл Сатарова", "Бакыт Осмонов"),
        minutes={"text": {"ky": "Катышуучулар айылдын картасын тартып, көйгөйлөрдү жазышты."}},
        signatures=("Н. Абдиев",),
        participant_list=(
            ParticipantSnapshot(1, "Гүлнара Токтоматова", 34, "мугалим", "0700 000001", signed=True),
            ParticipantSnapshot(2, "Эрмек Жолдошев", 29, "дыйкан", "0700 000002"),
        ),
        features=features(key, rows),
        venns=(venn(Diagram.WOMEN), venn(Diagram.MEN)) if grown else (),
        bread=bread() if grown else None,
    )


EVENTS = (
    session("18–35", FIRST, date(2025, 3, 4), (18, 35), YOUNG),
    session("36–55", FIRST, date(2025, 3, 5), (36, 55), GROWN),
    session("56+", FIRST, date(2025, 3, 6), (56, None), OLD),
    session("Кара-Жыгач", SECOND, date(2025, 3, 11), (36, 55), FAR),
    HeldEvent(
        id=ids("event", "assembly"),
        kind=EventKind.ASSEMBLY,
        settlement_id=FIRST.id,
        held_on=date(2025, 4, 20),
        group=SessionGroup(),
        participants=86,
        women=41,
    ),
)

PROBLEMS: Sequence[tuple[str, SettlementSnapshot, str, tuple[int, ...], int, str | None, tuple[str, ...]]] = (
    ("roads", FIRST, "Ички жолдор бузулган", (14, 12, 5), 1, "6", ("road", "lamps")),
    ("water", FIRST, "Ичүүчү суу жетишпейт", (8, 11, 9), 2, "4", ("pipe",)),
    ("club", FIRST, "Клубдун чатыры агат", (10, 4, 2), 3, "19", ("club",)),
    ("waste", FIRST, "Таштанды төгүүчү жай жок", (6, 5, 5), 3, "11", ("waste",)),
    ("kindergarten", FIRST, "Бала бакча жок", (9, 3, 0), 5, "20", ()),
    ("bridge", SECOND, "Көпүрө кулап баратат", (19,), 1, "6", ("bridge",)),
    ("well", SECOND, "Кудуктун суусу азайды", (11,), 2, "4", ()),
    ("internet", SECOND, "Интернет начар", (6,), 3, "outside", ()),
)
"""Key, village, title, votes by session, rank, competence, activities."""
_SHOWN_BY = {
    "roads": ("18–35/road", "36–55/road"),
    "club": ("18–35/club",),
    "waste": ("18–35/dump",),
    "bridge": ("Кара-Жыгач/bridge",),
    "well": ("Кара-Жыгач/well",),
    "kindergarten": ("18–35/kindergarten",),
}


def problem(place: int) -> ProblemSnapshot:
    key, settlement, title, votes, rank, competence, answers = PROBLEMS[place]
    at = [one for one in EVENTS if one.settlement_id == settlement.id and one.kind is EventKind.SESSION]
    shown = tuple(ids("feature", *one.split("/")) for one in _SHOWN_BY.get(key, ()))
    known = {one.id: one for event in EVENTS for one in event.features}
    causes = CausesSnapshot(
        id=ids("causes", key),
        event_id=None,
        description="Жаз жана күз айларында абал начарлайт.",
        causes=("Көптөн бери оңдолгон эмес", "Каражат бөлүнгөн эмес"),
        effects_seen=("Балдар мектепке кечигет",),
        effects_to_come=("Ооруга чалдыгуу көбөйөт",),
        solutions=("Биргелешип оңдоо",),
        contribution_community="Ашар",
        solvable_by=Solvability.OUTSIDE_HELP,
    )
    return ProblemSnapshot(
        id=ids("problem", key),
        level=ProblemLevel.SETTLEMENT,
        title=title,
        settlement_id=settlement.id,
        votes=sum(votes),
        rank=rank,
        is_tied=rank == 3 and settlement is FIRST,
        is_priority=True,
        competence=competence,
        statements=tuple(
            StatementSnapshot(ids("statement", key, event.id), event.id, settlement.id, title, count, competence)
            for event, count in zip(at, votes, strict=True)
            if count
        ),
        causes=(causes,) if key in ("roads", "water", "club", "bridge") else (),
        geometry=known[shown[0]].geometry if shown else None,
        feature_ids=shown,
        activity_ids=tuple(ids("activity", one) for one in answers),
    )


def municipality_problems(own: Sequence[ProblemSnapshot]) -> tuple[ProblemSnapshot, ...]:
    chosen = sorted((one for one in own if one.votes >= 16), key=lambda one: -one.votes)
    return tuple(
        replace(
            one,
            id=ids("municipality problem", one.id),
            level=ProblemLevel.MUNICIPALITY,
            settlement_id=None,
            rank=rank,
            merged_titles=(one.title,),
            merge_reasons=("Эки айылда тең бар",) if rank == 1 else (),
        )
        for rank, one in enumerate(chosen, start=1)
    )


GROUPS_OF_PEOPLE = (
    PeopleGroupSnapshot(
        id=ids("people", "initiative"),
        kind=GroupKind.INITIATIVE,
        name="Демилгелүү топ",
        settlement_id=FIRST.id,
        members=9,
        women=5,
        confirmed_on=date(2025, 4, 2),
        member_list=(MemberSnapshot("Айнура Кадырова", "0700 000003", Standing.COMMUNITY, "төрайым", FIRST.id),),
    ),
    PeopleGroupSnapshot(id=ids("people", "monitoring"), kind=GroupKind.MONITORING, name="Мониторинг тобу", members=6),
)


def match(key: str, agreement: float, *sessions: str) -> MatchSnapshot:
    own = [one for event in EVENTS for one in event.features if one.id in {ids("feature", s, key) for s in sessions}]
    return MatchSnapshot(
        id=ids("match", key),
        feature_ids=tuple(one.id for one in own),
        agreement=agreement,
        geometry=own[0].geometry,
        canonical_feature_id=own[0].id,
    )


MATCHES = (
    match("school", 0.94, "18–35", "36–55", "56+"),
    match("road", 0.81, "18–35", "36–55"),
    match("club", 0.72, "18–35", "36–55"),
    match("well", 0.55, "36–55", "56+"),
)


@cache
def municipality(audience: Audience = Audience.INTERNAL) -> CycleSnapshot:
    """The whole year as those who work with it see it, or as everybody does."""
    own = tuple(problem(place) for place in range(len(PROBLEMS)))
    cycle = CycleSnapshot(
        audience=Audience.INTERNAL,
        municipality=MUNICIPALITY,
        year=YEAR,
        as_of=AS_OF,
        events=EVENTS,
        problems=own,
        municipality_problems=municipality_problems(own),
        plan=plan(),
        visits=visits(),
        groups=GROUPS_OF_PEOPLE,
        matches=MATCHES,
        credits=(CREDIT,),
    )
    return cycle if audience is Audience.INTERNAL else as_public(cycle)


def as_public(cycle: CycleSnapshot) -> CycleSnapshot:
    """The same without people's names, contacts, givers and small counts, as DOMAIN.md section 11 has it."""
    return replace(
        cycle,
        audience=Audience.PUBLIC,
        events=tuple(
            replace(one, facilitator_names=(), signatures=(), participant_list=(), minutes=None) for one in cycle.events
        ),
        visits=tuple(
            replace(one, members=(), member_count=None if (one.member_count or 5) < 5 else one.member_count, point=None)
            for one in cycle.visits
        ),
        groups=tuple(replace(one, member_list=()) for one in cycle.groups),
    )


def year_before(cycle: CycleSnapshot) -> CycleSnapshot:
    """The cycle before: only the young drew, half of the problems, no plan yet."""
    return replace(
        cycle,
        year=cycle.year - 1,
        as_of=cycle.as_of.replace(year=cycle.as_of.year - 1),
        events=tuple(replace(one, held_on=one.held_on.replace(year=cycle.year - 1)) for one in cycle.events[:1]),
        problems=cycle.problems[::2],
        municipality_problems=(),
        plan=None,
        visits=(),
        matches=(),
    )
