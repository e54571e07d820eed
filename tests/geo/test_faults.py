"""What goes wrong with a store: one clear message each, and the store stays as it was."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import geopandas
import pytest
from shapely.geometry import Point
from sqlalchemy import func, make_url, select, text

from geo.database.database import Database
from geo.database.driver_errors import translate, translated
from geo.database.engine import geopackage_path
from geo.database.schema import upgrade
from geo.domain.provenance import FeatureSource
from geo.domain.vocabulary import Kind, Layer
from geo.drafts import NewFeature, NewSheet
from geo.errors import Conflict, Failed, NotFound, Refused, Unavailable
from geo.models import AppraisalEvent, AuditEvent, Candidate, ControlPoint, MapFeature, Settlement, SketchSheet
from geo.repositories.features import FeatureRepository
from geo.services.checking import check
from geo.services.imports import import_features
from geo.services.sheets import store_sheet
from geo.services.workspace import Workspace
from geo.storage import FolderStore
from tests.support.foreign_lock import locked_by_another

COUNTED = (AppraisalEvent, SketchSheet, ControlPoint, Candidate, MapFeature, AuditEvent)


def counts(workspace: Workspace) -> list[int]:
    with workspace.read() as session:
        return [session.scalar(select(func.count()).select_from(table)) or 0 for table in COUNTED]


def pictures(workspace: Workspace) -> set[Path]:
    assert isinstance(workspace.pictures, FolderStore)
    return {path for path in workspace.pictures.folder.rglob("*") if path.is_file()}


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_geopackage_of_another_program_is_refused_untouched(tmp_path: Path) -> None:
    path = tmp_path / "theirs.gpkg"
    geopandas.GeoDataFrame({"name": ["мектеп"]}, geometry=[Point(78.2, 42.5)], crs=4326).to_file(path)
    before = digest(path)
    with pytest.raises(Refused) as refusal:
        upgrade(str(path))
    assert refusal.value.key == "database.foreign_geopackage"
    with pytest.raises(Refused), Database(str(path)).read():
        pass
    assert digest(path) == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["theirs.gpkg"]


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"just some words, no database at all", "database.not_geopackage"),
        (b"SQLite format 3\x00" + b"\xff" * 4096, "database.damaged"),
    ],
    ids=["text", "damaged"],
)
def test_file_that_is_no_store(tmp_path: Path, content: bytes, key: str) -> None:
    path = tmp_path / "x.gpkg"
    path.write_bytes(content)
    with pytest.raises((Refused, Failed)) as refusal:
        upgrade(str(path))
    assert refusal.value.key == key
    assert path.read_bytes() == content


def test_pipe_and_impossible_name_are_no_store(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.gpkg")
    with pytest.raises(Refused) as refusal:
        upgrade(str(tmp_path / "pipe.gpkg"))
    assert refusal.value.key == "database.not_geopackage"
    with pytest.raises(Failed) as failure:
        upgrade(str(tmp_path / ("x" * 300 + ".gpkg")))
    assert failure.value.key == "database.cannot_open"


def test_full_disk_does_not_look_like_an_unplugged_one() -> None:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR_SHMSIZE
    found = translate(error)
    assert found is not None
    assert found.key == "database.disk_full"


@pytest.mark.parametrize("change", [{"database": "none"}, {"username": "nobody"}], ids=["database", "user"])
def test_server_that_lets_nobody_in_is_not_away(postgis_url: str, change: dict[str, str]) -> None:
    database = Database(make_url(postgis_url).set(**change).render_as_string(hide_password=False))  # type: ignore[arg-type]
    with pytest.raises(Failed) as failure, database.read():
        pass
    assert failure.value.key == "database.no_access"
    database.dispose()


def test_address_with_an_option_that_is_none() -> None:
    database = Database("postgresql://127.0.0.1:9/x?foo=bar")
    with pytest.raises(Refused) as refusal, database.read():
        pass
    assert refusal.value.key == "database.unknown_url"


def test_plain_sqlite_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "plain.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE t (a)")
    connection.close()
    with pytest.raises(Refused) as refusal:
        upgrade(str(path))
    assert refusal.value.key == "database.not_geopackage"


def test_store_that_was_never_set_up(tmp_path: Path, postgis_url: str) -> None:
    for url in (str(tmp_path / "none.gpkg"), postgis_url):
        database = Database(url)
        with pytest.raises(Refused) as refusal, database.read():
            pass
        assert refusal.value.key == "database.not_set_up"
        database.dispose()
    assert not (tmp_path / "none.gpkg").exists()


def test_store_of_a_newer_program(database: Database) -> None:
    with database.write(actor="test") as session:
        session.execute(text("UPDATE schema_version SET version_num = '9999'"))
    again = Database(database.url.render_as_string(hide_password=False))
    with pytest.raises(Refused) as refusal, again.read():
        pass
    assert refusal.value.key == "database.newer_schema"
    again.dispose()


def test_failure_inside_takes_back_rows_and_pictures(workspace: Workspace, event_id: UUID, sheet: NewSheet) -> None:
    before = counts(workspace), pictures(workspace)
    with pytest.raises(RuntimeError, match="power"), workspace.write(actor="test") as session:
        store_sheet(session, workspace.pictures, event_id, sheet)
        raise RuntimeError("power cut")
    assert (counts(workspace), pictures(workspace)) == before


def test_same_picture_twice_is_a_conflict(workspace: Workspace, event_id: UUID, sheet: NewSheet) -> None:
    with workspace.write(actor="test") as session:
        store_sheet(session, workspace.pictures, event_id, sheet)
    before = counts(workspace), pictures(workspace)
    with pytest.raises(Conflict) as conflict, workspace.write(actor="test") as session:
        store_sheet(session, workspace.pictures, event_id, sheet)
    assert conflict.value.key == "sheet.already_stored"
    assert (counts(workspace), pictures(workspace)) == before


def test_sheet_of_an_unknown_event(workspace: Workspace, sheet: NewSheet) -> None:
    with pytest.raises(NotFound), workspace.write(actor="test") as session:
        store_sheet(session, workspace.pictures, uuid4(), sheet)
    assert pictures(workspace) == set()


def test_second_editor_of_one_event_is_told(workspace: Workspace, event_id: UUID) -> None:
    second = Database(workspace.database.url.render_as_string(hide_password=False))
    with second.read() as session:
        stale = session.scalars(select(AppraisalEvent).where(AppraisalEvent.id == event_id)).one()
        session.expunge(stale)
    with workspace.write(actor="first") as session:
        session.scalars(select(AppraisalEvent)).one().participants = 20
    with pytest.raises(Conflict) as conflict, second.write(actor="second") as session:
        stale.participants = 99
        session.add(stale)
    assert conflict.value.key == "database.changed_meanwhile"
    with workspace.read() as session:
        assert session.scalars(select(AppraisalEvent)).one().participants == 20
    second.dispose()


def test_row_that_points_nowhere(workspace: Workspace, event_id: UUID) -> None:
    before = counts(workspace)
    with pytest.raises(Conflict) as conflict, workspace.write(actor="test") as session:
        session.scalars(select(AppraisalEvent)).one().settlement_id = uuid4()
    assert conflict.value.key == "database.not_consistent"
    assert counts(workspace) == before


class TestGeoPackageOnly:
    """Faults of a file and its disk."""

    @pytest.fixture(params=["geopackage"])
    def database_url(self, request: pytest.FixtureRequest) -> str:
        url: str = request.getfixturevalue("geopackage_url")
        return url

    @pytest.fixture
    def path(self, database: Database) -> Path:
        found = geopackage_path(database.url)
        assert found is not None
        return found

    @pytest.fixture
    def foreign_lock(self, path: Path, event_id: UUID) -> Iterator[None]:
        with locked_by_another(path):
            yield

    @pytest.mark.usefixtures("foreign_lock")
    def test_locked_store(self, path: Path, event_id: UUID, sheet: NewSheet, tmp_path: Path) -> None:
        impatient = Workspace(Database(str(path), lock_wait_s=0.2), FolderStore(tmp_path / "pictures"))
        before = counts(impatient)
        with pytest.raises(Unavailable) as failure, impatient.write(actor="test") as session:
            store_sheet(session, impatient.pictures, event_id, sheet)
        assert failure.value.key == "database.locked"
        assert counts(impatient) == before
        assert pictures(impatient) == set()

    def test_store_that_another_program_holds_for_itself(self, path: Path, event_id: UUID) -> None:
        holder = sqlite3.connect(path, isolation_level=None)
        holder.execute("PRAGMA locking_mode = EXCLUSIVE")
        holder.execute("BEGIN EXCLUSIVE")
        with pytest.raises(Unavailable) as failure, Database(str(path), lock_wait_s=0.1).read():
            pass
        assert failure.value.key == "database.locked"
        holder.close()

    def test_store_that_vanished_is_not_made_anew(self, workspace: Workspace, path: Path, event_id: UUID) -> None:
        for leftover in path.parent.glob("village.gpkg*"):
            leftover.unlink()
        for block in (workspace.read, lambda: workspace.write(actor="test")):
            with pytest.raises(Refused) as refusal, block():
                pass
            assert refusal.value.key == "database.not_set_up"
        assert not path.exists()

    def test_failed_upgrade_takes_away_only_its_own_file(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken(*_: object) -> None:
            raise RuntimeError("in the middle")

        monkeypatch.setattr("alembic.command.upgrade", broken)
        with pytest.raises(RuntimeError):
            upgrade(str(tmp_path / "new.gpkg"))
        assert list(tmp_path.glob("new.gpkg*")) == []
        (tmp_path / "other.gpkg").touch()  # another process has just begun
        with pytest.raises(RuntimeError):
            upgrade(str(tmp_path / "other.gpkg"))
        assert (tmp_path / "other.gpkg").exists()

    def test_caught_error_in_a_load_leaves_the_index_in_order(self, workspace: Workspace, event_id: UUID) -> None:
        wells = [NewFeature(kind=Kind.WELL, geometry=Point(78.24, 42.495)) for _ in range(3)]
        with workspace.write(actor="test") as session:
            import_features(session, event_id, wells, origin="x")
        with workspace.write(actor="test") as session:
            # The same ids a second time: the driver refuses in the middle of the load.
            with pytest.raises(Conflict), translated():
                import_features(session, event_id, wells, origin="x")
            session.scalars(select(AppraisalEvent)).one().participants = 20
        with workspace.write(actor="test") as session:
            place = session.scalars(select(Settlement)).one()
            session.add(
                MapFeature(
                    settlement_id=place.id,
                    layer=Layer.WATER,
                    kind=Kind.SPRING,
                    source=FeatureSource.GPS,
                    geometry=Point(78.25, 42.495),
                )
            )
        with workspace.read() as session:
            assert check(session, workspace.pictures).is_well
            found = FeatureRepository(session).in_box((78.249, 42.49, 78.251, 42.5))
            assert [feature.kind for feature in found] == [Kind.SPRING]

    def test_two_writers_queue(self, workspace: Workspace, event_id: UUID) -> None:
        def add(times: int) -> None:
            for _ in range(times):
                with workspace.database.write(actor="writer") as session:
                    event = session.scalars(select(AppraisalEvent)).one()
                    event.participants = (event.participants or 0) + 1

        threads = [threading.Thread(target=add, args=(20,)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with workspace.read() as session:
            assert session.scalars(select(AppraisalEvent)).one().participants == 40

    def test_read_only_file(
        self, workspace: Workspace, path: Path, event_id: UUID, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = digest(path)
        path.chmod(0o444)
        # Root may write whatever the mode says, so the question is answered as for anybody else.
        monkeypatch.setattr(
            os, "access", lambda where, mode: not (mode & os.W_OK and not Path(where).stat().st_mode & 0o222)
        )
        with pytest.raises(Failed) as failure, workspace.write(actor="test") as session:
            session.scalars(select(AppraisalEvent)).one().participants = 7
        assert failure.value.key == "database.read_only"
        assert digest(path) == before
        with workspace.read() as session:
            assert session.scalars(select(AppraisalEvent)).one().participants is None

    def test_reader_cannot_write(self, workspace: Workspace, event_id: UUID) -> None:
        with pytest.raises(Failed) as failure, workspace.read() as session:
            session.execute(text("UPDATE appraisal_event SET participants = 7"))
        assert failure.value.key == "database.read_only"

    def test_full_disk_in_the_middle_of_an_import(self, workspace: Workspace, path: Path, event_id: UUID) -> None:
        before = counts(workspace)
        many = [NewFeature(kind=Kind.HOUSE, geometry=Point(78.2, 42.5)) for _ in range(20_000)]
        with pytest.raises(Failed) as failure, workspace.write(actor="test") as session:
            # SQLite answers SQLITE_FULL at this page count exactly as it does at ENOSPC.
            (pages,) = session.execute(text("PRAGMA page_count")).one()
            session.connection().exec_driver_sql(f"PRAGMA max_page_count = {pages + 40}")
            import_features(session, event_id, many, origin="many.geojson")
        assert failure.value.key == "database.disk_full"
        assert counts(workspace) == before
        with workspace.read() as session:
            assert session.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
        with workspace.write(actor="test") as session:
            assert import_features(session, event_id, many[:100], origin="few.geojson") == 100

    def test_really_full_file_system(self, tmp_path: Path) -> None:
        """The same on a file system of 2 MB, made in a mount namespace of its own."""
        script = tmp_path / "fill.py"
        script.write_text(FILL, encoding="utf-8")
        (tmp_path / "disk").mkdir()
        command = f"mount -t tmpfs -o size=2m none {tmp_path}/disk && exec {sys.executable} {script} {tmp_path}/disk"
        done = subprocess.run(
            # Root mounts as itself: inside a chroot or a container it may have no user namespaces.
            ["unshare", *([] if os.geteuid() == 0 else ["--user", "--map-root-user"]), "--mount", "sh", "-c", command],
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.stdout.splitlines() == ["database.disk_full 0 0", "storage.disk_full 0 0", "ok"], done.stderr


FILL = """
import sys
from pathlib import Path
from shapely.geometry import Point
from sqlalchemy import text
from geo.database.database import Database
from geo.database.schema import upgrade
from geo.domain.vocabulary import Kind
from geo.domain.territory import MunicipalityKind
from geo.drafts import NewFeature
from geo.errors import AyilmapError
from geo.models import Settlement
from geo.repositories.features import FeatureRepository
from geo.services.workspace import Workspace
from geo.storage import FolderStore

disk = Path(sys.argv[1])
upgrade(str(disk / "village.gpkg"))
workspace = Workspace(Database(str(disk / "village.gpkg")), FolderStore(disk / "pictures"))


def left():
    with workspace.read() as session:
        features, places = (session.scalar(text(f"SELECT count(*) FROM {t}")) for t in ("map_feature", "settlement"))
    return features, places


def try_to(step):
    try:
        with workspace.write(actor="test") as session:
            village = Settlement(name_ky="Үлгү", geometry=Point(78.2, 42.5))
            session.add(village)
            session.flush()
            step(session, village)
    except AyilmapError as error:
        print(error.key, *left())


many = [NewFeature(kind=Kind.HOUSE, geometry=Point(78.2, 42.5)) for _ in range(30_000)]
try_to(lambda session, village: FeatureRepository(session).load(many, settlement_id=village.id))
try_to(lambda session, village: workspace.pictures.put(bytes(3_000_000)))
with workspace.read() as session:
    print(session.execute(text("PRAGMA integrity_check")).scalar_one())
"""
