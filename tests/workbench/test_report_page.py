"""What is handed out: made when asked for, in the language chosen for the paper, seen beside the list."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.workbench.conftest import Visit
from tests.workbench.served import PHONE, WIDE, Visitor, axe_faults, is_cut_off

pytestmark = pytest.mark.parametrize("database_url", ["geopackage"], indirect=True)
"""Pages are the same on both engines; renderings are tested on both over HTTP."""


expect.set_options(timeout=15_000)


def test_papers_are_made_and_seen(wide: Visitor, village: str) -> None:
    page = wide.open(f"{village}/report")
    page.get_by_label("русский").check()
    plan = page.locator("#municipality .paper", has_text="Биргелешкен аракеттер планы")
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if one.method == "POST" else None)
    plan.get_by_role("button", name=re.compile("PDF")).dblclick()
    expect(page.locator("#preview iframe")).to_be_visible(timeout=60_000)
    expect(plan.locator(".result a")).to_contain_text(re.compile(r"План совместных действий.*\.pdf"))
    assert len(asked) == 1
    with page.expect_download() as download:
        plan.locator(".result a").click()
    assert download.value.suggested_filename.endswith(".pdf")

    with page.expect_download(timeout=60_000) as workbook:
        plan.get_by_role("button", name=re.compile("Excel")).click()
    assert workbook.value.suggested_filename.endswith(".xlsx")

    page.get_by_label("кыргызча").check()
    votes = page.locator("#village .paper", has_text="Добуштар, диаграмма")
    votes.get_by_role("button").click()
    expect(page.locator("#preview img")).to_be_visible(timeout=60_000)

    # The browser's own reader of PDF is no page of ours.
    wide.excuse("elsewhere: chrome")
    # The list is where it was after Back, and what was made is made again at once.
    page.locator('.spine a[href$="/plan"]').click()
    page.go_back()
    expect(page.locator("#municipality .paper").first).to_be_visible()


@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_everybody_can_use_it_and_is_told_what_is_missing(visit: Visit, village: str, size: tuple[int, int]) -> None:
    visitor = visit(size=size)
    page = visitor.open(f"{village}/report")
    assert axe_faults(page) == []
    assert not is_cut_off(page)
    # A year that has not begun has blank forms only.
    page = visitor.open(f"{village.rsplit('/', 1)[0]}/2031/report")
    expect(page.locator(".shelf")).to_have_count(1)
    blank = page.locator(".paper", has_text="Катышуучулардын тизмеси")
    blank.get_by_role("button", name=re.compile("Word")).click()
    expect(blank.locator(".result a")).to_contain_text(".docx", timeout=60_000)
    # A year with a plan and nothing else says what is missing, and where to do it.
    page = visitor.open(f"{village.rsplit('/', 1)[0]}/2012/report")
    missing = page.locator(".paper.is-missing").first
    expect(missing.get_by_role("link")).to_be_visible()
    assert axe_faults(page) == []
