"""What cells of a plan's table mean: places, people who answer, results, sums, in any of the three languages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from geo.domain.labels import label
from geo.domain.names import fold
from geo.domain.plan.deadlines import Deadline, read_deadline
from geo.domain.plan.money import read_money
from geo.domain.plan_codes import Coverage, Purpose, Responsible
from geo.domain.territory import DatePrecision
from geo.errors import Refused
from geo.exchange.plan_workbook import GridCell
from geo.i18n import LANGUAGES
from geo.models import Activity, Settlement
from geo.services.event_map import names_of

__all__ = [
    "NOTHING_SAID",
    "CellMoney",
    "Villages",
    "is_empty",
    "plain",
    "purpose_of",
    "read_count",
    "read_result",
    "read_sum",
    "read_when",
    "read_who",
]

NOTHING_SAID = frozenset({"", "-", "–", "—", "*", "жок", "нет", "no", "none"})
_GOVERNMENT = re.compile(r"\b(?:аө|ао|аа|айыл\s*өкмөт\w*|айылный|айылного|мэри\w*|local government)\b", re.IGNORECASE)
_GROUP = re.compile(
    r"\b(?:дт|иг|демилге\w*\s+топ\w*|инициативн\w*\s+групп\w*|initiative group|жамаат\w*)\b", re.IGNORECASE
)
_UNTOLD = "*"
_MOST_DIGITS = 15
"""Of a number of people; a float holds as many exactly."""


@dataclass(frozen=True, slots=True)
class CellMoney:
    """A sum of a cell; ``som`` None: there is none, or it is not told (``is_untold``)."""

    som: int | None
    at_least: bool = False
    is_untold: bool = False


class Villages:
    """The villages of a municipality by all their names."""

    def __init__(self, settlements: Iterable[Settlement]) -> None:
        settlements = tuple(settlements)
        self.names = {one.id: names_of(one) for one in settlements}
        self._by_name = {
            fold(name): one.id
            for one in settlements
            for name in (one.name_ky, one.name_ru, one.name_en)
            if (name or "").strip()
        }
        self._whole = {fold(label(Coverage.MUNICIPALITY, language)) for language in LANGUAGES}

    def find(self, words: str) -> tuple[bool, UUID | None]:
        """Return whether words name a place of the plan, and which village; None is the whole municipality."""
        key = fold(words)
        if key in self._whole:
            return True, None
        return key in self._by_name, self._by_name.get(key)

    def split_title(self, words: str) -> tuple[str, bool, UUID | None]:
        """Take the place from under a title, where our own workbook writes it."""
        *lines, last = words.splitlines() or [""]
        if lines:
            is_place, village = self.find(last)
            if is_place:
                return " ".join(" ".join(lines).split()), True, village
        return " ".join(words.split()), False, None


def is_empty(cell: GridCell) -> bool:
    """Return whether a cell says nothing, by a dash or not at all."""
    return cell.text.casefold() in NOTHING_SAID - {_UNTOLD}


def plain(words: str) -> str:
    """Reduce words to what makes them the same: case, gaps, digits' gaps and decimal marks make no difference.

    >>> plain("2,4  км; 1 000 адам") == plain("2.4 км; 1000 адам")
    True
    """
    small = " ".join(words.replace("\n", " ").split()).casefold()
    joined = re.sub(r"(?<=\d)[ \u00a0\u202f](?=\d{3}\b)", "", small)
    return re.sub(r"(?<=\d),(?=\d)", ".", joined)


def read_count(cell: GridCell) -> int | None:
    """Read a number of people.

    Raises
    ------
    Refused
        It is no whole number.
    """
    if is_empty(cell):
        return None
    if isinstance(cell.value, int | float):
        # A cell can hold a number that is endless for a float, or too long for one.
        value = float(cell.value) if abs(cell.value) < 10**_MOST_DIGITS else -1.0
    else:
        digits = re.sub(r"[\s\u00a0\u202f]", "", re.sub(r"[^\d\s.,\u00a0\u202f]", "", cell.text))
        if not digits.isdecimal() or len(digits) > _MOST_DIGITS:
            raise Refused("workbook.no_count", cell=cell.address, value=cell.text[:60])
        value = float(digits)
    if value < 0 or value != int(value):
        raise Refused("workbook.no_count", cell=cell.address, value=cell.text[:60])
    return int(value)


def read_sum(cell: GridCell, unit: int) -> CellMoney:
    """Read a sum of a column whose numbers are worth so many som.

    Raises
    ------
    Refused
        No sum can be read.
    """
    if is_empty(cell):
        return CellMoney(None)
    if cell.text == _UNTOLD:
        return CellMoney(None, is_untold=True)
    if isinstance(cell.value, int | float):
        # The shortest decimal that stands for the float: what was typed.
        money = read_money(Decimal(repr(cell.value)) * unit)
        return CellMoney(money.som or None, cell.says_over)
    words = cell.text.removesuffix(_UNTOLD).strip()
    try:
        bare = re.fullmatch(r"([>≥]?)\s*(\d[\d\s\u00a0\u202f]*(?:[.,]\d+)?)", words)
        if bare and unit > 1:
            digits = re.sub(r"[\s\u00a0\u202f]", "", bare[2]).replace(",", ".")
            money = read_money(Decimal(digits) * unit)
            return CellMoney(money.som or None, bool(bare[1]) or cell.says_over, cell.text.endswith(_UNTOLD))
        read = read_money(words)
    except Refused as error:
        raise Refused("workbook.no_sum", cell=cell.address, value=cell.text[:60]) from error
    return CellMoney(read.som or None, read.at_least, cell.text.endswith(_UNTOLD))


def read_when(cell: GridCell, *, years: tuple[int, int]) -> Deadline | None:
    """Read a deadline; a cell may hold a date, a year, or words.

    Raises
    ------
    Refused
        No date can be read.
    """
    if is_empty(cell):
        return None
    if isinstance(cell.value, date):
        return Deadline(cell.value, cell.value, DatePrecision.DAY)
    written = str(int(cell.value)) if isinstance(cell.value, float) and cell.value.is_integer() else cell.text
    return read_deadline(written, year=years[0] if years[0] == years[1] else None)


def read_who(cell: GridCell, activity: Activity | None) -> dict[str, object]:
    """Read who answers for an activity: fields to be changed, none where the cell says what is known."""
    words = " ".join(cell.text.split())
    if is_empty(cell):
        return {} if activity is None or not (activity.responsible or activity.responsible_note) else _NOBODY
    if activity is not None and any(plain(words) == plain(_who(activity, language)) for language in LANGUAGES):
        return {}
    codes: set[Responsible] = set()
    notes = []
    for part in (one.strip() for one in words.split(";")):
        named = {one for one in Responsible for language in LANGUAGES if fold(label(one, language)) == fold(part)}
        codes |= named
        if part and not named:
            notes.append(part)
    note = "; ".join(notes)
    if not codes:
        by_government, by_group = bool(_GOVERNMENT.search(words)), bool(_GROUP.search(words))
        if by_government or by_group:
            both = by_government and by_group
            one = Responsible.LOCAL_GOVERNMENT if by_government else Responsible.INITIATIVE_GROUP
            codes = {Responsible.TOGETHER if both else one}
    code = Responsible.TOGETHER if len(codes) > 1 else next(iter(codes), None)
    kept = activity.responsible if activity is not None and code is None else code
    fields: dict[str, object] = {"responsible": kept, "responsible_note": note}
    if kept in {None, Responsible.LOCAL_GOVERNMENT}:
        fields["responsible_group_id"] = None
    return fields


_NOBODY: dict[str, object] = {"responsible": None, "responsible_note": "", "responsible_group_id": None}


def _who(activity: Activity, language: object) -> str:
    named = label(activity.responsible, language) if activity.responsible else ""  # type: ignore[arg-type]
    return "; ".join(filter(None, (named, activity.responsible_note)))


def read_result(result: GridCell | None, indicators: GridCell | None, activity: Activity | None) -> dict[str, object]:
    """Read result and indicators, which our own workbook writes into one cell with the quantity.

    What of the cell is known as indicator or quantity stays that; the rest is the result.
    """
    fields: dict[str, object] = {}
    if indicators is not None and (activity is None or plain(indicators.text) != plain(activity.indicators)):
        fields["indicators"] = "" if is_empty(indicators) else indicators.text
    if result is None:
        return fields
    words = "" if is_empty(result) else result.text
    if activity is None:
        return fields | {"result": words}
    quantity = "" if activity.quantity is None else f"{activity.quantity:g} {activity.quantity_unit}".strip()
    known = [activity.result, *((activity.indicators,) if indicators is None else ()), quantity]
    if plain(words) in {plain("; ".join(filter(None, known))), plain(activity.result)}:
        return fields
    rest = [part.strip() for part in words.split(";") if part.strip() and plain(part) != plain(quantity)]
    if indicators is None and activity.indicators:
        wanted = [plain(part) for part in activity.indicators.split(";")]
        of_indicators = [part for part in rest if plain(part) in wanted]
        if of_indicators:
            rest = [part for part in rest if part not in of_indicators]
        elif activity.result and any(plain(part) == plain(activity.result) for part in rest):
            others = [part for part in rest if plain(part) != plain(activity.result)]
            return fields | {"indicators": "; ".join(others)}
        else:
            fields["indicators"] = ""
    said = "; ".join(rest)
    return fields if plain(said) == plain(activity.result) else fields | {"result": said}


def purpose_of(words: str) -> Purpose | None:
    """Return the purpose that words name as our lists do."""
    return _PURPOSES.get(fold(words))


_PURPOSES: Mapping[str, Purpose] = {fold(label(one, language)): one for one in Purpose for language in LANGUAGES}
