"""The service as benchmarks ask it: in processes of its own, on the loopback."""

from __future__ import annotations

import contextlib
import sys
import tempfile
from collections.abc import Iterator

from fastapi import FastAPI

from api.app import create_app
from api.settings import Settings
from tests.bench.tipg_peer import free_port, served

__all__ = ["make_app", "our_server"]


def make_app() -> FastAPI:
    """Put the service together by the environment; called in each worker."""
    return create_app(Settings())


@contextlib.contextmanager
def our_server(database_url: str, *, workers: int = 2) -> Iterator[str]:
    """Serve a store and lend the service's address.

    Parameters
    ----------
    database_url
        SQLAlchemy URL of an upgraded store.
    workers
        Processes.
    """
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "--factory", "tests.bench.our_service:make_app", "--port", str(port)]
    command += ["--workers", str(workers), "--log-level", "warning", "--no-access-log"]
    with tempfile.TemporaryDirectory(prefix="ayilmap-bench-") as folder:
        environment = {"AYILMAP_DATA": folder, "AYILMAP_DATABASE_URL": database_url}
        with served(command, f"http://127.0.0.1:{port}", "/api/v1/health", environment=environment) as address:
            yield address
