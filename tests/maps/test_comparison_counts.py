"""A comparison counts things: what is confirmed to be one is counted once on its map."""

from __future__ import annotations

import re
from dataclasses import replace

from geo.domain.labels import label
from geo.domain.vocabulary import Kind
from geo.i18n import Language
from geo.snapshots import CycleSnapshot
from maps.web.comparison import ComparedMap, render_comparison
from tests.maps.municipality import FIRST, municipality, year_before


def counted(cycle: CycleSnapshot, kind: Kind) -> str:
    page = render_comparison(ComparedMap(year_before(cycle), FIRST.id), ComparedMap(cycle, FIRST.id), Language.EN)
    counts = page[page.index('data-list="counts"') :]
    found = re.search(
        rf'item-number">([^<]*)</b><span class="item-words"><span dir="auto">{label(kind, Language.EN)}<', counts
    )
    assert found is not None
    return found.group(1)


def test_drawings_of_one_thing_are_counted_once() -> None:
    cycle = municipality()
    own = [event for event in cycle.events if event.settlement_id == FIRST.id]
    drawn = sum(
        feature.kind is Kind.SCHOOL and not feature.geometry.is_empty for event in own for feature in event.features
    )
    confirmed = [match for match in cycle.matches if len(match.feature_ids) > 1]
    assert drawn > 1 and confirmed
    left, right = counted(cycle, Kind.SCHOOL).split(" / ")
    assert int(right) < drawn
    assert counted(replace(cycle, matches=()), Kind.SCHOOL).split(" / ")[1] == str(drawn)
    assert int(left) == 1
