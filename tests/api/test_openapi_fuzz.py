"""The whole OpenAPI document tried by Schemathesis, with ids that are there: no 5xx, and every error is told."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from unittest import SkipTest
from uuid import UUID

import pytest
import requests
import schemathesis
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis.generation import GenerationMode

from api.app import create_app
from api.settings import Settings
from geo.domain.rights import Action
from geo.models import AppraisalEvent
from geo.services.records.registry import RESOURCES
from geo.services.workspace import Workspace
from tests.api.any_record import AnyRecord
from tests.api.conftest import HERE

EXAMPLES = {GenerationMode.POSITIVE: 5, GenerationMode.NEGATIVE: 3}
"""Requests of each operation; seeded, so that every run sends the same."""
SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.large_base_example, HealthCheck.data_too_large]


@dataclass
class World:
    """A service with a row of every kind."""

    client: TestClient
    ids: dict[str, UUID]
    """By table."""


@pytest.fixture
def world(workspace: Workspace, event_id: UUID, service: TestClient) -> Iterator[World]:
    with workspace.write(actor="test") as session:
        event = session.query(AppraisalEvent).filter(AppraisalEvent.id == event_id).one()
        known = {"appraisal_event": event_id, "settlement": event.settlement_id, "cycle": event.cycle_id}
        rows = AnyRecord(session, known)
        for resource in RESOURCES.values():
            table = resource.model.__tablename__
            if table not in known:
                known[table] = rows.make(resource.model).id
        session.flush()
    return World(service, known)


def document(tmp_path: Any) -> tuple[FastAPI, dict[str, Any]]:
    app = create_app(Settings(data=tmp_path))
    return app, app.openapi()


def test_the_document_is_valid_and_every_record_has_an_example(tmp_path: Any) -> None:
    _, found = document(tmp_path)
    assert [error.message for error in OpenAPIV31SpecValidator(found).iter_errors()] == []
    for name, resource in RESOURCES.items():
        if Action.CREATE in resource.actions:
            body = found["paths"][f"/api/v1/{name}"]["post"]["requestBody"]["content"]["application/json"]
            assert body.get("example"), name
    for path, operations in found["paths"].items():
        for method, operation in operations.items():
            assert operation.get("summary"), (method, path)
            assert "default" in operation["responses"], (method, path)


@pytest.mark.timeout(1200)  # a few minutes on a quiet machine
def test_no_request_of_the_document_ends_in_a_5xx(world: World) -> None:
    schema = schemathesis.openapi.from_dict(world.client.app.openapi())  # type: ignore[attr-defined]
    answers: list[str] = []
    for found in schema.get_all_operations():
        for mode, examples in EXAMPLES.items():
            answers += _try(world, found.ok(), mode, examples)
    assert len(answers) > 1_000
    faults = [answer for answer in answers if answer]
    assert faults == [], "\n".join([f"{len(faults)} of {len(answers)} requests", *sorted(set(faults))[:40]])


def _try(world: World, operation: Any, mode: GenerationMode, examples: int) -> list[str]:
    """Send some requests of an operation; returns for each what is wrong with its answer."""
    luck = random.Random(f"{operation.label} {mode}")
    answers: list[str] = []

    @settings(
        max_examples=examples,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=SLOW,
    )
    @given(operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        answers.append(_ask(world, case, luck))

    # An operation without parameters has nothing that could be wrong.
    with suppress(Unsatisfiable, SkipTest):
        ask()
    return answers


def _ask(world: World, case: Any, luck: random.Random) -> str:
    """Send a request, half the time with ids that are there; returns what is wrong with the answer."""
    for name in case.path_parameters or {}:
        table = _table(case.path, name)
        if table in world.ids and luck.random() < 0.75:
            case.path_parameters[name] = str(world.ids[table])
    sent = case.as_transport_kwargs(base_url=HERE)
    headers = {name: value for name, value in sent.pop("headers", {}).items() if name.lower() != "user-agent"}
    if case.method in {"PATCH", "DELETE", "PUT"} and luck.random() < 0.7:
        headers["If-Match"] = luck.choice(["*", '"1"', '"2"'])
    kept = {name: sent[name] for name in ("method", "url", "params", "json", "data", "files") if name in sent}
    request = requests.Request(**kept, headers={name: value for name, value in headers.items() if name.isascii()})
    ready = request.prepare()
    body = ready.body or b""
    answer = world.client.request(
        str(ready.method),
        str(ready.url),
        content=body if isinstance(body, bytes | str) else b"".join(body),
        headers={name: str(value).encode("latin-1", "replace") for name, value in ready.headers.items()},
        follow_redirects=False,
    )
    told = f"{case.method} {case.path}: {answer.status_code} {answer.text[:160]}"
    if answer.status_code >= 500:
        return told
    if answer.status_code >= 400 and answer.headers["content-type"] != "application/problem+json":
        return f"no problem document: {told}"
    return "" if "content-security-policy" in answer.headers else f"no policy: {told}"


def _table(path: str, name: str) -> str:
    """Return the table whose id a part of an address is."""
    if name == "record_id":
        return RESOURCES[path.split("/")[3]].model.__tablename__ if path.split("/")[3] in RESOURCES else ""
    word = name.removesuffix("_id")
    return {"event": "appraisal_event", "visit": "monitoring_visit", "photo": "visit_photo"}.get(word, word)
