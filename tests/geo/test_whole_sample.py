"""The whole sample: something for every map and paper, loaded once and for all, with nobody named in public."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from PIL import Image
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, select

from geo.database.database import Database
from geo.domain.disclosure import is_small
from geo.domain.events import STANDARD_GROUPS, EventKind
from geo.domain.evidence import Grade
from geo.domain.institutions import Diagram, TieRelation
from geo.domain.monitoring_codes import FollowUpState
from geo.domain.plan_codes import ActivityStage, ApprovalStep, ContributionSource
from geo.domain.rights import LOCAL
from geo.models import AuditEvent
from geo.sample.whole import sample_id
from geo.services.snapshots import cycle_snapshot
from geo.services.whole_sample import WholeSample, store_whole_sample
from geo.services.workspace import Workspace
from geo.snapshots import Audience, CycleSnapshot
from geo.storage import FolderStore
from tests.support.postgis import PostgisServer

AS_OF = date(2015, 12, 1)


@pytest.fixture(scope="module", params=["geopackage", pytest.param("postgis", marks=pytest.mark.postgis)])
def loaded(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Workspace, WholeSample]]:
    """A store with the sample, for tests that only read it or load it again."""
    folder = tmp_path_factory.mktemp("whole_sample")
    for database in _databases(request, folder):
        workspace = Workspace(database, FolderStore(folder / "pictures"))
        yield workspace, store_whole_sample(workspace, actor="test")


def _databases(request: pytest.FixtureRequest, folder: Path) -> Iterator[Database]:
    if request.param == "geopackage":
        shutil.copyfile(request.getfixturevalue("upgraded_geopackage"), folder / "village.gpkg")
        database = Database(f"sqlite:///{folder / 'village.gpkg'}")
        yield database
        database.dispose()
        return
    server: PostgisServer = request.getfixturevalue("postgis_server")
    template = request.getfixturevalue("upgraded_postgis")
    with server.database() as url:
        server.copy_database(template, url)
        database = Database(url)
        yield database
        database.dispose()


def shown(
    loaded: tuple[Workspace, WholeSample], audience: Audience = Audience.INTERNAL, year: int = 2014
) -> CycleSnapshot:
    workspace, sample = loaded
    with workspace.read() as session:
        return cycle_snapshot(
            session,
            workspace.pictures,
            sample.municipality_id,
            year,
            actor=LOCAL,
            audience=audience,
            as_of=AS_OF,
        )


def test_the_year_has_something_for_every_map_and_paper(loaded: tuple[Workspace, WholeSample]) -> None:
    cycle = shown(loaded)
    village = cycle.of_settlement(loaded[1].settlement_id)
    sessions = [one for one in village.events if one.kind is EventKind.SESSION]
    assert tuple(one.group for one in sessions) == STANDARD_GROUPS
    assert all(one.participants and one.women and one.features and one.minutes for one in sessions)
    assert {one.kind for one in cycle.events} == set(EventKind) - {EventKind.HEARING}
    diagrams = {one.diagram: one for held in sessions for one in held.venns}
    assert set(diagrams) == set(Diagram)
    for diagram in (Diagram.WOMEN, Diagram.MEN):
        relations = {tie.relation for tie in diagrams[diagram].ties}
        assert {TieRelation.TOUCHING, TieRelation.PARTIAL, TieRelation.FULL} <= relations
        assert sum(one.lonlat is not None for one in diagrams[diagram].institutions) >= 4
    bread = sessions[0].bread
    assert bread is not None and not bread.incomplete
    assert sum(line.perceived_percent or 0 for line in bread.lines) == 100
    assert sum(line.actual_percent or 0 for line in bread.lines) == 100
    assert len(cycle.matches) >= 12 and max(len(one.feature_ids) for one in cycle.matches) == 3
    water = village.problems[0]
    assert (water.votes, len(water.statements), len(water.merged_titles)) == (36, 3, 3)
    assert water.causes and water.merge_reasons and water.feature_ids and water.geometry is not None
    assert {one.title for one in cycle.activities_for(water)} >= {"20 колонка жана 3 км түтүк куруу"}
    assert [one.votes for one in cycle.municipality_problems][:3] == [50, 49, 28]
    assert any(one.is_tied for one in cycle.problems)


def test_the_plan_and_its_monitoring_show_every_kind(loaded: tuple[Workspace, WholeSample]) -> None:
    cycle = shown(loaded)
    plan = cycle.plan
    assert plan is not None and [one.step for one in plan.approvals] == list(ApprovalStep)
    assert {one.status for one in plan.activities} == set(ActivityStage)
    given = {one.source for activity in plan.activities for one in activity.contributions}
    assert given == set(ContributionSource) - {ContributionSource.SEVERAL}
    places = [one.geometry.geom_type for one in plan.activities if one.geometry is not None]
    assert set(places) == {"Point", "LineString", "Polygon"}
    assert all(goal.problem_id is not None for goal in plan.goals)
    assert {one.settlement_id for one in plan.activities} >= {sample_id("tort_kul"), None}
    visits = cycle.visits
    assert [one.evidence.grade for one in visits if one.evidence] == [Grade.D, Grade.A, Grade.A, Grade.A]
    service = next(one for one in visits if one.checklist)
    assert service.checklist_totals is not None and service.checklist_totals.points == 19
    states = {one.state for visit in visits for one in visit.agreements}
    assert states == {FollowUpState.DONE, FollowUpState.OVERDUE, FollowUpState.OPEN}
    # Twice written down, once shown: the correction stands.
    assert [one.actual.quantity for one in visits if one.activity_id == sample_id("a.pipe")] == [13]
    photos = [photo for visit in visits for photo in visit.photos]
    assert len(photos) == 5
    for photo in photos:
        with Image.open(BytesIO(photo.jpeg)) as picture:
            assert (picture.format, max(picture.size)) == ("JPEG", 320)
            assert not picture.getexif()


def test_two_years_can_be_compared(loaded: tuple[Workspace, WholeSample]) -> None:
    earlier = shown(loaded, year=loaded[1].earlier_year)
    assert len(earlier.events) == 2 and all(one.features for one in earlier.events)
    assert earlier.problems[0].title == "Сугат суу жетишсиз" and earlier.problems[0].votes == 40
    assert earlier.plan is not None and len(earlier.plan.activities) == 6
    assert len(earlier.visits) == 2


def test_loading_again_changes_nothing(loaded: tuple[Workspace, WholeSample]) -> None:
    workspace, first = loaded

    def written() -> int:
        with workspace.read() as session:
            return session.scalar(select(func.count()).select_from(AuditEvent)) or 0

    before = written()
    again = store_whole_sample(workspace, actor="test")
    assert first.made > 300 and first.photos == 5
    assert (again.made, again.photos) == (0, 0)
    assert written() == before


def test_nobody_is_named_in_public_and_no_small_count_is_told(loaded: tuple[Workspace, WholeSample]) -> None:
    told = shown(loaded, Audience.PUBLIC)
    whole = shown(loaded)
    people = set(_people(whole))
    assert len(people) > 30 and "Максат Карыпов" in people
    everything = [value for value in _values(whole) if isinstance(value, str)]
    assert sum(any(name in value for value in everything) for name in people) > 30  # the walk finds them where they are
    strings = [value for value in _values(told) if isinstance(value, str)]
    assert len(strings) > 500
    assert [(name, value) for value in strings for name in people if name in value] == []
    for year in (told, shown(loaded, Audience.PUBLIC, year=2012)):
        assert [found for found in _counts(year) if is_small(found[1])] == []
        for held in year.events:
            known = held.participants is not None and held.women is not None
            assert not (known and is_small((held.participants or 0) - (held.women or 0)))
    assert any(is_small(count) for _, count in _counts(whole))


def test_what_is_public_is_less(loaded: tuple[Workspace, WholeSample]) -> None:
    told, whole = shown(loaded, Audience.PUBLIC), shown(loaded)
    # The session of the elders is not published, one visit is not, one group is not.
    assert len(whole.events) - len(told.events) == 1
    assert len(whole.visits) - len(told.visits) == 1
    assert {one.name for one in whole.groups} - {one.name for one in told.groups} == {"Жумушчу топ (үлгү)"}
    # 10 and 16 votes of the two published sessions; the 10 of the elders are not told.
    assert (told.problems[0].votes, whole.problems[0].votes) == (26, 36)
    home = sample_id("session.mid/home")
    assert any(one.id == home for held in whole.events for one in held.features)
    assert all(one.id != home for held in told.events for one in held.features)
    assert told.matches and len(told.matches) < len(whole.matches)
    assert all(visit.members == () for visit in told.visits) and all(one.jpeg for v in told.visits for one in v.photos)


def _people(cycle: CycleSnapshot) -> Iterator[str]:
    for held in cycle.events:
        yield from (*held.facilitator_names, *held.signatures)
        for one in held.participant_list:
            yield from filter(None, (one.name, one.contact))
    for group in cycle.groups:
        for member in group.member_list:
            yield from filter(None, (member.name, member.contact))
    for visit in cycle.visits:
        yield from visit.members
    for activity in cycle.plan.activities if cycle.plan else ():
        yield from (one.giver for one in activity.contributions if one.giver)
    yield "Максат Карыпов"  # who did what was agreed


def _walk(value: Any, visit: Callable[[str, Any], None], name: str = "") -> None:
    visit(name, value)
    if is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            _walk(getattr(value, field.name), visit, field.name)
    elif isinstance(value, dict):
        for one in value.values():
            _walk(one, visit)
    elif isinstance(value, list | tuple | set | frozenset):
        for one in value:
            _walk(one, visit, name)
    else:
        # Whatever is not looked into must be a plain value: a new kind of thing in a snapshot is not passed by.
        assert value is None or isinstance(value, str | int | float | date | UUID | Enum | bytes | BaseGeometry), value


def _values(cycle: CycleSnapshot) -> list[Any]:
    found: list[Any] = []
    _walk(cycle, lambda _name, value: found.append(value))
    return found


def _counts(cycle: CycleSnapshot) -> list[tuple[str, int | None]]:
    """Counts of people by group and sex. How many monitors went on a visit is none: what went is what it proves."""
    names = {"participants", "women", "men", "members", "beneficiaries_direct", "beneficiaries_indirect"}
    found: list[tuple[str, int | None]] = []

    def note(name: str, value: Any) -> None:
        if name in names and isinstance(value, int):
            found.append((name, value))

    _walk(cycle, note)
    return found


def test_places_are_told_in_metres() -> None:
    from geo.sample.whole import sample_shape

    here = sample_shape({"point": [0, 0]}, origin="village_x")
    assert here == Point(78.2385, 42.495)
