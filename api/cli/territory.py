"""``ayilmap settlement …``: find a village, or enter one's own."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from api.cli.day_option import DAY, read_day
from api.cli.terminal import JsonOption, LanguageOption, language, open_settings, report
from geo.domain.clock import local_today
from geo.domain.territory import MunicipalityKind
from geo.i18n import text

__all__ = ["settlement"]

settlement = typer.Typer(help="Villages and town quarters, and their municipalities.", no_args_is_help=True)


@settlement.command()
def find(
    name: Annotated[str, typer.Argument(help="Part of a name, however it is spelt, in any of the languages.")],
    rayon: Annotated[str, typer.Option(help="Part of the rayon's name.")] = "",
    as_json: JsonOption = False,
    lang: LanguageOption = None,
) -> None:
    """List the settlements of a name with their ids.

    Example: ayilmap settlement find арал --rayon тогуз
    """
    from geo.services.territory import find_settlements

    chosen = language(lang)
    with open_settings().workspace.read() as session:
        found = find_settlements(session, name, rayon=rayon, language=chosen, today=local_today())
    lines = [f"{one.id}  {one.shown}  {one.municipality.best(chosen)}".rstrip() for one in found]
    values = [
        {
            "id": one.id,
            "shown": one.shown,
            "names": asdict(one.names),
            "rayon": asdict(one.rayon),
            "municipality": asdict(one.municipality),
            "lon_lat": one.lonlat,
            "is_sample": one.is_sample,
        }
        for one in found
    ]
    report({"settlements": values}, as_json=as_json, lines=lines or [text("command.no_settlements", chosen, name=name)])


@settlement.command()
def add(
    *,
    name_ky: Annotated[str, typer.Option(help="Its Kyrgyz name.")],
    name_ru: Annotated[str, typer.Option(help="Its Russian name.")] = "",
    name_en: Annotated[str, typer.Option(help="Its English name.")] = "",
    rayon_ky: Annotated[str, typer.Option(help="Kyrgyz name of its rayon, which tells homonyms apart.")],
    rayon_ru: Annotated[str, typer.Option(help="Russian name of the rayon.")] = "",
    rayon_en: Annotated[str, typer.Option(help="English name of the rayon.")] = "",
    lon: Annotated[float, typer.Option(help="Degrees east (WGS 84).")],
    lat: Annotated[float, typer.Option(help="Degrees north (WGS 84).")],
    municipality: Annotated[str, typer.Option(help="Whole name, or id, of the municipality it belongs to.")],
    new_municipality: Annotated[bool, typer.Option("--new-municipality", help="Enter that municipality too.")] = False,
    municipality_kind: Annotated[
        MunicipalityKind, typer.Option(help="What the new municipality is.")
    ] = MunicipalityKind.AIMAK,
    since: Annotated[
        str, typer.Option("--from", metavar=DAY, help="First day in it; without: before our records.")
    ] = "",
    as_json: JsonOption = False,
    lang: LanguageOption = None,
) -> None:
    """Enter a settlement and the municipality that it belongs to.

    Example: ayilmap settlement add --name-ky Ак-Суу --rayon-ky Ак-Суу --lon 78.53 --lat 42.50
    --municipality "Ак-Суу айылдык аймагы" --new-municipality
    """
    from geo.services.territory import add_municipality, add_settlement, choose_municipality
    from geo.snapshots import Names

    valid_from = read_day(since) if since else None
    names, rayon = Names(name_ky, name_ru, name_en), Names(rayon_ky, rayon_ru, rayon_en)
    with open_settings().workspace.write(actor="ayilmap settlement add") as session:
        owner = (
            add_municipality(session, names=Names(ky=municipality), rayon=rayon, kind=municipality_kind)
            if new_municipality
            else choose_municipality(session, municipality, rayon=rayon)
        )
        made = add_settlement(
            session,
            names=names,
            rayon=rayon,
            lonlat=(lon, lat),
            municipality_id=owner,
            valid_from=valid_from,
        )
    line = text("command.settlement_added", language(lang), name=name_ky, id=made)
    report({"settlement": made, "municipality": owner}, as_json=as_json, lines=[line])
