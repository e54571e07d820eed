"""Who may merge, undo and be given suggestions, and what the public sees of a gallery, on both engines."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from geo.domain.rights import LOCAL
from geo.domain.territory import MunicipalityKind
from geo.models import Municipality
from geo.repositories.gallery import GalleryRepository
from geo.services.gallery_merging import merge_problems
from geo.services.records.writing import publish
from geo.services.workspace import Workspace
from tests.api.signed_in import app_of, client_of, keys_of_roles, settings_of
from tests.geo.gallery_walls import RESOURCE, problem_of, say, store_kok_irim

API = "/api/v1"
MAY_DECIDE = {"facilitator", "planner", "administrator", "everywhere"}


def test_who_may_merge_and_undo(workspace: Workspace, database_url: str, tmp_path: Path) -> None:
    with workspace.write(actor="test") as session:
        wall = store_kok_irim(session)
        elsewhere = Municipality(name_ky="Башка", kind=MunicipalityKind.AIMAK)
        session.add(elsewhere)
        session.flush()
        keys = {**keys_of_roles(session, wall.municipality, elsewhere.id), "public": ""}
        pairs: dict[str, list[UUID]] = {}
        for name in keys:
            pairs[name] = [problem_of(say(session, wall.events[0], f"{name} {word}", 1)) for word in ("жол", "көпүрө")]
    found, undone, suggested, moved = {}, {}, {}, {}
    for name, key in keys.items():
        with client_of(app_of(settings_of(tmp_path, database_url)), key=key) as client:
            form = {"problem_ids": [str(one) for one in pairs[name]], "title": name, "reason": "бирдей"}
            found[name] = client.post(f"{API}/problem-merges", json=form).status_code
            if found[name] != 201:
                with workspace.write(actor="test") as session:
                    merge_problems(session, pairs[name], title=name, reason="бирдей")
            merge = merge_of(workspace, pairs[name][0])
            undone[name] = client.post(f"{API}/problem-merges/{merge}/undo", json={}).status_code
            put = {"from_id": str(pairs[name][0]), "into_id": str(pairs[name][1]), "reason": "дубалда"}
            moved[name] = client.post(f"{API}/problems/{pairs[name][0]}/move", json=put).status_code
            address = f"{API}/municipalities/{wall.municipality}/merge-suggestions"
            suggested[name] = client.get(address).status_code
    assert {name for name, status in found.items() if status == 201} == MAY_DECIDE
    assert {name for name, status in undone.items() if status == 200} == MAY_DECIDE
    assert {name for name, status in suggested.items() if status == 200} == MAY_DECIDE
    assert {name for name, status in moved.items() if status == 200} == MAY_DECIDE
    assert {*found.values(), *undone.values(), *suggested.values(), *moved.values()} <= {200, 201, 401, 403, 404}


def merge_of(workspace: Workspace, problem: UUID) -> UUID:
    with workspace.read() as session:
        found = GalleryRepository(session).merge_of(problem)
        assert found is not None
        return found.id


def test_the_public_sees_what_is_published_and_nobodys_name(
    workspace: Workspace, database_url: str, tmp_path: Path
) -> None:
    with workspace.write(actor="Айгүл") as session:
        wall = store_kok_irim(session)
        told = [say(session, wall.events[0], word, votes) for word, votes in (("Жол начар", 70), ("Жол бузук", 2))]
        merged = merge_problems(session, [problem_of(told[0])], into_id=problem_of(told[1]), reason="бирдей")
        publish(session, RESOURCE["problem-statements"], told[0].record.id, actor=LOCAL, seen=None, shown=True)
        publish(session, RESOURCE["problem-merges"], merged.id, actor=LOCAL, seen=None, shown=True)
    with client_of(app_of(settings_of(tmp_path, database_url))) as client:
        listed = client.get(f"{API}/municipalities/{wall.municipality}/priorities").json()
        assert [(line["title"], line["votes"]) for line in listed["lines"]] == [("Жол начар", 70)]
        assert client.get(f"{API}/events/{wall.events[0]}/gallery").status_code == 404
        shown = client.get(f"{API}/problem-merges/{merged.id}")
        assert shown.status_code == 200
        assert "Айгүл" not in shown.text
        assert shown.json()["reason"] == "бирдей"
        stability = client.get(f"{API}/municipalities/{wall.municipality}/rank-stability").json()
        assert [one["votes"] for one in stability["top"]] == [70]
        assert client.get(f"{API}/priority-counts").json() == []
