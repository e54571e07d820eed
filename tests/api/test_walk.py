"""The pages on the API are run block by block against a real service, on both engines."""

from __future__ import annotations

import io
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.house.repository import REPOSITORY

PAGES = (REPOSITORY / "docs" / "walk.md", REPOSITORY / "docs" / "api.md")
BLOCK = re.compile(r"^```(sh|python|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ANY_BLOCK = re.compile(r"^```(\w*)$", re.MULTILINE)
ADDRESS = "127.0.0.1:8000"
STARTS_WITHIN_S = 60


@dataclass(frozen=True)
class Step:
    """A block of the page with what the page says it prints."""

    language: str
    code: str
    printed: str
    line: int


def steps(page: Path) -> list[Step]:
    content = page.read_text(encoding="utf-8")
    found: list[Step] = []
    for block in BLOCK.finditer(content):
        language, code = block.groups()
        line = content[: block.start()].count("\n") + 2
        if language == "text":
            last = found.pop()
            assert not last.printed, f"line {line}: two outputs of one block"
            found.append(Step(last.language, last.code, code, last.line))
        else:
            found.append(Step(language, code, "", line))
    return found


def told(output: str) -> str:
    """What is printed, without blanks at the ends of lines."""
    return "\n".join(line.rstrip() for line in output.strip().splitlines())


class Walker:
    """Runs blocks one after the other, as a reader would, against a service on a port of its own."""

    def __init__(self, folder: Path, database_url: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("AYILMAP_")},
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "TMPDIR": str(folder),
            "AYILMAP_DATABASE_URL": database_url,
            "AYILMAP_PORT": str(self.port),
        }
        self.folder = folder  # what a block writes lands there, not among the sources
        self.names: dict[str, Any] = {"__name__": "walk"}
        self.shells: list[subprocess.Popen[str]] = []
        self.faults = folder / "faults.txt"

    def run(self, page: Path, step: Step) -> str:
        code = step.code.replace(ADDRESS, f"127.0.0.1:{self.port}")
        return self._python(code, page, step.line) if step.language == "python" else self._shell(code)

    def _python(self, code: str, page: Path, line: int) -> str:
        output = io.StringIO()
        with redirect_stdout(output):
            # Lines of a fault are those of the page.
            exec(compile("\n" * (line - 1) + code, str(page), "exec"), self.names)
        return output.getvalue()

    def _shell(self, code: str) -> str:
        serves = "ayilmap serve" in code
        with self.faults.open("a") as faults:
            shell = subprocess.Popen(
                ["bash", "-euo", "pipefail", "-c", code + ("wait\n" if serves else "")],
                stdout=subprocess.DEVNULL if serves else subprocess.PIPE,
                stderr=faults,
                text=True,
                env=self.environment,
                cwd=self.folder,
                start_new_session=True,
            )
        if serves:
            self.shells.append(shell)
            self._wait(shell)
            return ""
        output, _ = shell.communicate(timeout=STARTS_WITHIN_S)
        assert shell.returncode == 0, f"{code}\n{output}\n{self.faults.read_text()}"
        return output

    def _wait(self, shell: subprocess.Popen[str]) -> None:
        end = time.monotonic() + STARTS_WITHIN_S
        while time.monotonic() < end and shell.poll() is None:
            try:
                if httpx2.get(f"http://127.0.0.1:{self.port}/api/v1/health").status_code == 200:
                    return
            except httpx2.TransportError:
                time.sleep(0.2)
        raise AssertionError(f"the service did not start: {self.faults.read_text()}")

    def stop(self) -> None:
        for shell in self.shells:
            if shell.poll() is None:
                os.killpg(shell.pid, signal.SIGTERM)
            shell.wait(timeout=30)


@pytest.fixture
def walker(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Walker]:
    monkeypatch.chdir(REPOSITORY)
    walker = Walker(tmp_path, database_url)
    yield walker
    walker.names.get("api", io.StringIO()).close()
    walker.stop()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_says_what_its_blocks_print(walker: Walker, page: Path) -> None:
    wrong = []
    for step in steps(page):
        printed = walker.run(page, step)
        if told(printed) != told(step.printed):
            wrong.append(f"line {step.line}: prints\n{told(printed)}\nthe page says\n{told(step.printed)}")
    assert not wrong, "\n\n".join(wrong)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_no_block_of_a_page_is_left_out(page: Path) -> None:
    content = page.read_text(encoding="utf-8")
    assert len(ANY_BLOCK.findall(content)) == 2 * len(BLOCK.findall(content)) > 0
    assert len(steps(page)) > 5


def test_the_walk_goes_through_all_samples() -> None:
    content = PAGES[0].read_text(encoding="utf-8")
    samples = ("session_x.json", "kok_irim.json", "lipenka_plan.json", "lipenka_visits.json")
    assert all(f'sample("{name}")' in content for name in samples)
