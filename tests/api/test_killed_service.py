"""The service killed in the middle of its writes: what it acknowledged is there, the store is sound, work goes on."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2 as httpx
import pytest

from geo.domain.identifiers import new_id
from geo.domain.jobs import JobState
from geo.models import Job
from geo.models.base import now
from geo.services.jobs import SILENCE
from geo.services.workspace import Workspace
from tests.api.conftest import Command

WRITES, WRITERS, ASKED_AFTER, KILLED_AFTER = 1_000, 4, 290, 300
WELLS = 5_000
START_S = 120.0
WELL = {"type": "Feature", "geometry": {"type": "Point", "coordinates": [78.2385, 42.495]}, "properties": {}}


@contextmanager
def served(database_url: str, folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], httpx.Client]]:
    """Run the service as people do, in a process of its own on loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {"AYILMAP_DATA": str(folder), "AYILMAP_DATABASE_URL": database_url}
    command = [sys.executable, "-c", "from api.cli import main; main()", "serve", "--port", str(port)]
    process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL)
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
        try:
            deadline = time.monotonic() + START_S
            while True:
                assert process.poll() is None
                try:
                    assert client.get("/api/v1/health").status_code == 200
                    break
                except httpx.TransportError:
                    assert time.monotonic() < deadline
                    time.sleep(0.1)
            yield process, client
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            process.wait(60)


def ask_for_import(client: httpx.Client, event_id: UUID, wells: int) -> str:
    content = json.dumps({"type": "FeatureCollection", "features": [WELL] * wells})
    asked = client.post(
        f"/api/v1/events/{event_id}/imports", files={"file": ("a.geojson", content)}, data={"kind": "well"}
    )
    assert asked.status_code == 202, asked.text
    return str(asked.headers["location"])


def write_until_killed(
    client: httpx.Client, event_id: UUID, process: subprocess.Popen[bytes]
) -> tuple[set[str], int, str]:
    """Send writes from several threads, ask for a job, and kill the service soon after.

    Returns what was acknowledged, how many writes were not, and the address of the job.
    """
    acknowledged: set[str] = set()
    jobs: list[str] = []
    lock, killed = threading.Lock(), threading.Event()

    def write(number: int) -> bool:
        statement: dict[str, Any] = {"event_id": str(event_id), "wording": f"көйгөй {number}", "votes": 0}
        mine = str(new_id())
        body = {"type": "Feature", "id": mine, "geometry": None, "properties": statement}
        try:
            answer = client.post("/api/v1/problem-statements", json=body)
            while answer.status_code == 503:  # the import is storing its objects; nothing was acknowledged
                time.sleep(0.2)
                answer = client.post("/api/v1/problem-statements", json=body)
        except httpx.TransportError:
            assert killed.is_set()
            return False
        assert answer.status_code == 201, answer.text
        with lock:
            acknowledged.add(mine)
            if len(acknowledged) == ASKED_AFTER:
                jobs.append(ask_for_import(client, event_id, WELLS))
            if len(acknowledged) == KILLED_AFTER:
                process.kill()
                killed.set()
        return True

    with ThreadPoolExecutor(WRITERS) as pool:
        lost = list(pool.map(write, range(WRITES))).count(False)
    return acknowledged, lost, jobs[0]


@pytest.mark.timeout(600)
def test_kill_9_loses_nothing_that_was_acknowledged(
    workspace: Workspace, event_id: UUID, database_url: str, tmp_path: Path, ayilmap: Command
) -> None:
    workspace.database.dispose()
    with served(database_url, tmp_path) as (process, client):
        acknowledged, lost, job = write_until_killed(client, event_id, process)
        assert process.wait(60) == -signal.SIGKILL
    assert len(acknowledged) >= KILLED_AFTER
    assert lost > 0
    code, out, err = ayilmap("db", "check")
    assert code == 0, out + err
    begin_again(workspace, UUID(job.rpartition("/")[2]))
    with served(database_url, tmp_path) as (_, client):
        found: set[str] = set()
        url = "/api/v1/problem-statements?limit=1000"
        while url:
            page = client.get(url).json()
            found |= {one["id"] for one in page["features"]}
            url = page["next"]
        assert acknowledged <= found
        assert len(found - acknowledged) <= WRITERS  # stored, and the answer was under way
        for _ in range(600):
            told = client.get(job).json()
            if told["is_finished"]:
                break
            time.sleep(0.1)
        assert (told["state"], told["result"]) == ("done", {"features": WELLS})
        assert client.get("/api/v1/map-features?count=true&limit=1").json()["matched"] == WELLS


def begin_again(workspace: Workspace, job_id: UUID) -> None:
    """Let the minute pass after which a worker that gives no sign of life is taken for dead."""
    with workspace.write(actor="test") as session:
        job = session.query(Job).filter(Job.id == job_id).one()
        assert job.state in {JobState.WAITING, JobState.RUNNING}
        if job.state is JobState.RUNNING:
            job.seen_alive_at = now() - SILENCE - timedelta(seconds=1)
    workspace.database.dispose()
