"""The first page of a village's year."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.workbench.conftest import Visit
from tests.workbench.served import PHONE, WIDE, Visitor, axe_faults, is_cut_off


def test_the_spine_leads_through_the_eight_stages(wide: Visitor, village: str) -> None:
    page = wide.open(village)
    links = page.locator(".spine a")
    expect(links).to_have_count(8)
    assert [one.get_attribute("href") for one in links.all()] == [
        f"{village}/{name}" for name in ("map", "venn", "bread", "problems", "causes", "plan", "monitoring", "report")
    ]
    moments = ["2015-07-15", "2015-07-14T19:30:00Z", "2015-07-15T01:30:00+06:00"]
    written = page.evaluate("async (moments) => moments.map((await import('/static/work/words.js')).day)", moments)
    assert set(written) == {"15-июль, 2015-ж."}  # a moment belongs to the day that it has in Kyrgyzstan


@pytest.mark.parametrize("size", [WIDE, PHONE])
@pytest.mark.parametrize("language", ["ky", "en"])
def test_everybody_can_use_it(visit: Visit, village: str, size: tuple[int, int], language: str) -> None:
    page = visit(size=size, language=language).open(village)
    assert axe_faults(page) == []
    assert not is_cut_off(page)
