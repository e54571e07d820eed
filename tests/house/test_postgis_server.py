"""The private PostGIS server: apart from the system's, never root, gone afterwards, at home anywhere."""

from __future__ import annotations

import os
import pwd
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.support import programs
from tests.support.postgis import PREFIX, SOCKET_NAME, URL_VARIABLE, PostgisServer, postgis_server
from tests.support.programs import Program, command_to_install

REPO = Path(__file__).resolve().parents[2]
PRINT_URL_AND_WAIT = f"import os, time; print(os.environ['{URL_VARIABLE}'], flush=True); time.sleep(120)"


def scalar(url: str, statement: str) -> object:
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return connection.execute(text(statement)).scalar()
    finally:
        engine.dispose()


def socket_folder(url: str) -> Path:
    return Path(url.partition("host=")[2])


def server_pids(folder: Path) -> list[int]:
    """Processes whose data lie beside this socket folder."""
    data = os.fsencode(folder.parent / "data")
    pids = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if data in command:
            pids.append(int(process.name))
    return pids


def gone_within(folder: Path, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while server_pids(folder) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not server_pids(folder)


def test_each_database_is_new_and_has_postgis(postgis_server: PostgisServer) -> None:
    with postgis_server.database() as first, postgis_server.database() as second:
        assert first != second
        assert str(scalar(first, "SELECT postgis_lib_version()")) >= "3"
        assert scalar(first, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 1  # spatial_ref_sys
    assert scalar(postgis_server.url("postgres"), "SELECT count(*) FROM pg_database WHERE datname LIKE 'test_%'") == 0


def test_a_template_is_prepared_once_and_copied(postgis_server: PostgisServer) -> None:
    def prepare(url: str) -> None:
        engine = create_engine(url)
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE village (name TEXT)"))
        engine.dispose()

    template = postgis_server.create_template("template_village", prepare)
    with postgis_server.database(template=template) as url:
        assert scalar(url, "SELECT count(*) FROM village") == 0
    postgis_server.drop_database(template)


def test_the_server_listens_on_a_socket_alone_and_is_not_root(postgis_server: PostgisServer, postgis_url: str) -> None:
    assert scalar(postgis_url, "SHOW listen_addresses") == ""
    (pid,) = server_pids(postgis_server.socket_folder)
    owner = Path(f"/proc/{pid}").stat().st_uid
    assert owner != 0, pwd.getpwuid(owner)
    assert postgis_server.socket_folder.stat().st_mode & 0o077 == 0


@pytest.mark.postgis
def test_a_folder_too_deep_for_a_socket_is_left_with_a_reason(tmp_path: Path) -> None:
    deep = tmp_path / ("ө" * 60)
    with postgis_server(parent=deep) as server:
        assert "a socket's path would have" in server.reason
        assert len(os.fsencode(server.socket_folder / SOCKET_NAME)) <= 107
        folder = server.socket_folder
    assert not folder.parent.exists()
    assert list(deep.iterdir()) == []


@pytest.mark.postgis
def test_a_folder_that_the_servers_user_may_not_enter_is_left_with_a_reason() -> None:
    with tempfile.TemporaryDirectory() as closed:  # mode 700, as a home folder may be
        Path(closed).chmod(0o700 if os.geteuid() == 0 else 0o500)
        with postgis_server(parent=Path(closed) / "var") as server:
            assert server.reason
            assert not server.socket_folder.is_relative_to(closed)
        Path(closed).chmod(0o700)


@pytest.mark.postgis
def test_a_failing_block_stops_the_server_too(tmp_path_factory: pytest.TempPathFactory) -> None:
    with pytest.raises(KeyboardInterrupt), postgis_server() as server:
        folder = server.socket_folder
        raise KeyboardInterrupt
    assert server_pids(folder) == []
    assert not folder.parent.exists()


@pytest.mark.postgis
def test_a_killed_owner_takes_the_server_along_and_the_next_one_sweeps() -> None:
    command = [sys.executable, "-m", "tests.support.postgis", "--", sys.executable, "-c", PRINT_URL_AND_WAIT]
    with subprocess.Popen(command, cwd=REPO, stdout=subprocess.PIPE, text=True, start_new_session=True) as owner:
        assert owner.stdout is not None
        folder = socket_folder(owner.stdout.readline().strip())
        assert len(server_pids(folder)) == 1
        os.killpg(owner.pid, signal.SIGKILL)
    assert gone_within(folder, 10)
    assert folder.parent.exists()
    assert folder.parent.name.startswith(PREFIX)
    with postgis_server():
        assert not folder.parent.exists()


@pytest.mark.postgis
def test_the_command_line_gives_a_url_and_returns_the_commands_code() -> None:
    command = [sys.executable, "-m", "tests.support.postgis", "--", "sh", "-c", f'echo "${URL_VARIABLE}"; exit 7']
    done = subprocess.run(command, check=False, cwd=REPO, capture_output=True, text=True)
    assert done.returncode == 7, done.stderr
    assert not socket_folder(done.stdout.strip()).exists()


def test_a_missing_program_names_the_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(programs, "SERVER_FOLDERS", ())
    monkeypatch.setenv("PATH", "")
    assert programs.main(["postgis", "chromium"]) == 1
    told = capsys.readouterr().err
    assert "PostgreSQL 15 or later with PostGIS, Chromium" in told
    assert command_to_install([Program.POSTGIS, Program.CHROMIUM]) in told
