"""What is said of a problem that is not published is not told where its published notes are, on both engines."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from geo.domain.rights import LOCAL
from geo.domain.territory import MunicipalityKind
from geo.models import AppraisalEvent, Municipality, Problem
from geo.services.records.writing import publish
from geo.services.workspace import Workspace
from tests.api.signed_in import app_of, client_of, keys_of_roles, settings_of
from tests.geo.gallery_walls import RESOURCE, problem_of, say, store_kok_irim

API = "/api/v1"


def test_competence_and_version_are_withheld_with_the_title(
    workspace: Workspace, database_url: str, tmp_path: Path
) -> None:
    with workspace.write(actor="test") as session:
        wall = store_kok_irim(session)
        elsewhere = Municipality(name_ky="Башка", kind=MunicipalityKind.AIMAK)
        session.add(elsewhere)
        session.flush()
        keys = keys_of_roles(session, wall.municipality, elsewhere.id)
        (event,) = session.scalars(select(AppraisalEvent).where(AppraisalEvent.id == wall.events[0]))
        event.participants, event.published_at = 1000, event.created_at
        said = say(session, event.id, "Жол начар", 900, competence="4")
        problem = session.scalars(select(Problem).where(Problem.id == problem_of(said))).one()
        problem.title, problem.competence = "Купуя аталыш", "9"
        session.flush()
        publish(session, RESOURCE["problem-statements"], said.record.id, actor=LOCAL, seen=None, shown=True)
    for who, title, competence in (("", "Жол начар", "4"), ("council_member", "Купуя аталыш", "9")):
        client = client_of(app_of(settings_of(tmp_path, database_url)), key=keys.get(who, ""))
        listed = client.get(f"{API}/municipalities/{wall.municipality}/priorities").json()["lines"]
        notes = client.get(f"{API}/events/{event.id}/wall").json()["groups"]
        for line in (_of(listed, problem.id), _of(notes, problem.id)):
            assert (line["title"], line["competence"]) == (title, competence)
            assert (line["version"] is None) is (who == "")
        counted = client.get(f"{API}/priority-counts").json()
        assert (competence in {one["competence"] for one in counted}) is True
        assert who or "9" not in {one["competence"] for one in counted}


def _of(lines: list[dict[str, object]], problem: UUID) -> dict[str, object]:
    (found,) = (one for one in lines if one["problem_id"] == str(problem))
    return found
