"""``ayilmap db …``, ``import``, ``export``: the store from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from api.cli.terminal import JsonOption, LanguageOption, language, open_settings, progress, report
from geo.domain.vocabulary import Kind
from geo.errors import Refused
from geo.i18n import Language, text

if TYPE_CHECKING:
    from api.settings import Settings

__all__ = ["database", "export_file", "import_file"]

database = typer.Typer(help="The store: make it, bring it up to date, look whether it is well.", no_args_is_help=True)

EventOption = Annotated[UUID, typer.Option("--event", help="Id of the event; see “ayilmap event list”.")]


@database.command("upgrade", epilog="Example: ayilmap db upgrade")
def upgrade_store(as_json: JsonOption = False, lang: LanguageOption = None) -> None:
    """Make the store, or bring it up to this program's version; what is in it stays."""
    from api.qgis_files import make_readable
    from geo.database.schema import head_revision, upgrade

    settings = open_settings()
    upgrade(settings.store)
    with settings.workspace.write(actor="ayilmap") as session:
        make_readable(session)
    words = text("command.store_ready", language(lang), store=settings.store_shown)
    report({"store": settings.store_shown, "schema": head_revision()}, as_json=as_json, lines=[words])


@database.command("check", epilog="Example: ayilmap db check --json")
def check_store(as_json: JsonOption = False, lang: LanguageOption = None) -> None:
    """Look whether the store can be read and is whole."""
    from geo.services.checking import check

    settings = open_settings()
    with settings.workspace.read() as session:
        found = check(session, settings.workspace.pictures)
    key = "command.store_well" if found.is_well else "command.store_unwell"
    report(
        {"store": settings.store_shown, "well": found.is_well, "faults": found.faults, "rows": found.rows},
        as_json=as_json,
        lines=[text(key, language(lang), store=settings.store_shown), *found.faults],
    )
    if not found.is_well:
        raise typer.Exit(1)


@database.command("backup", epilog="Example: ayilmap db backup village-2026-03-01.zip")
def back_up_store(
    out: Annotated[Path, typer.Argument(help="The file to write; it must not be there yet.")],
    as_json: JsonOption = False,
    lang: LanguageOption = None,
) -> None:
    """Write the store with all its pictures into one file; the service may be running meanwhile."""
    from geo.services.store_backup import back_up
    from geo.storage import FolderStore

    settings = open_settings()
    with progress(text("backup.writing", language(lang)), total=3) as begin:
        done = back_up(settings.store, FolderStore(settings.data / "pictures"), out, step=begin)
    line = text("backup.written", language(lang), path=done.path, pictures=done.pictures, size=_size(done.size))
    values = {"path": done.path, "engine": done.engine, "schema": done.schema, "pictures": done.pictures}
    report({**values, "bytes": done.size}, as_json=as_json, lines=[line])


@database.command("restore", epilog="Example: ayilmap db restore village-2026-03-01.zip --replace")
def restore_store(
    source: Annotated[Path, typer.Argument(metavar="FILE", help="What “ayilmap db backup” wrote.")],
    replace: Annotated[bool, typer.Option("--replace", help="Take the place of the store that is there.")] = False,
    as_json: JsonOption = False,
    lang: LanguageOption = None,
) -> None:
    """Put a backup in the place of the store: all of it, or nothing is changed. Stop the service first."""
    from geo.services.store_backup import restore
    from geo.storage import FolderStore

    settings = open_settings()
    with progress(text("restore.reading", language(lang)), total=3) as begin:
        done = restore(settings.store, FolderStore(settings.data / "pictures"), source, replace=replace, step=begin)
    lines = [text("restore.done", language(lang), made_at=done.made_at, pictures=done.pictures)]
    if done.before is not None:
        lines.append(text("restore.before", language(lang), path=done.before))
    values = {"engine": done.engine, "schema": done.schema, "pictures": done.pictures, "made_at": done.made_at}
    report({**values, "before": done.before and str(done.before)}, as_json=as_json, lines=lines)


def _size(count: int) -> str:
    return f"{count / 1_000_000:.1f} MB"


def import_file(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="GeoJSON or GeoPackage files.")],
    *,
    event_id: EventOption,
    kind: Annotated[Kind | None, typer.Option(help="Kind of the objects that name none, such as school.")] = None,
    layer: Annotated[str | None, typer.Option(help="Layer of the files, where they have several.")] = None,
    as_json: JsonOption = False,
    lang: LanguageOption = None,
) -> None:
    """Take the objects of files into an event: all of them or none.

    Example: ayilmap import wells.geojson --event 01a20004-b16b-71b2-bc71-6bcda59b6452 --kind well
    """
    from geo.exchange.vector_file import read_vector_file
    from geo.services.imports import import_features

    settings = open_settings()
    numbers: dict[str, int] = {}
    with progress(text("command.importing", language(lang)), total=2 * len(files)) as begin:
        drafts = {}
        for path in files:
            begin(path.name)
            _refuse_live_store(settings, path)
            drafts[path] = read_vector_file(path, kind=kind, layer=layer)
        with settings.workspace.write(actor="ayilmap import") as session:
            for path, features in drafts.items():
                begin(path.name)
                numbers[str(path)] = import_features(session, event_id, features, origin=path.name)
    lines = [text("command.imported", language(lang), path=path, count=count) for path, count in numbers.items()]
    report({"imported": numbers}, as_json=as_json, lines=lines)


def export_file(
    out: Annotated[Path, typer.Argument(help="The file to write: .geojson, .gpkg or .qgz.")],
    *,
    event_id: Annotated[
        UUID | None, typer.Option("--event", help="Id of the event; a project needs none and shows all.")
    ] = None,
    settlement_id: Annotated[
        UUID | None, typer.Option("--settlement", help="Id of the village that a project shows first.")
    ] = None,
    service: Annotated[
        str, typer.Option(help="PostgreSQL service of the readers' computers, for a project on a store in PostGIS.")
    ] = "",
    as_json: JsonOption = False,
    lang: LanguageOption = None,
) -> None:
    """Write the objects of an event as a file that any GIS opens, or a QGIS project that shows the live store.

    Example: ayilmap export village.gpkg --event 01a20004-b16b-71b2-bc71-6bcda59b6452

    Example: ayilmap export project.qgz --lang ky
    """
    if out.suffix.lower() == ".qgz":
        _export_project(out, settlement_id, service, as_json=as_json, chosen=language(lang))
        return
    if event_id is None:
        raise Refused("qgis.event_needed")
    from geo.exchange.vector_file import write_vector_file
    from geo.services.event_map import event_snapshot

    settings = open_settings()
    chosen = language(lang)
    _refuse_live_store(settings, out)
    with settings.workspace.read() as session:
        snapshot = event_snapshot(session, settings.workspace.pictures, event_id, chosen)
    features = snapshot.groups[0].features
    write_vector_file(out, features, chosen)
    line = text("command.exported", chosen, path=out, count=len(features))
    report({"exported": len(features), "path": str(out)}, as_json=as_json, lines=[line])


def _export_project(out: Path, settlement_id: UUID | None, service: str, *, as_json: bool, chosen: Language) -> None:
    from api.qgis_files import write_qgis_project
    from geo.database.engine import geopackage_path

    workspace = open_settings().workspace
    epsg, layers = write_qgis_project(workspace, out, chosen, settlement_id=settlement_id, service=service)
    is_file = geopackage_path(workspace.database.url) is not None
    key = "qgis.project_written" if is_file else "qgis.project_on_postgis"
    line = text(key, chosen, path=out, layers=layers)
    report(
        {"path": str(out), "layers": layers, "epsg": epsg, "bytes": out.stat().st_size}, as_json=as_json, lines=[line]
    )


def _refuse_live_store(settings: Settings, path: Path) -> None:
    from geo.database.engine import geopackage_path

    live = geopackage_path(settings.workspace.database.url)
    try:
        same = live is not None and path.exists() and live.exists() and path.samefile(live)
    except OSError:  # a name that no file can have; whoever opens it will say so
        return
    if same:
        raise Refused("import.live_store", path=path)
