"""Rooms depend one way, and say what they offer."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.house.repository import REPOSITORY, product_files

ROOMS = ("geo", "sketch_import", "maps", "api")
MODULES = [path for path in product_files(".py") if path.parts[0] in ROOMS]


def defined_names(tree: ast.Module) -> set[str]:
    """Names that the module's own statements bind at its top."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names.update((alias.asname or alias.name).partition(".")[0] for alias in node.names)
    return names


def offered_names(tree: ast.Module) -> list[str] | None:
    for node in tree.body:
        if isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == ["__all__"]:
            value = ast.literal_eval(node.value)
            return [str(name) for name in value]
    return None


def has_public_names(tree: ast.Module) -> bool:
    return any(
        isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_")
        for node in tree.body
    )


def test_rooms_depend_one_way() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=REPOSITORY)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_a_module_says_what_it_offers(path: Path) -> None:
    tree = ast.parse((REPOSITORY / path).read_text(encoding="utf-8"))
    offered = offered_names(tree)
    if offered is None:
        assert not has_public_names(tree), f"{path} has public names and no __all__"
        return
    assert len(offered) == len(set(offered)), f"{path} offers a name twice"
    lazy = any(isinstance(node, ast.FunctionDef) and node.name == "__getattr__" for node in tree.body)
    assert lazy or set(offered) <= defined_names(tree), f"{path} offers what it hasn't: {offered}"


def test_no_module_is_named_after_nothing() -> None:
    vague = {"helper", "helpers", "util", "utils", "misc", "manager", "common"}
    assert [path for path in MODULES if path.stem in vague] == []


@pytest.mark.parametrize("room", [room for room in ROOMS if room != "api"])
def test_importing_a_room_connects_to_nothing_and_needs_no_set_up(room: str, tmp_path: Path) -> None:
    watch = (
        "import sys; sys.addaudithook(lambda event, arguments: (_ for _ in ()).throw(RuntimeError(event)) "
        f"if event in ('socket.connect', 'sqlite3.connect') else None); import {room}"
    )
    done = subprocess.run([sys.executable, "-c", watch], check=False, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stderr


def test_every_package_of_the_product_is_installed() -> None:
    with (REPOSITORY / "pyproject.toml").open("rb") as file:
        patterns = tomllib.load(file)["tool"]["setuptools"]["packages"]["find"]["include"]
    assert {room for room in (*ROOMS, "migrations") if f"{room}*" not in patterns} == set()
    without = [path.parent for path in MODULES if not (REPOSITORY / path.parent / "__init__.py").is_file()]
    assert without == []
