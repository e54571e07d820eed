"""The first page: finding a village, coming back to it, adding one's own; and what it weighs."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.workbench.conftest import Visit
from tests.workbench.served import PHONE, WIDE, Visitor, axe_faults, is_cut_off
from tests.workbench.weight import ALLOWED_BYTES, scripts_of

ONE_ENGINE = pytest.mark.parametrize("database_url", ["geopackage"], indirect=True)


def test_a_village_is_found_by_a_few_letters_and_waits_on_the_first_page(wide: Visitor, village: str) -> None:
    page = wide.open("/")
    field = page.locator("#q")
    field.press_sequentially("x ай")
    expect(page.locator("#found")).to_be_hidden()  # a Latin x is no letter of its name
    field.fill("")
    field.press_sequentially("торт")
    expect(page.locator("#found [role=option]")).to_have_count(1)
    assert field.get_attribute("aria-expanded") == "true"
    field.press("Escape")
    expect(page.locator("#found")).to_be_hidden()
    field.fill("айылы")
    expect(page.locator("#found")).to_be_visible()
    field.press("ArrowDown")
    field.press("Enter")
    page.wait_for_url("**/work/**", wait_until="commit")
    page.wait_for_selector("html[data-ready]", state="attached")
    name = page.locator("h1").inner_text().rpartition(" ")[0]
    page.locator(".brand").click()
    expect(page.locator(".recent a")).to_contain_text(name)


@ONE_ENGINE
@pytest.mark.parametrize(("size", "language"), [(WIDE, "ky"), (PHONE, "ky"), (PHONE, "en")])
def test_everybody_can_use_the_first_pages(visit: Visit, village: str, size: tuple[int, int], language: str) -> None:
    someone = visit(size=size, language=language)
    for path in ("/", "/?q=липенка", "/work/new", village):
        page = someone.open(path)
        for theme in ("light", "dark"):
            page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
            assert axe_faults(page) == [], (path, theme)
        assert not is_cut_off(page), path
        page.close()


@ONE_ENGINE
def test_a_new_village_says_what_is_missing_and_then_opens(wide: Visitor) -> None:
    page = wide.open("/work/new")
    wide.faults.clear()
    page.locator("main button.primary").click()
    page.wait_for_selector("#wrong")
    wide.excuse(422)
    for name in ("name_ky", "rayon_ky", "municipality", "lat"):
        assert page.locator(f"#{name}-wrong").inner_text()
    page.fill("#name_ky", "Кең-Булуң <b>")
    page.fill("#rayon_ky", "Ысык-Көл")
    page.select_option("#municipality", "new")
    page.fill("#municipality_ky", "Кең-Булуң айыл аймагы")
    page.wait_for_selector("html[data-ready]", state="attached")
    page.locator("#map canvas").click(position={"x": 120, "y": 120})
    assert float(page.input_value("#lat")) > 0
    page.locator("main button.primary").click()
    page.wait_for_url("**/work/*/2*", wait_until="commit")
    expect(page.locator("h1")).to_contain_text("Кең-Булуң <b>")
    expect(page.locator("#next .what")).to_contain_text("Биринчи жолугушууну")


@ONE_ENGINE
def test_the_scripts_before_the_map_opens_are_light(wide: Visitor, village: str) -> None:
    page = wide.context.new_page()
    weighed = scripts_of(page, f"{wide.address}{village}")
    assert len(weighed) > 5, weighed
    assert 0 < sum(weighed.values()) <= ALLOWED_BYTES, weighed
