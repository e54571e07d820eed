"""Made once, handed out as long as it shows what is recorded, and drawn anew by exactly the right write."""

from __future__ import annotations

import threading
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from shapely.geometry import Point

from api.rendering.asked import Asked, Parameters
from api.rendering.kept import Kept, KeptFiles
from api.rendering.kinds import RenderingFormat, RenderingKind
from api.rendering.making import find_made, make, want
from geo.domain.rights import LOCAL, PUBLIC, Actor, Role
from geo.domain.territory import MunicipalityKind
from geo.drafts import NewSheet
from geo.errors import Forbidden, NotFound, Refused
from geo.i18n import Language
from geo.models import AppraisalEvent, Cycle, Municipality, Participant, Settlement
from geo.services.jobs import Cancelled
from geo.services.sheets import store_sheet
from geo.services.workspace import Workspace
from geo.snapshots import Audience

TODAY = date(2026, 11, 22)
Make = Callable[..., Kept]


def quiet(_part: float, _step: str) -> None:
    pass


def asked(event_id: UUID, *, audience: Audience = Audience.INTERNAL, **more: Any) -> Asked:
    kind = more.pop("kind", RenderingKind.SESSION_MAP)
    language = more.pop("language", Language.KY)
    format = more.pop("format", None)
    given = Parameters(event_id=event_id, **more)
    return Asked.of(kind, given, language=language, audience=audience, format=format)


@pytest.fixture
def files(tmp_path: Path) -> KeptFiles:
    return KeptFiles(tmp_path / "renderings", 100)


@pytest.fixture
def made(workspace: Workspace, files: KeptFiles, event_id: UUID) -> Make:
    def run(actor: Actor = LOCAL, today: date = TODAY, **more: Any) -> Kept:
        return make(workspace, files, asked(event_id, **more), actor=actor, today=today, tell=quiet)

    return run


def drawn_at(files: KeptFiles, kept: Kept) -> tuple[int, int]:
    """What changes when a file is written again: its inode, and that of its note."""
    path = files.path(kept)
    return path.stat().st_ino, path.with_suffix(".json").stat().st_ino


def event_of(session: Any, event_id: UUID) -> AppraisalEvent:
    found = session.get(AppraisalEvent, session.query(AppraisalEvent.fid).filter_by(id=event_id).scalar())
    assert isinstance(found, AppraisalEvent)
    return found


def publish(workspace: Workspace, event_id: UUID, moment: datetime | None) -> None:
    with workspace.write(actor="test") as session:
        event_of(session, event_id).published_at = moment


def test_the_same_question_is_answered_without_drawing(made: Make, files: KeptFiles) -> None:
    first = made()
    before = drawn_at(files, first)
    steps: list[str] = []
    again = made()
    assert (again, drawn_at(files, again), steps) == (first, before, [])
    content = files.content(first)
    assert content is not None
    assert content.lstrip().lower().startswith(b"<!doctype html>")
    assert first.name == "Жолугушуунун картасы – Үлгү айылы – 18–35 жаш – 2014-11-19.html"


def test_a_write_of_what_is_shown_draws_anew(workspace: Workspace, made: Make, event_id: UUID, sheet: NewSheet) -> None:
    first = made()
    with workspace.write(actor="test") as session:
        store_sheet(session, workspace.pictures, event_id, sheet)
    second = made()
    assert second.sha256 != first.sha256
    with workspace.write(actor="test") as session:
        event_of(session, event_id).held_on = date(2014, 11, 20)
    third = made()
    assert third.sha256 not in {first.sha256, second.sha256}


def test_a_write_of_something_else_reads_again_but_draws_nothing(
    workspace: Workspace, made: Make, files: KeptFiles, event_id: UUID
) -> None:
    first = made()
    before = drawn_at(files, first)
    with workspace.write(actor="test") as session:
        session.add(Municipality(name_ky="Башка айыл аймагы", kind=MunicipalityKind.AIMAK))
        session.add(Settlement(name_ky="Башка айыл", geometry=Point(75.0, 41.0)))
        session.query(AppraisalEvent).one().facilitators = 3  # not on the map of the session
    with workspace.read() as session:
        wanted = want(session, asked(event_id), actor=LOCAL, today=TODAY)
    assert find_made(files, wanted) is None  # something was written: it has to be looked at
    again = made()
    assert (again, drawn_at(files, again)) == (first, before)


def test_another_day_reads_again_but_draws_only_what_shows_the_day(made: Make, files: KeptFiles) -> None:
    first = made()
    before = drawn_at(files, first)
    assert drawn_at(files, made(today=date(2026, 11, 23))) == before


def test_languages_formats_and_audiences_never_share_a_file(
    workspace: Workspace, made: Make, event_id: UUID, files: KeptFiles
) -> None:
    publish(workspace, event_id, datetime.now(UTC))
    minutes = {"kind": RenderingKind.FORM, "form": "session_minutes"}
    kept = [
        made(),
        made(language=Language.RU),
        made(audience=Audience.PUBLIC),
        made(**minutes),
        made(**minutes, format=RenderingFormat.DOCX),
    ]
    assert len({one.key for one in kept}) == len({files.path(one) for one in kept}) == 5


def test_the_public_version_needs_publication_whoever_asks(workspace: Workspace, made: Make, event_id: UUID) -> None:
    for actor in (LOCAL, PUBLIC):
        with pytest.raises(NotFound):
            made(actor, audience=Audience.PUBLIC)
    publish(workspace, event_id, datetime.now(UTC))
    assert made(PUBLIC, audience=Audience.PUBLIC) == made(LOCAL, audience=Audience.PUBLIC)
    publish(workspace, event_id, None)  # taken back: what is kept is handed out no more
    with pytest.raises(NotFound):
        made(PUBLIC, audience=Audience.PUBLIC)


def test_the_internal_version_is_for_readers_of_the_municipality(
    workspace: Workspace, made: Make, event_id: UUID
) -> None:
    publish(workspace, event_id, datetime.now(UTC))
    made(LOCAL)
    with pytest.raises(Forbidden) as refused:
        made(PUBLIC)
    assert refused.value.key == "rendering.not_for_public"
    with workspace.read() as session:
        owner = session.query(Cycle.municipality_id).scalar()
    reader = Actor("reader", UUID(int=1), roles={owner: frozenset({Role.COUNCIL_MEMBER})})
    assert made(reader).format is RenderingFormat.HTML
    stranger = Actor("stranger", UUID(int=2), roles={UUID(int=9): frozenset({Role.ADMINISTRATOR})})
    with pytest.raises(Forbidden):
        made(stranger)


def test_people_are_on_internal_papers_for_those_who_may_read_them_alone(
    workspace: Workspace, made: Make, files: KeptFiles, event_id: UUID
) -> None:
    with workspace.write(actor="test") as session:
        owner = session.query(Cycle.municipality_id).scalar()
        person = "Жолдошбекова Айжамал"
        session.add(
            Participant(municipality_id=owner, event_id=event_id, number=1, name=person, contact="0555 12 34 56")
        )
    people = {"kind": RenderingKind.FORM, "form": "participant_list", "format": RenderingFormat.DOCX}
    planner, council = (
        Actor("one", UUID(int=number), roles={owner: frozenset({role})})
        for number, role in ((1, Role.PLANNER), (2, Role.COUNCIL_MEMBER))
    )

    def told(kept: Kept) -> bool:
        with zipfile.ZipFile(files.path(kept)) as archive:
            return person in archive.read("word/document.xml").decode()

    assert made(planner, **people) == made(LOCAL, **people)
    assert told(made(planner, **people))
    assert not told(made(council, **people))


def test_a_blank_form_for_anybody_needs_no_store(files: KeptFiles, tmp_path: Path) -> None:
    from geo.database.database import Database
    from geo.storage import FolderStore

    nothing = Workspace(Database(str(tmp_path / "no.gpkg")), FolderStore(tmp_path))
    given = Parameters(form="participant_list", blank=True)
    wanted = Asked.of(RenderingKind.FORM, given, language=Language.EN, audience=Audience.PUBLIC)
    kept = make(nothing, files, wanted, actor=PUBLIC, today=TODAY, tell=quiet)
    assert (files.content(kept) or b"").startswith(b"%PDF")
    assert make(nothing, files, wanted, actor=PUBLIC, today=date(2030, 1, 1), tell=quiet) == kept


def test_an_event_of_another_year_is_refused(workspace: Workspace, files: KeptFiles, event_id: UUID) -> None:
    wrong = asked(event_id, kind=RenderingKind.FORM, form="session_minutes", year=2013)
    with pytest.raises(Refused) as refused:
        make(workspace, files, wanted_or(wrong), actor=LOCAL, today=TODAY, tell=quiet)
    assert refused.value.key == "rendering.event_elsewhere"


def wanted_or(one: Asked) -> Asked:
    assert Asked.of_id(one.id) == one
    return one


def test_a_place_without_a_cycle_says_what_to_enter_first(workspace: Workspace, files: KeptFiles) -> None:
    with workspace.write(actor="test") as session:
        place = Municipality(name_ky="Жаңы айыл аймагы", kind=MunicipalityKind.AIMAK)
        session.add(place)
        session.flush()
        place_id = place.id
    given = Parameters(form="joint_action_plan", municipality_id=place_id)
    wanted = Asked.of(RenderingKind.FORM, given, language=Language.KY, audience=Audience.INTERNAL)
    with pytest.raises(Refused) as refused:
        make(workspace, files, wanted, actor=LOCAL, today=TODAY, tell=quiet)
    assert refused.value.key == "rendering.no_cycle_yet"


def test_stopped_on_the_way_it_keeps_nothing(workspace: Workspace, files: KeptFiles, event_id: UUID) -> None:
    steps: list[str] = []

    def stop(_part: float, step: str) -> None:
        steps.append(step)
        if step == "job.step.storing":
            raise Cancelled

    with pytest.raises(Cancelled):
        make(workspace, files, asked(event_id), actor=LOCAL, today=TODAY, tell=stop)
    assert steps == [f"job.step.{name}" for name in ("reading_record", "comparing_record", "drawing", "storing")]
    assert not files.folder.exists()


def test_two_at_once_make_one_file(workspace: Workspace, made: Make, files: KeptFiles) -> None:
    found: list[Kept] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            found.append(made())
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert errors == []
    assert len({(one.key, one.sha256) for one in found}) == 1
    assert len(list(files.folder.glob("files/*/*.html"))) == 1
