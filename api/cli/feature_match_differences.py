"""``ayilmap feature match differences``: in what the maps of a village's groups differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from api.cli.match_lines import drawing_name, drawing_values, group_name
from api.cli.shift_lines import metres
from api.cli.terminal import JsonOption, LanguageOption, language, open_settings, report
from geo.domain.labels import label
from geo.domain.vocabulary import Condition, Kind
from geo.i18n import Language, text

if TYPE_CHECKING:
    from geo.domain.matching import DifferenceKind
    from geo.matches import ObjectDifference, OneGroupOnly, VillageDifferences

__all__ = ["differences"]


def differences(
    *,
    settlement_id: Annotated[
        UUID, typer.Option("--settlement", help="Id of the village; see “ayilmap settlement find”.")
    ],
    as_json: JsonOption = False,
    lang: LanguageOption = None,
) -> None:
    """Say what one group drew alone, women and young people first, and where the drawings of one object differ.

    Reckoned from the drawings as they are now; nothing is stored.

    Example: ayilmap feature match differences --settlement 01a20004-b16b-71b2-bc71-6bcda59b6452
    """
    from geo.services.match_differences import differences

    reader = language(lang)
    with open_settings().workspace.read() as session:
        found = differences(session, settlement_id)
    report(_values(settlement_id, found), as_json=as_json, lines=_lines(found, reader))


def _lines(found: VillageDifferences, reader: Language) -> list[str]:
    if found.events < 2:
        return [text("match.one_event", reader, events=found.events)]
    counts = {"events": found.events, "agreed": found.agreed}
    counts |= {"only": len(found.only), "differing": len(found.differing)}
    lines = [_only(one, reader) for one in found.only] + [_differing(one, reader) for one in found.differing]
    return [*lines, text("match.differences", reader, **counts)]


def _only(one: OneGroupOnly, reader: Language) -> str:
    first = one.drawings[0]
    words = ", ".join(text(f"matching.group.{word.value}", reader) for word in one.groups)
    said = text("matching.difference.one_group_only", reader, group=words or group_name(first, reader))
    where = "; ".join(f"{group_name(drawing, reader)}: {drawing.feature_id}" for drawing in one.drawings)
    return f"{drawing_name(first, reader)}. {said}  ({where})"


def _differing(one: ObjectDifference, reader: Language) -> str:
    from geo.domain.matching import DifferenceKind

    told = [_said(one.kind, value, reader) for value in one.values] or [""] * len(one.drawings)
    groups = [group_name(drawing, reader) for drawing in one.drawings]
    values = "; ".join(f"{group}: {value}" if value else group for group, value in zip(groups, told, strict=True))
    key = f"matching.difference.{one.kind.value}"
    said = text(key, reader, group=values, values=values, distance_m=metres(one.distance_m))
    place = f"  ({values})" if one.kind is DifferenceKind.PLACED_ELSEWHERE else ""
    return f"{drawing_name(one.drawings[0], reader)}. {said}{place}"


def _said(kind: DifferenceKind, value: str, reader: Language) -> str:
    from geo.domain.matching import DifferenceKind

    if kind is DifferenceKind.OTHER_KIND:
        return label(Kind(value), reader)
    return label(Condition(value), reader) if kind is DifferenceKind.OTHER_CONDITION else value


def _values(settlement_id: UUID, found: VillageDifferences) -> dict[str, Any]:
    return {
        "settlement": str(settlement_id),
        "events": found.events,
        "agreed": found.agreed,
        "only": [
            {"groups": list(one.groups), "drawings": [drawing_values(drawing) for drawing in one.drawings]}
            for one in found.only
        ],
        "differing": [
            {
                "difference": one.kind.value,
                "match": str(one.match_id) if one.match_id else None,
                "confirmed": one.is_confirmed,
                "distance_m": None if one.distance_m is None else round(one.distance_m, 1),
                "values": list(one.values),
                "drawings": [drawing_values(drawing) for drawing in one.drawings],
            }
            for one in found.differing
        ],
    }
