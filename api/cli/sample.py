"""``ayilmap sample …``: the sample municipality, to try every map and paper with."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.terminal import JsonOption, LanguageOption, language, open_settings, progress, report
from geo.i18n import text

__all__ = ["sample"]

sample = typer.Typer(help="The sample municipality, to try every map and paper with.", no_args_is_help=True)


@sample.command("load")
def load(as_json: JsonOption = False, lang: LanguageOption = None) -> None:
    """Load a whole sample year: sessions, votes, plan, visits, and an earlier year to compare with.

    What is there already stays as it is. What is invented says so.

    Example: ayilmap sample load --json
    """
    from api.qgis_files import make_readable
    from geo.database.schema import upgrade
    from geo.services.sample_removal import SAMPLE_ACTOR
    from geo.services.whole_sample import store_whole_sample

    chosen = language(lang)
    settings = open_settings()
    with progress(text("demo.step_store", chosen), total=2, plain=not as_json) as begin:
        begin(text("demo.step_store", chosen))
        upgrade(settings.store)
        with settings.workspace.write(actor=SAMPLE_ACTOR) as session:
            make_readable(session)
        begin(text("sample.step_year", chosen))
        loaded = store_whole_sample(settings.workspace, actor=SAMPLE_ACTOR)
    made = text("sample.made", chosen, count=loaded.made, photos=loaded.photos)
    lines = [
        made if loaded.made or loaded.photos else text("sample.unchanged", chosen),
        text("sample.years", chosen, id=loaded.municipality_id, year=loaded.year, earlier=loaded.earlier_year),
        text("sample.village", chosen, id=loaded.settlement_id),
        text("demo.store", chosen, path=settings.store_shown),
    ]
    values = {
        "municipality": loaded.municipality_id,
        "settlement": loaded.settlement_id,
        "years": [loaded.year, loaded.earlier_year],
        "plan": loaded.plan_id,
        "made": loaded.made,
        "photos": loaded.photos,
        "store": settings.store_shown,
    }
    report(values, as_json=as_json, lines=lines)


@sample.command("remove", epilog="Example: ayilmap sample remove")
def remove(
    with_own: Annotated[bool, typer.Option("--with-own", help="Also what was made and changed in the sample.")] = False,
    as_json: JsonOption = False,
    lang: LanguageOption = None,
) -> None:
    """Take the sample out of the store; refused with the count where something of your own hangs on it."""
    from geo.services.sample_removal import SAMPLE_ACTOR, remove_sample

    chosen = language(lang)
    settings = open_settings()
    with settings.workspace.write(actor=SAMPLE_ACTOR) as session:
        removed = remove_sample(session, with_own=with_own)
    lines = [
        text("sample.removed", chosen, count=removed.rows),
        text("demo.store", chosen, path=settings.store_shown),
    ]
    values = {"removed": removed.rows, "own": removed.own, "store": settings.store_shown}
    report(values, as_json=as_json, lines=lines)
