"""A PostGIS server that goes away: 503 in words with Retry-After, and nothing has to be started again."""

from __future__ import annotations

import contextlib
import threading
import time
from typing import Any
from uuid import UUID

import psycopg2
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import make_url

from tests.support.postgis import PostgisServer

pytestmark = pytest.mark.parametrize("database_url", ["postgis"], indirect=True)


def statement(event_id: UUID) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": None,
        "properties": {"event_id": str(event_id), "wording": "Суу", "votes": 1},
    }


def is_away(answer: Any) -> bool:
    told = answer.json()
    assert (answer.status_code, told["key"]) == (503, "database.away"), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert int(answer.headers["retry-after"]) > 0
    assert answer.headers["x-content-type-options"] == "nosniff"
    return True


def test_connections_that_were_cut_while_idle_are_not_noticed(
    service: TestClient, database_url: str, postgis_server: PostgisServer, event_id: UUID
) -> None:
    assert service.post("/api/v1/problem-statements", json=statement(event_id)).status_code == 201
    assert postgis_server.drop_connections(database_url) > 0
    assert service.get("/api/v1/problem-statements").status_code == 200
    assert service.post("/api/v1/problem-statements", json=statement(event_id)).status_code == 201


def test_a_write_whose_connection_is_cut_is_told_so_and_leaves_nothing(
    service: TestClient, database_url: str, postgis_server: PostgisServer, event_id: UUID
) -> None:
    address = make_url(database_url)
    answers: list[Any] = []
    with contextlib.closing(
        psycopg2.connect(host=address.query["host"], user=address.username, dbname=address.database)
    ) as other:
        with other.cursor() as cursor:
            cursor.execute("LOCK TABLE problem_statement IN EXCLUSIVE MODE")
        writing = threading.Thread(
            target=lambda: answers.append(service.post("/api/v1/problem-statements", json=statement(event_id)))
        )
        writing.start()
        _wait_for_a_lock(postgis_server)
        postgis_server.drop_connections(database_url)
        writing.join(60)
    assert is_away(answers[0])
    assert service.get("/api/v1/problem-statements?count=true").json()["matched"] == 0
    assert service.post("/api/v1/problem-statements", json=statement(event_id)).status_code == 201


def _wait_for_a_lock(server: PostgisServer) -> None:
    with contextlib.closing(server._connect("postgres")) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        for _ in range(600):
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
            if cursor.fetchone()[0]:
                return
            time.sleep(0.05)
    raise AssertionError("nobody waits")


def test_a_server_that_is_started_again_is_found_again(
    service: TestClient, postgis_server: PostgisServer, event_id: UUID
) -> None:
    made = service.post("/api/v1/problem-statements", json=statement(event_id)).json()
    path = f"/api/v1/problem-statements/{made['id']}"
    with postgis_server.away():
        assert is_away(service.get(path))
        assert is_away(service.get("/api/v1/health"))
        assert is_away(service.get("/", headers={"Accept-Language": "ru"}))
        assert is_away(service.get("/ogc/collections/problems/items"))
        assert is_away(service.post("/api/v1/problem-statements", json=statement(event_id)))
        assert is_away(service.patch(path, json=statement(event_id), headers={"If-Match": '"1"'}))
    assert service.get(path).status_code == 200
    change = {"type": "Feature", "properties": {"wording": "Таза суу"}}
    assert service.patch(path, json=change, headers={"If-Match": '"1"'}).status_code == 200
    village = service.get("/api/v1/settlements").json()["features"][0]["id"]
    job = service.post(f"/api/v1/settlements/{village}/match-proposals").headers["location"]
    for _ in range(300):
        if service.get(job).json()["is_finished"]:
            break
        time.sleep(0.1)
    assert service.get(job).json()["state"] == "done"  # the worker too found the server again
