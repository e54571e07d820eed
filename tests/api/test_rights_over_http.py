"""Every kind of record, every role, every action over HTTP: what ``rights.txt`` says and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry
from sqlalchemy import inspect
from sqlalchemy.orm import Session

from api.settings import Settings
from geo.domain.rights import Action
from geo.domain.territory import MunicipalityKind
from geo.models import AppraisalEvent, Cycle, Municipality
from geo.models.base import now
from geo.models.governed import Withdrawable
from geo.repositories.visibility import SUBJECT_OF
from geo.services.records.registry import RESOURCES
from geo.services.records.resource import Resource
from geo.services.workspace import Workspace
from tests.api.any_record import AnyRecord
from tests.api.rights_table import ACTORS, CELLS, LETTERS
from tests.api.signed_in import app_of, client_of, keys_of_roles, settings_of

pytestmark = pytest.mark.timeout(1800)
"""Some ten thousand requests for an engine: a minute of a free machine, many of a busy one."""

DENIED = {401, 403, 404, 405}
OF_NOBODY_YET = {"municipalities", "settlements"}
"""A new one lies in no municipality, so only a role held everywhere makes it."""
WRITES = (("h", "PATCH", ""), ("p", "DELETE", "/publication"), ("p", "PUT", "/publication"))


@dataclass
class World:
    """A store with rows of a municipality, and clients in every role."""

    workspace: Workspace
    known: dict[str, UUID]
    clients: dict[str, TestClient]

    def row(self, resource: Resource[Any], *, published: bool) -> UUID:
        """Make a row of a kind; of a municipality and its village, those that the roles are for."""
        table = resource.model.__tablename__
        if table in {"municipality", "settlement"}:
            return self.known[table]
        with self.workspace.write(actor="test") as session:
            columns = inspect(resource.model).local_table.columns
            numbers = {
                name: value
                for name, value in resource.example.items()
                if isinstance(value, int | float) and name in columns and columns[name].nullable
            }
            row = AnyRecord(session, self.known).make(resource.model, **numbers)
            if published and isinstance(row, Withdrawable):
                row.published_at = now()
            session.flush()
            return UUID(str(row.id))


@pytest.fixture
def world(workspace: Workspace, event_id: UUID, database_url: str, tmp_path: Path) -> Iterator[World]:
    with workspace.write(actor="test") as session:
        known = _known(session, event_id)
        there = Municipality(name_ky="Башка айыл аймагы", kind=MunicipalityKind.AIMAK)
        session.add(there)
        session.flush()
        keys = keys_of_roles(session, known["municipality"], there.id)
    on = app_of(settings_of(tmp_path, database_url))
    off = app_of(Settings(data=tmp_path, database_url=database_url))
    clients = {who: client_of(on, key=keys[who]) for who in keys}
    clients |= {"public": client_of(on), "local": client_of(off)}
    yield World(workspace, known, clients)
    for app in (on, off):
        app.state.settings.workspace.database.dispose()


def _known(session: Session, event_id: UUID) -> dict[str, UUID]:
    event = session.query(AppraisalEvent).filter_by(id=event_id).one()
    cycle = session.query(Cycle).filter_by(id=event.cycle_id).one()
    return {
        "municipality": cycle.municipality_id,
        "settlement": event.settlement_id,
        "cycle": cycle.id,
        "appraisal_event": event.id,
    }


def test_a_kind_is_governed_as_its_table_is() -> None:
    for resource in RESOURCES.values():
        assert SUBJECT_OF[resource.model.__tablename__] is resource.subject, resource.name


def test_nothing_withheld_can_be_asked_for_by_a_filter_or_an_order() -> None:
    for resource in RESOURCES.values():
        asked = {*resource.filters, *resource.sorts}
        assert not asked & {*resource.private, *resource.people, *resource.unshown, *resource.counts}, resource.name


def test_reading(world: World) -> None:
    wrong = []
    for resource in RESOURCES.values():
        rows = {shown: world.row(resource, published=shown) for shown in (False, True)}
        can_publish = issubclass(resource.model, Withdrawable) and not resource.never_public
        for who in ACTORS:
            cell = CELLS[resource.subject, who]
            for shown, row in rows.items():
                expected = bool({"r", "a"} & set(cell)) or ("o" in cell and shown and can_publish)
                answer = world.clients[who].get(f"/api/v1/{resource.name}/{row}")
                if answer.status_code != (200 if expected else 404):
                    wrong.append(f"{who} reads {resource.name} {shown=}: {answer.status_code} {answer.text[:300]}")
            listed = world.clients[who].get(f"/api/v1/{resource.name}?limit=1000&count=true")
            values = listed.json()
            ids = {one["id"] for one in values.get("features", values.get("items", []))}
            seen = {shown for shown, row in rows.items() if str(row) in ids}
            right = {shown for shown in rows if {"r", "a"} & set(cell) or ("o" in cell and shown and can_publish)}
            if listed.status_code != 200 or seen != right or values["matched"] < len(ids):
                wrong.append(f"{who} lists {resource.name}: {listed.status_code} {seen}")
    assert not wrong, "\n".join(wrong)


def test_changing_and_publishing(world: World) -> None:
    wrong = []
    for resource in RESOURCES.values():
        row = world.row(resource, published=True)
        for who in ACTORS:
            client, cell = world.clients[who], CELLS[resource.subject, who]
            for letter, method, path in (
                ("h", "PATCH", ""),
                ("p", "PUT", "/publication"),
                ("p", "DELETE", "/publication"),
            ):
                action = LETTERS[letter]
                answer = client.request(
                    method,
                    f"/api/v1/{resource.name}/{row}{path}",
                    headers={"If-Match": "*"},
                    **({"json": _nothing(resource)} if method == "PATCH" else {}),
                )
                has = letter in cell and (bool(path) or action in resource.actions)
                # A row made of nothing may break rules of its kind, but never those of rights.
                fits = answer.status_code in {200, 422} if has else answer.status_code in DENIED
                if has and answer.status_code in {404, 405} and path and resource.never_public:
                    fits = True
                if not fits and not (has and path and not issubclass(resource.model, Withdrawable)):
                    wrong.append(f"{who} {method}{path} {resource.name}: {answer.status_code} {answer.text[:200]}")
    assert not wrong, "\n".join(wrong)


def test_withdrawing(world: World) -> None:
    wrong = []
    for resource in RESOURCES.values():
        if Action.WITHDRAW not in resource.actions or not issubclass(resource.model, Withdrawable):
            continue
        row = world.row(resource, published=True)
        for who in sorted(ACTORS, key=lambda one: "w" in CELLS[resource.subject, one]):
            has = "w" in CELLS[resource.subject, who]
            if has:
                row = world.row(resource, published=True)
            answer = world.clients[who].delete(f"/api/v1/{resource.name}/{row}", headers={"If-Match": "*"})
            if answer.status_code not in ({204, 409, 422} if has else DENIED):
                wrong.append(f"{who} withdraws {resource.name}: {answer.status_code} {answer.text[:200]}")
    assert not wrong, "\n".join(wrong)


def test_making(world: World) -> None:
    wrong, proven = [], 0
    for resource in RESOURCES.values():
        if Action.CREATE not in resource.actions:
            continue
        body = _body(world, resource)
        for who in ACTORS:
            has = "c" in CELLS[resource.subject, who]
            if resource.name in OF_NOBODY_YET:
                has = who in {"everywhere", "local"}
            for path, sent in (("", body), ("/bulk", _many(resource, body))):
                answer = world.clients[who].post(f"/api/v1/{resource.name}{path}", json=sent)
                if answer.status_code == 422:
                    continue  # not understood, or against the rules of the kind: nothing is made either way
                proven += 1
                if (answer.status_code in DENIED) is has or answer.status_code >= 500:
                    wrong.append(f"{who} makes {resource.name}{path}: {answer.status_code} {answer.text[:200]}")
    assert not wrong, "\n".join(wrong)
    assert proven > 200


def _body(world: World, resource: Resource[Any]) -> dict[str, Any]:
    """Return a form that refers to rows of the municipality; its example, with their ids in it."""
    with world.workspace.write(actor="test") as session:
        row = AnyRecord(session, world.known).make(resource.model)
        values: dict[str, Any] = {}
        for name in resource.form.model_fields:
            value = getattr(row, name, None)
            if isinstance(value, UUID):
                values[name] = str(value)
            elif isinstance(value, BaseGeometry):
                values[name] = mapping(value)
            elif name in resource.example and not name.endswith("_id"):
                values[name] = resource.example[name]
    if not resource.has_geometry:
        return values
    geometry = values.pop("geometry", None)
    return {"type": "Feature", "geometry": geometry, "properties": values}


def _many(resource: Resource[Any], body: dict[str, Any]) -> Any:
    return {"type": "FeatureCollection", "features": [body]} if resource.has_geometry else [body]


def _nothing(resource: Resource[Any]) -> dict[str, Any]:
    """Return a change that changes nothing."""
    return {"type": "Feature", "properties": {}} if resource.has_geometry else {}
