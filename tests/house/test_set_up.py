"""What is pinned stays pinned, and nothing in the repository knows one machine."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from importlib.metadata import Distribution
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.repository import REPOSITORY, product_files

PINNED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*==[A-Za-z0-9.+!]+")
TEXT = (".py", ".toml", ".md", ".txt", ".json", ".js", ".css", ".html", ".sql", ".po", ".yml", ".yaml", ".cfg", ".ini")
# Folders that only one machine or person has; assembled so that this file doesn't hold them itself.
FOLDERS = "|".join(
    f"{name}/{what}" for name, what in {"root": r"\w", "home": r"\w", "Users": r"\w", "work": "(?:main|shared)"}.items()
)
MACHINE_PATH = re.compile(f"(?<![A-Za-z0-9_.~/-])/(?:{FOLDERS})")


def pins() -> dict[str, str]:
    lines = (REPOSITORY / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return {canonicalize_name(name): version for name, _, version in (line.partition("==") for line in lines)}


def project() -> dict[str, Any]:
    with (REPOSITORY / "pyproject.toml").open("rb") as file:
        table: dict[str, Any] = tomllib.load(file)["project"]
    return table


def test_constraints_are_names_and_versions_alone() -> None:
    lines = (REPOSITORY / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not PINNED.fullmatch(line)] == []
    assert len(pins()) == len(lines), "a package is pinned twice"


def test_everything_that_the_product_asks_for_is_pinned_also_what_those_ask_for() -> None:
    pinned = pins()
    extras = project()["optional-dependencies"]
    asked = [*project()["dependencies"], *(text for texts in extras.values() for text in texts)]
    waiting = [Requirement(text) for text in asked]
    seen: set[str] = set()
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if name in seen:
            continue
        seen.add(name)
        assert name in pinned, f"{name} is not in constraints.txt"
        wanted = [Requirement(text) for text in Distribution.from_name(name).requires or []]
        chosen = ("", *requirement.extras)
        waiting += [
            one for one in wanted if one.marker is None or any(one.marker.evaluate({"extra": e}) for e in chosen)
        ]
    assert len(seen) > 40


def test_the_lock_file_holds_no_addresses() -> None:
    lock = json.loads((REPOSITORY / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    assert [name for name, entry in packages.items() if "resolved" in entry or "integrity" not in entry] == []
    assert not re.search(r"https?://(?!opencollective|github\.com/\S*sponsor)", json.dumps(packages))


@pytest.mark.parametrize("path", [path for path in product_files() if path.suffix in TEXT or not path.suffix], ids=str)
def test_no_file_names_a_folder_of_one_machine(path: Path) -> None:
    content = (REPOSITORY / path).read_bytes()
    if b"\0" in content:
        return
    found = MACHINE_PATH.findall(content.decode("utf-8"))
    assert found == []


def test_what_is_made_or_fetched_is_not_kept() -> None:
    made = ("node_modules", ".venv", "var", "__pycache__")
    assert [path for path in product_files() if set(made) & set(path.parts)] == []
    largest = max(product_files(), key=lambda path: (REPOSITORY / path).stat().st_size)
    assert (REPOSITORY / largest).stat().st_size < 5_000_000, largest


@pytest.mark.parametrize("target", ["demo", "test", "check", "bench", "clean", "help"])
def test_make_has_the_target_and_help_lists_it(target: str) -> None:
    for arguments in ([target, "--dry-run"], ["help"]):
        done = subprocess.run(["make", *arguments], check=False, capture_output=True, text=True, cwd=REPOSITORY)
        assert done.returncode == 0, done.stderr
    assert f"make {target}" in done.stdout or target == "help"


@pytest.mark.parametrize("script", sorted((REPOSITORY / ".ci").iterdir()), ids=lambda path: str(path.name))
def test_scripts_of_the_set_up_are_sound(script: Path) -> None:
    assert script.stat().st_mode & 0o111
    assert "set -euo pipefail" in script.read_text(encoding="utf-8")
    assert subprocess.run(["bash", "-n", str(script)], check=False).returncode == 0
