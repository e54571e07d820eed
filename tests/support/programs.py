"""Programs that tests and benchmarks need from the distribution: found, or brought, or named.

Standard library only, so that it runs before the environment exists::

    python3 -m tests.support.programs postgis chromium fonts            # say what is missing, and how to get it
    python3 -m tests.support.programs --bring postgis chromium fonts    # as root: install it
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

__all__ = [
    "MINIMUM_POSTGRESQL",
    "PostgresPrograms",
    "Program",
    "ProgramMissing",
    "bring",
    "command_to_install",
    "find_chromium",
    "find_postgres",
    "is_there",
    "main",
]

MINIMUM_POSTGRESQL = 15
REPO = Path(__file__).resolve().parents[2]
CLUSTER_SETTINGS = Path("/etc/postgresql-common/createcluster.conf")
CLUSTER_DEFAULTS = Path("/usr/share/postgresql-common/createcluster.conf")
SERVER_FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


class Program(StrEnum):
    """A need of the tests or benchmarks; the value is its name on the command line."""

    POSTGIS = "postgis"
    CHROMIUM = "chromium"
    FONTS = "fonts"
    GDALWARP = "gdalwarp"
    WRK = "wrk"


PACKAGES: dict[Program, str] = {
    Program.POSTGIS: "postgresql-postgis",  # depends on the server and on PostGIS of the release's own version
    Program.CHROMIUM: "chromium",
    Program.FONTS: "fonts-dejavu-core",  # has ң ө ү
    Program.GDALWARP: "gdal-bin",
    Program.WRK: "wrk",
}


class ProgramMissing(RuntimeError):
    """A program is not on this machine; the text names the command that brings it."""


@dataclass(frozen=True)
class PostgresPrograms:
    """Where the server programs of one PostgreSQL version lie."""

    folder: Path
    version: int

    def path(self, name: str) -> str:
        """Return the full path of ``initdb``, ``postgres`` …"""
        return str(self.folder / name)


def find_postgres() -> PostgresPrograms:
    """Find the newest PostgreSQL server (15 or later) that has PostGIS.

    Raises
    ------
    ProgramMissing
        None is installed, or it is older, or PostGIS is not there for it.
    """
    folders = [folder for pattern in SERVER_FOLDERS for folder in Path("/").glob(pattern.lstrip("/"))]
    on_path = shutil.which("initdb")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    found = [programs for folder in folders if (programs := _server_with_postgis(folder)) is not None]
    if not found:
        raise ProgramMissing(_missing_text([Program.POSTGIS]))
    return max(found, key=lambda programs: programs.version)


def find_chromium() -> str:
    """Return the path of a Chromium that runs headless.

    Raises
    ------
    ProgramMissing
        No Chromium is on the path.
    """
    for name in CHROMIUM_NAMES:
        path = shutil.which(name)
        if path:
            return path
    raise ProgramMissing(_missing_text([Program.CHROMIUM]))


def is_there(program: Program) -> bool:
    """Say whether a program is on this machine."""
    if program is Program.FONTS:
        return _has_kyrgyz_font()
    if program in {Program.GDALWARP, Program.WRK}:
        return shutil.which(program.value) is not None
    try:
        if program is Program.POSTGIS:
            find_postgres()
        else:
            find_chromium()
    except ProgramMissing:
        return False
    return True


def command_to_install(programs: Iterable[Program], *, sudo: bool = True) -> str:
    """Return the shell command that brings the packages of these programs on Debian and Ubuntu."""
    names = " ".join(PACKAGES[program] for program in programs)
    prefix = "sudo " if sudo else ""
    return f"{prefix}apt-get update && {prefix}apt-get install --yes --no-install-recommends {names}"


def bring(programs: Iterable[Program]) -> None:
    """Install what is missing, as root; the distribution's packages, and no cluster of the system's own.

    Raises
    ------
    ProgramMissing
        Not root, or no ``apt-get``, or the installation did not bring it.
    """
    missing = [program for program in programs if not is_there(program)]
    if not missing:
        return
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise ProgramMissing(_missing_text(missing))
    title = f"The distribution's packages: {' '.join(PACKAGES[program] for program in missing)}"
    shown = [str(REPO / ".ci" / "step"), title, str(REPO / "var" / "log" / "apt.log")]
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    ours = _keep_system_cluster_away() if Program.POSTGIS in missing else False
    try:
        subprocess.run([*shown, "sh", "-c", command_to_install(missing, sudo=False)], check=True, env=environment)
    except subprocess.CalledProcessError as error:
        raise ProgramMissing(_missing_text(missing)) from error
    finally:
        if ours:
            _give_cluster_defaults_back()
    still = [program for program in missing if not is_there(program)]
    if still:
        raise ProgramMissing(_missing_text(still))


def main(arguments: list[str] | None = None) -> int:
    """Check or bring programs; 0 when all are there, 1 with the command to run otherwise."""
    parser = argparse.ArgumentParser(prog="python3 -m tests.support.programs", description=__doc__.splitlines()[0])
    parser.add_argument("--bring", action="store_true", help="install what is missing when run as root")
    parser.add_argument("programs", nargs="+", choices=[program.value for program in Program])
    chosen = parser.parse_args(arguments)
    programs = [Program(name) for name in chosen.programs]
    try:
        if chosen.bring:
            bring(programs)
        missing = [program for program in programs if not is_there(program)]
        if missing:
            raise ProgramMissing(_missing_text(missing))
    except ProgramMissing as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _server_with_postgis(folder: Path) -> PostgresPrograms | None:
    postgres, config = folder / "postgres", folder / "pg_config"
    if not (postgres.is_file() and (folder / "initdb").is_file() and config.is_file()):
        return None
    version = re.search(r"(\d+)", _output([str(postgres), "--version"]))
    if version is None or int(version[1]) < MINIMUM_POSTGRESQL:
        return None
    shared = _output([str(config), "--sharedir"]).strip()
    if not (Path(shared) / "extension" / "postgis.control").is_file():
        return None
    return PostgresPrograms(folder=folder, version=int(version[1]))


def _has_kyrgyz_font() -> bool:
    finder = shutil.which("fc-list")
    return finder is not None and bool(_output([finder, ":lang=ky", "family"]).strip())


def _output(command: list[str]) -> str:
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=60).stdout


def _keep_system_cluster_away() -> bool:
    """Tell postgresql-common, only if nobody told it anything yet, not to make a cluster: only programs are needed.

    Returns whether the file is ours, to be put right again once the packages are in.
    """
    if CLUSTER_SETTINGS.exists():
        return False
    CLUSTER_SETTINGS.parent.mkdir(parents=True, exist_ok=True)
    CLUSTER_SETTINGS.write_text("create_main_cluster = false\n", encoding="utf-8")
    return True


def _give_cluster_defaults_back() -> None:
    if CLUSTER_DEFAULTS.exists():
        CLUSTER_SETTINGS.write_bytes(CLUSTER_DEFAULTS.read_bytes())
    else:
        CLUSTER_SETTINGS.unlink(missing_ok=True)


def _missing_text(programs: list[Program]) -> str:
    names = {
        Program.POSTGIS: f"PostgreSQL {MINIMUM_POSTGRESQL} or later with PostGIS",
        Program.CHROMIUM: "Chromium",
        Program.FONTS: "a font with the Kyrgyz letters ң ө ү",
        Program.GDALWARP: "gdalwarp",
        Program.WRK: "wrk",
    }
    listed = ", ".join(names[program] for program in programs)
    return f"Missing on this machine: {listed}. Run this, then try again:\n\n    {command_to_install(programs)}\n"


if __name__ == "__main__":
    sys.exit(main())
