"""Whatever goes wrong, a person at a terminal gets one sentence in their language and an exit code."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import cv2
import numpy as np
import pytest
import typer

from api.cli.terminal import note, run
from geo.drafts import NewSheet
from geo.errors import Failed
from geo.exchange.vector_file import write_vector_file
from geo.i18n import Language, text
from geo.services.event_map import event_snapshot
from geo.services.sheets import store_sheet
from geo.services.workspace import Workspace
from maps.web.session_map import write_session_map
from tests.api.conftest import Command


@pytest.fixture
def database_url(geopackage_url: str) -> str:
    """What is printed does not depend on the engine."""
    return geopackage_url


@pytest.mark.parametrize("language", list(Language))
def test_wrong_usage_in_the_readers_language(ayilmap: Command, language: Language) -> None:
    code, out, err = ayilmap("map", "--event", "no-id", "--out", "x", "--lang", language.value)
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert err.startswith(text("command.wrong_usage", language, detail="@", command="@").partition("@")[0])
    assert "ayilmap map --help" in err
    assert text("usage.id", language, name="--event", value="no-id") in err


@pytest.mark.parametrize(
    ("arguments", "key", "said"),
    [
        (("nonsense",), "no_such_command", {"name": "nonsense"}),
        (("poster", "--zzz", "--out", "x"), "no_such_option", {"name": "--zzz"}),
        (("poster", "--out"), "needs_a_value", {"name": "--out"}),
        (("poster", "--tiled=3"), "takes_no_value", {"name": "--tiled"}),
        (("poster",), "missing", {"name": "--out"}),
        (("export",), "missing", {"name": "OUT"}),
        (("poster", "much", "--out", "x"), "too_much", {"words": "much"}),
        (("poster", "--year", "last", "--out", "x"), "whole_number", {"name": "--year", "value": "last"}),
        (
            ("poster", "--paper", "A9", "--out", "x"),
            "not_one_of",
            {"name": "--paper", "value": "A9", "choices": "A0, A1, A2, A3"},
        ),
    ],
)
@pytest.mark.parametrize("language", list(Language))
def test_each_kind_of_wrong_usage_is_in_the_readers_language(
    ayilmap: Command,
    monkeypatch: pytest.MonkeyPatch,
    language: Language,
    *,
    arguments: tuple[str, ...],
    key: str,
    said: dict[str, str],
) -> None:
    monkeypatch.setenv("AYILMAP_LANG", language.value)
    code, _, err = ayilmap(*arguments)
    assert code == 2
    assert text(f"usage.{key}", language, **said) in err


def test_wrong_usage_as_json(ayilmap: Command) -> None:
    code, _, err = ayilmap("map", "--json")
    assert code == 2
    assert json.loads(err)["error"] == "command.wrong_usage"


@pytest.mark.parametrize(("name", "value"), [("AYILMAP_PORT", "abc"), ("AYILMAP_PORT", "99999")])
def test_setting_that_cannot_be(ayilmap: Command, monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    code, _, err = ayilmap("event", "list")
    assert (code, err.strip()) == (2, text("settings.invalid", Language.EN, name=name, value=value))


@pytest.mark.parametrize(
    "address", ["://", "postgresql://[::bad", "postgresql://me:secret@h:notaport/x", "sqlite:///:memory:", "mysql://x"]
)
def test_address_of_a_store_that_cannot_be(ayilmap: Command, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("AYILMAP_DATABASE_URL", address)
    code, out, err = ayilmap("event", "list")
    assert (code, out) == (2, "")
    scheme = text("database.unknown_url", Language.EN, scheme="@").partition("@")[0]
    assert err.startswith(scheme)
    assert "secret" not in err


def test_codes_for_the_terminal_in_a_name_do_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    note("image.empty", Language.EN, path="a\x1b[2J\r\nb\u202ec")
    assert capsys.readouterr().err == text("image.empty", Language.EN, path="a [2J  b c") + "\n"


@pytest.mark.parametrize(
    ("error", "key"),
    [
        (OSError(errno.ENAMETOOLONG, "File name too long", "x" * 300), "command.system_error"),
        (MemoryError(), "command.no_memory"),
        (ZeroDivisionError("division by zero"), "command.unexpected"),
    ],
    ids=["system", "memory", "fault of ours"],
)
def test_no_traceback_ever(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, error: Exception, key: str
) -> None:
    broken = typer.Typer()

    @broken.command()
    def fail() -> None:
        raise error

    monkeypatch.setenv("AYILMAP_LANG", "en")
    monkeypatch.setattr("sys.argv", ["ayilmap"])
    assert run(broken) == 1
    printed = capsys.readouterr().err
    assert printed.startswith(text(key, Language.EN, path="@", reason="@", error="@").partition("@")[0])
    assert len(printed.splitlines()) == 1
    monkeypatch.setenv("AYILMAP_TRACEBACK", "1")
    with pytest.raises(type(error)):
        run(broken)


def test_terminal_without_kyrgyz_letters() -> None:
    script = "from api.cli import main; main()"
    environment = {**os.environ, "PYTHONIOENCODING": "ascii:strict", "AYILMAP_LANG": "ky", "AYILMAP_DATA": "/nowhere"}
    done = subprocess.run(
        [sys.executable, "-c", script, "event", "list"], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "ayilmap db upgrade" in done.stderr


def test_reader_that_has_read_enough(ayilmap: Command, tmp_path: Path) -> None:
    assert ayilmap("db", "upgrade")[0] == 0
    script = "from api.cli import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", script, "db", "check", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == b""
    assert process.wait() == 1


def test_device_is_no_file_to_put_a_result_in_place_of(
    ayilmap: Command, workspace: Workspace, event_id: UUID, sheet: NewSheet, tmp_path: Path
) -> None:
    """A result is renamed into place; for root that would take a device's place."""
    with workspace.write(actor="test") as session:
        store_sheet(session, workspace.pictures, event_id, sheet)
    with workspace.read() as session:
        snapshot = event_snapshot(session, workspace.pictures, event_id, Language.EN)
    pipe = tmp_path / "pipe.geojson"
    os.mkfifo(pipe)
    with pytest.raises(Failed):
        write_session_map(snapshot, Language.EN, pipe)
    with pytest.raises(Failed):
        write_vector_file(pipe, snapshot.groups[0].features, Language.EN)
    photo = tmp_path / "photo.png"
    drawing = np.full((300, 400, 3), 255, np.uint8)
    cv2.circle(drawing, (200, 150), 90, (0, 0, 200), 5)
    cv2.imwrite(str(photo), drawing)
    code, _, err = ayilmap("sheet", "trace", photo, "--out", pipe)
    assert (code, err.strip()) == (1, text("trace.cannot_write", Language.EN, path=str(pipe)))
    assert pipe.is_fifo()
