"""Money of the plan as its tables say it: one unit for all sums, nothing rounded away (DOMAIN.md section 8)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from geo.domain.labels import label
from geo.domain.plan.totals import Sums, add_up
from geo.domain.plan_codes import ContributionSource
from geo.i18n import Language, text
from geo.snapshots import ActivitySnapshot, PlanSnapshot
from maps.documents.model import Align, Cell, Column, Row, RowKind, Table
from maps.documents.wording import number_cell, percent_in_words

__all__ = ["MoneyUnit", "money_by_source_table", "money_cell", "sources_of", "unit_of"]

UNTOLD = "*"
"""After a sum, or in place of one, of which a part is not told."""
_THOUSANDS_FROM = 100_000


@dataclass(frozen=True, slots=True)
class MoneyUnit:
    """What the numbers of a table count: som, or thousands of them."""

    som: int
    decimals: int

    def words(self, language: Language) -> str:
        """Return the unit as a heading says it."""
        return text("documents.unit_som" if self.som == 1 else "documents.unit_thousand_som", language)


def unit_of(sums: Iterable[int]) -> MoneyUnit:
    """Choose the unit: thousands where sums are large and no som is lost by it, so that what is printed adds up.

    >>> unit_of([300_000, 1_300_000])
    MoneyUnit(som=1000, decimals=0)
    >>> unit_of([300_000, 1_300_450]).som
    1
    """
    known = [som for som in sums if som]
    if not known or max(known) < _THOUSANDS_FROM or any(som % 100 for som in known):
        return MoneyUnit(1, 0)
    return MoneyUnit(1000, 1 if any(som % 1000 for som in known) else 0)


def sources_of(activities: Sequence[ActivitySnapshot]) -> tuple[ContributionSource, ...]:
    """Return the sources that have a column: those of the method, and several together where a paper says so."""
    used = {one.source for activity in activities for one in activity.contributions}
    several = ContributionSource.SEVERAL
    return tuple(one for one in ContributionSource if one is not several or several in used)


def money_cell(sums: Sums, unit: MoneyUnit, language: Language, *, missing: str = "–") -> Cell:
    """Return a sum in the unit of its table, marked where the source says "over" or does not tell a part."""
    if not sums.total and not sums.untold:
        return Cell(missing)
    cell = number_cell(sums.total / unit.som, language, decimals=unit.decimals, at_least=sums.at_least)
    if not sums.untold:
        return cell
    return Cell(f"{cell.words}{UNTOLD}" if sums.total else UNTOLD, cell.number, cell.decimals, cell.at_least)


def money_by_source_table(plan: PlanSnapshot, unit: MoneyUnit, language: Language) -> Table:
    """Return what each source promised and gave, and its share of what the plan may count on."""
    columns = (
        Column(text("documents.source", language), 3.0, strong=True),
        Column(text("documents.promised", language), 1.5, Align.RIGHT, summed=True),
        Column(text("documents.received", language), 1.5, Align.RIGHT, summed=True),
        Column(text("documents.counted_on", language), 1.5, Align.RIGHT, summed=True),
        Column(text("documents.share", language), 1.0, Align.RIGHT),
    )
    found = [(one, add_up(each.money(one) for each in plan.activities)) for one in sources_of(plan.activities)]
    total = add_up(sums for _, sums in found)
    rows = [
        _row(label(source, language), sums, whole=total.total, unit=unit, language=language, kind=RowKind.BODY)
        for source, sums in found
        if sums.total or sums.received or sums.untold
    ]
    total_words = text("documents.total", language)
    rows.append(_row(total_words, total, whole=total.total, unit=unit, language=language, kind=RowKind.TOTAL))
    over = (("", 1), (text("documents.sums_in", language, unit=unit.words(language)), 3), ("", 1))
    return Table(columns, tuple(rows), name=text("documents.sheet_sources", language), over=over)


def _row(name: str, sums: Sums, *, whole: int, unit: MoneyUnit, language: Language, kind: RowKind) -> Row:
    share = 100 * sums.total / whole if whole else None
    counted = (
        number_cell(som / unit.som, language, decimals=unit.decimals, at_least=sums.at_least and bool(som))
        for som in (sums.promised, sums.received, sums.total)
    )
    return Row((Cell(name), *counted, Cell(percent_in_words(share, language), share, 1)), kind)
