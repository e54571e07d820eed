"""The rule about skipping works: run over small test files of its own, in another process."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]
KINDS = """
import pytest

@pytest.mark.postgis
def test_on_postgis(): pass

@pytest.mark.browser
def test_in_browser(): pass
"""


def run_pytest(folder: Path, source: str, *, no_skip: bool) -> tuple[int, str]:
    shutil.copy(REPO / "tests" / "conftest.py", folder / "conftest.py")
    (folder / "test_small.py").write_text(source, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\nmarkers =\n  postgis:\n  browser:\n", encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("COV_", "AYILMAP_"))}
    environment |= {"PYTHONPATH": str(REPO), "AYILMAP_NO_SKIP": "1" if no_skip else "0"}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:cov", "-rs", str(folder)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=folder, env=environment)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    "skip",
    [
        "def test_other(): pytest.skip('no server')",
        "@pytest.mark.skip(reason='later')\ndef test_other(): pass",
        "def test_other(): pytest.importorskip('no_such_module_here')",
        "pytest.skip('the whole file', allow_module_level=True)",
    ],
)
def test_any_other_skip_is_a_failure_when_none_is_allowed(tmp_path: Path, skip: str) -> None:
    code, output = run_pytest(tmp_path, f"{KINDS}\n{skip}\n", no_skip=True)
    assert code != 0
    assert "Only tests for ../shared/data may be skipped here" in output


def test_a_skip_is_just_a_skip_otherwise(tmp_path: Path) -> None:
    code, output = run_pytest(tmp_path, f"{KINDS}\ndef test_other(): pytest.skip('no server')\n", no_skip=False)
    assert code == 0
    assert "2 passed, 1 skipped" in output


def test_shared_data_may_be_away(tmp_path: Path) -> None:
    source = f"{KINDS}\ndef test_other(): pytest.skip('../shared/data is not there')\n"
    code, output = run_pytest(tmp_path, source, no_skip=True)
    assert code == 0, output
    assert "2 passed, 1 skipped" in output


def test_an_expected_failure_is_not_a_skip(tmp_path: Path) -> None:
    source = f"{KINDS}\n@pytest.mark.xfail(strict=True)\ndef test_other(): assert False\n"
    code, output = run_pytest(tmp_path, source, no_skip=True)
    assert code == 0, output


def test_a_run_without_database_tests_fails(tmp_path: Path) -> None:
    code, output = run_pytest(tmp_path, "def test_nothing_of_the_kind(): pass\n", no_skip=True)
    assert code == 1
    assert "no postgis test was run" in output
    assert "no browser test was run" in output
