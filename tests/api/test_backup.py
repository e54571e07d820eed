"""Backups of a store with its pictures: whole, checked, never over anything by mistake; on both engines."""

from __future__ import annotations

import json
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from uuid import UUID

import pytest

from geo.database.database import Database
from geo.models import AppraisalEvent, Settlement
from geo.services.checking import check
from geo.services.workspace import Workspace
from geo.storage import FolderStore
from tests.api.conftest import Command
from tests.support.postgis import PostgisServer

PICTURES = (b"not a picture, but kept byte by byte", b"another one" * 1000)


@pytest.fixture
def village(workspace: Workspace, event_id: UUID, tmp_path: Path) -> Iterator[UUID]:
    """An event in the store, and two pictures in the folder that the commands use."""
    pictures = FolderStore(tmp_path / "pictures")
    for content in PICTURES:
        pictures.put(content)
    yield event_id
    workspace.database.dispose()


def names(database_url: str) -> list[str]:
    database = Database(database_url)
    try:
        with Workspace(database, FolderStore(Path("/nowhere"))).read() as session:
            return [one.name_ky for one in session.query(Settlement).order_by(Settlement.fid)]
    finally:
        database.dispose()


def rename(database_url: str, name: str) -> None:
    database = Database(database_url)
    try:
        with Workspace(database, FolderStore(Path("/nowhere"))).write(actor="test") as session:
            session.query(Settlement).one().name_ky = name
    finally:
        database.dispose()


def back_up(ayilmap: Command, out: Path) -> dict[str, object]:
    code, printed, complaint = ayilmap("db", "backup", out, "--json")
    assert code == 0, complaint
    found = json.loads(printed)
    assert isinstance(found, dict)
    return found


@pytest.mark.usefixtures("village")
def test_there_and_back(ayilmap: Command, workspace: Workspace, database_url: str, tmp_path: Path) -> None:
    out = tmp_path / "kept" / "village.zip"
    told = back_up(ayilmap, out)
    assert (told["pictures"], told["engine"] in {"geopackage", "postgis"}) == (2, True)
    assert [path.name for path in out.parent.iterdir()] == ["village.zip"]
    workspace.database.dispose()
    rename(database_url, "Башка айыл")
    shutil.rmtree(tmp_path / "pictures")
    code, _, complaint = ayilmap("db", "restore", out, "--json")
    assert (code, json.loads(complaint)["error"]) == (2, "restore.exists")
    assert names(database_url) == ["Башка айыл"]
    code, printed, complaint = ayilmap("db", "restore", out, "--replace", "--json")
    assert code == 0, complaint
    assert names(database_url) == ["Үлгү айылы"]
    restored = FolderStore(tmp_path / "pictures")
    assert {path.read_bytes() for path in restored.folder.glob("??/*")} == set(PICTURES)
    before = json.loads(printed)["before"]
    if before is not None:
        assert names(before) == ["Башка айыл"], "what was replaced is kept"
    database = Database(database_url)
    with Workspace(database, restored).write(actor="test") as session:
        assert check(session, restored).is_well
        session.query(AppraisalEvent).one().participants = 24
    database.dispose()


def test_into_a_new_place(
    ayilmap: Command,
    village: UUID,
    database_url: str,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    out = tmp_path / "village.zip"
    back_up(ayilmap, out)
    with ExitStack() as stack:
        if database_url.startswith("postgresql"):
            server: PostgisServer = request.getfixturevalue("postgis_server")
            other = stack.enter_context(server.database())
        else:
            other = str(tmp_path / "elsewhere" / "village.gpkg")
        monkeypatch.setenv("AYILMAP_DATABASE_URL", other)
        monkeypatch.setenv("AYILMAP_DATA", str(tmp_path / "elsewhere"))
        code, _, complaint = ayilmap("db", "restore", out)
        assert code == 0, complaint
        assert names(other) == ["Үлгү айылы"]
        assert ayilmap("db", "upgrade")[0] == 0
        rename(other, "Жаңы айыл")  # triggers and functions came with it
        assert ayilmap("db", "check")[0] == 0
    assert names(database_url) == ["Үлгү айылы"]


@pytest.mark.usefixtures("village")
def test_a_backup_is_not_written_over(ayilmap: Command, tmp_path: Path) -> None:
    out = tmp_path / "village.zip"
    out.write_bytes(b"the only copy of something")
    code, _, complaint = ayilmap("db", "backup", out, "--json")
    assert (code, json.loads(complaint)["error"]) == (2, "backup.exists")
    assert out.read_bytes() == b"the only copy of something"


@pytest.mark.usefixtures("village")
def test_a_damaged_picture_is_told_and_leaves_no_backup(ayilmap: Command, tmp_path: Path) -> None:
    picture = next((tmp_path / "pictures").glob("??/*"))
    picture.chmod(0o644)
    picture.write_bytes(b"rotten")
    code, _, complaint = ayilmap("db", "backup", tmp_path / "village.zip", "--json")
    assert (code, json.loads(complaint)["error"]) == (1, "backup.picture_damaged")
    assert not (tmp_path / "village.zip").exists()


def changed(source: Path, target: Path, name: str, content: bytes | None) -> Path:
    """Copy a backup with one part replaced, added, or left out."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        if content is not None:
            new.writestr(name, content)
    return target


@pytest.mark.usefixtures("village")
def test_what_is_no_whole_backup_changes_nothing(ayilmap: Command, database_url: str, tmp_path: Path) -> None:
    out = tmp_path / "village.zip"
    back_up(ayilmap, out)
    rename(database_url, "Башка айыл")
    manifest = json.loads(zipfile.ZipFile(out).read("manifest.json"))
    store = next(name for name in manifest["parts"] if name.startswith("store."))
    picture = next(name for name in manifest["parts"] if name.startswith("pictures/"))

    def said(**other: object) -> bytes:
        return json.dumps({**manifest, **other}).encode()

    (tmp_path / "text.zip").write_text("no archive")
    (tmp_path / "cut.zip").write_bytes(out.read_bytes()[:-2000])
    escaping = {**manifest["parts"], "../evil": {"sha256": "0" * 64, "bytes": 1}}
    wrong = {
        tmp_path / "none.zip": "restore.missing",
        tmp_path / "text.zip": "restore.no_backup",
        tmp_path / "cut.zip": "restore.no_backup",
        changed(out, tmp_path / "a.zip", store, b"other bytes"): "restore.damaged",
        changed(out, tmp_path / "b.zip", picture, None): "restore.damaged",
        changed(out, tmp_path / "c.zip", "more", b"x"): "restore.damaged",
        changed(out, tmp_path / "d.zip", "manifest.json", b"[]"): "restore.no_backup",
        changed(out, tmp_path / "e.zip", "manifest.json", said(schema="9999")): "restore.newer",
        changed(out, tmp_path / "f.zip", "manifest.json", said(parts=escaping)): "restore.damaged",
    }
    for path, key in wrong.items():
        code, _, complaint = ayilmap("db", "restore", path, "--replace", "--json")
        assert (code, json.loads(complaint)["error"]) == (2, key), path.name
    assert names(database_url) == ["Башка айыл"]
    assert not list(tmp_path.glob("*.before-*"))


def test_a_store_in_use_is_not_replaced(
    ayilmap: Command, village: UUID, geopackage_url: str, database_url: str, tmp_path: Path
) -> None:
    if database_url != geopackage_url:
        return  # a server keeps its clients apart by itself
    out = tmp_path / "village.zip"
    back_up(ayilmap, out)
    with closing(sqlite3.connect(tmp_path / "village.gpkg")) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM settlement").fetchone()
        code, _, complaint = ayilmap("db", "restore", out, "--replace", "--json")
    assert (code, json.loads(complaint)["error"]) == (2, "restore.in_use")
    assert names(database_url) == ["Үлгү айылы"]


@pytest.mark.usefixtures("village")
def test_a_backup_is_taken_while_others_write(ayilmap: Command, database_url: str, tmp_path: Path) -> None:
    database = Database(database_url)
    with Workspace(database, FolderStore(tmp_path / "pictures")).write(actor="test") as session:
        session.query(Settlement).one().name_ky = "Жазылып жатат"
        session.flush()
        back_up(ayilmap, tmp_path / "village.zip")
    database.dispose()
    assert ayilmap("db", "restore", tmp_path / "village.zip", "--replace")[0] == 0
    assert names(database_url) == ["Үлгү айылы"], "what was not committed is not in it"


@pytest.mark.usefixtures("village")
def test_without_the_programs_of_postgresql(
    ayilmap: Command, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    code, _, complaint = ayilmap("db", "backup", tmp_path / "village.zip", "--json")
    if database_url.startswith("postgresql"):
        assert (code, json.loads(complaint)["error"]) == (1, "backup.program_missing")
        assert not (tmp_path / "village.zip").exists()
    else:
        assert code == 0
