"""tipg, the peer that the service is measured against: in an environment of its own, on the same database.

Source: tipg 1.6 (MIT licence), its settings ``TIPG_…`` and ``DATABASE_URL``; started as its documentation says, with
the compiled event loop and HTTP parser that ``uvicorn[standard]`` brings.
"""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

__all__ = ["free_port", "served", "tipg_server"]

ENVIRONMENT = Path(__file__).resolve().parents[2] / "var" / "bench" / "tipg"
REQUIREMENTS = ("tipg==1.6.1", "uvicorn[standard]==0.54.0")
PATIENCE_S = 60.0


@contextlib.contextmanager
def tipg_server(database_url: str, *, workers: int = 2) -> Iterator[str]:
    """Serve a database by tipg and lend its address; the environment is made on first use.

    Parameters
    ----------
    database_url
        SQLAlchemy URL of a database on a unix socket.
    workers
        Processes.
    """
    parts = urlsplit(database_url)
    folder = parse_qs(parts.query)["host"][0]
    name = parts.path.lstrip("/")
    settings = {
        "DATABASE_URL": f"postgresql://{parts.username}@{quote(folder, safe='')}/{name}",
        "TIPG_DB_SCHEMAS": '["public"]',
        "TIPG_CATALOG_TTL": "100000",
        "TIPG_ADD_TILES_VIEWER": "false",
        "TIPG_TABLE_CONFIG__public_map_feature__PK": "fid",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    port = free_port()
    command = [str(_python()), "-m", "uvicorn", "tipg.main:app", "--port", str(port), "--workers", str(workers)]
    command += ["--log-level", "warning", "--no-access-log"]
    with served(command, f"http://127.0.0.1:{port}", "/healthz", environment=settings) as address:
        yield address


@contextlib.contextmanager
def served(command: list[str], address: str, probe: str, *, environment: dict[str, str]) -> Iterator[str]:
    """Run a server for the length of the block, from its first answer on."""
    process = subprocess.Popen(command, env=os.environ | environment, start_new_session=True)
    try:
        _wait(process, address + probe)
        yield address
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    """Return a port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(process: subprocess.Popen[bytes], address: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise RuntimeError(f"{address} did not answer")


def _python() -> Path:
    python = ENVIRONMENT / "bin" / "python"
    stamp = ENVIRONMENT / "requirements.txt"
    wanted = "\n".join(REQUIREMENTS)
    if not (stamp.exists() and stamp.read_text(encoding="utf-8") == wanted):
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *REQUIREMENTS], check=True)
        stamp.write_text(wanted, encoding="utf-8")
    return python
