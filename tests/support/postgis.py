"""A PostGIS server of the tests' own: private, on a unix socket, gone when the tests are.

Each server gets a new folder, so that runs beside each other don't meet; a lock file tells whether its owner
still lives, so that whatever a killed run left behind is swept away by the next one. The server is never root:
started by root, it runs as ``postgres`` (or ``nobody``). It ends with the process that started it, even by ``kill -9``.

For a command that wants a PostGIS::

    python -m tests.support.postgis -- COMMAND …      # the command finds its database's URL in AYILMAP_POSTGIS_URL
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from urllib.parse import quote

import psycopg2
import psycopg2.extensions

from tests.support.programs import PostgresPrograms, ProgramMissing, find_postgres

__all__ = ["URL_VARIABLE", "PostgisServer", "ServerFailed", "main", "postgis_server"]

URL_VARIABLE = "AYILMAP_POSTGIS_URL"
OWNER = "ayilmap"
EMPTY_TEMPLATE = "template_postgis"
PREFIX = "postgis-"
LONGEST_SOCKET_PATH = 107  # sun_path of unix(7) has 108 bytes with the closing zero
SOCKET_NAME = ".s.PGSQL.5432"
PATIENCE_S = 60.0
REPO = Path(__file__).resolve().parents[2]

# Everything here is thrown away at the end, so nothing needs to survive a power cut.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "shared_buffers": "128MB",
    "max_connections": "60",
    "jit": "off",
    "timezone": "UTC",
}


class ServerFailed(RuntimeError):
    """The server did not start; the text carries the end of its log."""


@dataclass(frozen=True)
class PostgisServer:
    """A running server: makes databases and drops them.

    What it is not: a pool or an engine. It hands out URLs; who connects, closes.
    """

    socket_folder: Path
    version: int
    reason: str
    """Why the server lies where it lies, for the head of the test report."""
    _away: Callable[[], contextlib.AbstractContextManager[None]] = field(repr=False)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1), repr=False)

    def url(self, database: str) -> str:
        """Return the SQLAlchemy URL of a database of this server."""
        return f"postgresql+psycopg2://{OWNER}@/{database}?host={quote(str(self.socket_folder), safe='/')}"

    def create_database(self, *, template: str = EMPTY_TEMPLATE) -> str:
        """Make a database with PostGIS and return its name.

        Parameters
        ----------
        template
            Name of the database to copy: empty with PostGIS, or one made by `create_template`.
        """
        name = f"test_{next(self._numbers)}"
        self._administer(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        return name

    def create_template(self, name: str, prepare: Callable[[str], None]) -> str:
        """Make a database to copy others from: ``prepare`` gets its URL and must leave no connection open."""
        self._administer(f'CREATE DATABASE "{name}" TEMPLATE "{EMPTY_TEMPLATE}" STRATEGY FILE_COPY')
        prepare(self.url(name))
        return name

    def copy_database(self, template: str, url: str) -> None:
        """Put a copy of a database in the place of an empty one."""
        name = url.partition("?")[0].rpartition("/")[2]
        self.drop_database(name)
        self._administer(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')

    def drop_database(self, name: str) -> None:
        """Drop a database, with whoever is still connected to it."""
        self._administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    @contextlib.contextmanager
    def database(self, *, template: str = EMPTY_TEMPLATE) -> Iterator[str]:
        """Lend the URL of a new database; it is dropped afterwards."""
        name = self.create_database(template=template)
        try:
            yield self.url(name)
        finally:
            self.drop_database(name)

    def away(self) -> contextlib.AbstractContextManager[None]:
        """Stop the server for the length of a block, as a server that is restarted; its databases stay."""
        return self._away()

    def drop_connections(self, url: str) -> int:
        """End everybody's connections to a database, in the middle of what they do; returns how many there were."""
        name = url.partition("?")[0].rpartition("/")[2]
        with contextlib.closing(self._connect("postgres")) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
            return cursor.rowcount

    def _administer(self, statement: str) -> None:
        with contextlib.closing(self._connect("postgres")) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)

    def _connect(self, database: str) -> psycopg2.extensions.connection:
        return psycopg2.connect(host=str(self.socket_folder), user=OWNER, dbname=database)

    def _prepare_empty_template(self) -> None:
        self._administer(f'CREATE DATABASE "{EMPTY_TEMPLATE}"')
        with contextlib.closing(self._connect(EMPTY_TEMPLATE)) as connection, connection, connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION postgis")


@contextlib.contextmanager
def postgis_server(*, parent: Path = REPO / "var" / "postgis") -> Iterator[PostgisServer]:
    """Run a private server for the length of the block.

    Parameters
    ----------
    parent
        Folder to make the server's own folder in. Where the server's user can't go there, or a socket's path
        would be too long, a private folder under the temporary folder is taken, and the reason is kept.

    Raises
    ------
    ProgramMissing
        PostgreSQL 15 with PostGIS is not installed; the text names the command to run.
    ServerFailed
        It did not start.
    """
    programs = find_postgres()
    user = _server_user()
    home, reason = _make_home(parent, user)
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, home, ignore_errors=True)
        stack.enter_context(_lock(home / "lock"))
        _initialise(programs, user, home)
        running = [_start(programs, user, home)]
        stack.callback(lambda: _stop(running[0]))

        @contextlib.contextmanager
        def away() -> Iterator[None]:
            _stop(running[0], number=signal.SIGINT)
            yield
            running[0] = _start(programs, user, home)
            _wait(server, running[0], home / "log")

        server = PostgisServer(socket_folder=home / "socket", version=programs.version, reason=reason, _away=away)
        _wait(server, running[0], home / "log")
        server._prepare_empty_template()
        yield server


def main(arguments: list[str] | None = None) -> int:
    """Run a command beside a private server and return its exit code."""
    command = list(sys.argv[1:] if arguments is None else arguments)
    if command[:1] == ["--"]:
        command = command[1:]
    if not command:
        sys.stderr.write("usage: python -m tests.support.postgis -- COMMAND [ARGUMENT …]\n")
        return 2
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    try:
        with postgis_server() as server, server.database() as url:
            return subprocess.run(command, check=False, env=os.environ | {URL_VARIABLE: url}).returncode
    except (ProgramMissing, ServerFailed) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return 130


@dataclass(frozen=True)
class _User:
    """Who the server runs as; ``switch`` is the front of a command line that changes to that user."""

    uid: int
    gid: int
    switch: tuple[str, ...]


def _server_user() -> _User:
    """Choose the user, and let the server end when its starter ends (``--pdeathsig``, on Linux)."""
    setpriv = shutil.which("setpriv")
    if os.geteuid() != 0:
        switch = (setpriv, "--pdeathsig", "QUIT") if setpriv else ()
        return _User(uid=os.geteuid(), gid=os.getegid(), switch=switch)
    if setpriv is None:
        raise ServerFailed("setpriv (package util-linux) is needed to run the server as another user than root")
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = known.get("postgres") or known.get("nobody")
    if entry is None:
        raise ServerFailed("there is no user postgres or nobody to run the server as; it never runs as root")
    ids = (f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--clear-groups")
    return _User(uid=entry.pw_uid, gid=entry.pw_gid, switch=(setpriv, *ids, "--pdeathsig", "QUIT"))


def _make_home(parent: Path, user: _User) -> tuple[Path, str]:
    refused: list[str] = []
    for candidate in dict.fromkeys([parent, Path(tempfile.gettempdir()), Path("/tmp")]):
        try:
            candidate.mkdir(parents=True, exist_ok=True)
            _sweep(candidate)
            home = Path(tempfile.mkdtemp(prefix=PREFIX, dir=candidate))
        except OSError as error:
            refused.append(f"{candidate}: {error.strerror}")
            continue
        home.chmod(0o711)
        for name in ("data", "socket"):
            (home / name).mkdir(mode=0o700)
            os.chown(home / name, user.uid, user.gid)
        against = _unfit(home, user)
        if against is None:
            return home, "; ".join(refused)
        refused.append(f"{candidate}: {against}")
        shutil.rmtree(home)
    raise ServerFailed("no folder for the server: " + "; ".join(refused))


def _unfit(home: Path, user: _User) -> str | None:
    length = len(os.fsencode(home / "socket" / SOCKET_NAME))
    if length > LONGEST_SOCKET_PATH:
        return f"a socket's path would have {length} bytes, {LONGEST_SOCKET_PATH} are allowed"
    # Asked of the system as that user, since modes alone don't tell (ACLs, mount options).
    reach = subprocess.run([*user.switch, "test", "-w", str(home / "data")], check=False, cwd="/")
    return None if reach.returncode == 0 else "the server's user may not go there"


@contextlib.contextmanager
def _lock(path: Path) -> Iterator[None]:
    unlocked = path.with_suffix(".new")  # named so that a sweep never sees it before it is locked
    with unlocked.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        unlocked.rename(path)
        yield


def _sweep(folder: Path) -> None:
    """Remove servers' folders whose owner is dead, and end a server that outlived it."""
    for home in folder.glob(f"{PREFIX}*"):
        lock = home / "lock"
        if home.is_symlink() or home.stat().st_uid != os.geteuid() or not lock.is_file():
            continue
        with lock.open() as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                continue  # its owner lives
            _end_left_over(home)
            shutil.rmtree(home, ignore_errors=True)


def _end_left_over(home: Path) -> None:
    data = home / "data"
    try:
        pid = int((data / "postmaster.pid").read_text(encoding="utf-8").split()[0])
        command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (OSError, ValueError, IndexError):
        return
    if os.fsencode(data) in command:  # the number may belong to another program by now
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGQUIT)
        deadline = time.monotonic() + PATIENCE_S
        while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
            time.sleep(0.05)


def _initialise(programs: PostgresPrograms, user: _User, home: Path) -> None:
    options = ["--auth=trust", f"--username={OWNER}", "--encoding=UTF8", "--no-locale", "--no-sync"]
    command = [*user.switch, programs.path("initdb"), *options, "--pgdata", str(home / "data")]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd="/", env=_environment())
    if done.returncode != 0:
        raise ServerFailed(f"initdb failed:\n{done.stdout}{done.stderr}")


def _start(programs: PostgresPrograms, user: _User, home: Path) -> subprocess.Popen[bytes]:
    settings = SETTINGS | {"unix_socket_directories": str(home / "socket")}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    command = [*user.switch, programs.path("postgres"), "-D", str(home / "data"), *options]
    with (home / "log").open("wb") as log:
        # A session of its own: Ctrl-C is for the tests, which then stop the server in order.
        return subprocess.Popen(
            command,
            cwd="/",
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": "C.UTF-8"}


def _wait(server: PostgisServer, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            server._connect("postgres").close()
        except psycopg2.OperationalError:
            time.sleep(0.05)
        else:
            return
    end = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-20:])
    raise ServerFailed(f"the PostGIS server did not start:\n{end}")


def _stop(process: subprocess.Popen[bytes], *, number: signal.Signals = signal.SIGQUIT) -> None:
    """End the server: at once, as its data are thrown away, or by SIGINT with everything written down."""
    process.send_signal(number)
    try:
        process.wait(timeout=PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


if __name__ == "__main__":
    sys.exit(main())
