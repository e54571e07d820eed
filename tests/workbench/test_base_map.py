"""The base map of the settings under the pages' maps, and on the phone when the network is really gone."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from api.settings import Settings
from geo.services.whole_sample import WholeSample
from tests.workbench.base_map import green_share, write_green_map
from tests.workbench.field_fixtures import app, line, on_geopackage, open_context, phone, service
from tests.workbench.field_service import Cutting, Phone, Service
from tests.workbench.field_steps import take_along
from tests.workbench.served import Visitor, axe_faults

__all__ = ["app", "line", "open_context", "phone", "service"]

pytestmark = on_geopackage


@pytest.fixture
def settings(sample: WholeSample, database_url: str, tmp_path: Path) -> Settings:
    """Settings of a laptop with the sample and a base map."""
    return Settings(data=tmp_path, database_url=database_url, basemap=write_green_map(tmp_path / "green.pmtiles"))


def test_the_base_map_lies_under_the_village(wide: Visitor, village: str) -> None:
    page = wide.open(village)
    ground = page.locator(".maplibregl-map")
    expect(ground).to_be_visible()
    page.wait_for_function(
        "() => performance.getEntriesByType('resource').some((one) => one.name.includes('/basemap/'))"
    )
    wait_until_green(page)
    expect(page.locator(".maplibregl-ctrl-attrib")).to_contain_text("© Жер")
    page.locator("#theme").click()
    assert axe_faults(page) == []


def wait_until_green(page: Page, *, tries: int = 40) -> None:
    """Wait until tiles are drawn: MapLibre tells no page when it has drawn them."""
    ground = page.locator(".maplibregl-map")
    for _ in range(tries):
        if green_share(ground) > 0.5:
            return
    assert green_share(ground) > 0.5


def take_ground(page: Page) -> None:
    """Take the base map too."""
    page.locator(".offer button").click()
    expect(page.locator(".offer")).to_have_count(0)


def test_the_base_map_is_drawn_from_the_phone_when_the_network_is_gone(
    phone: Phone, service: Service, line: Cutting, app: str
) -> None:
    page = phone.open(app)
    take_along(page)
    # The plan is there at once; how large the base map is, is said before it is fetched.
    offer = page.locator(".offer")
    expect(offer).to_contain_text("бөлүк")
    expect(offer.get_by_role("button")).to_contain_text("КБ")
    assert [path for _, path, _ in line.asked if path.startswith("/basemap/") and path != "/basemap/sizes"] == []
    assert axe_faults(page) == []
    take_ground(page)
    expect(page.locator(".along .size")).to_contain_text("картанын бөлүктөрү")
    # Renewed, nothing is fetched a second time.
    line.asked.clear()
    page.locator(".along > button").click()
    expect(page.locator("#live")).to_contain_text("Баары телефондо")
    assert [path for _, path, _ in line.asked if path.startswith("/basemap/")] == []

    service.stop()
    phone.stop()
    phone.start()
    assert phone.context is not None
    phone.context.set_offline(True)
    page = phone.open(app)
    page.get_by_role("button", name="Чыгууну баштоо").click()
    expect(page.locator("#ground")).to_have_attribute("data-open", "1")
    wait_until_green(page)


def test_a_phone_too_full_for_the_base_map_keeps_the_plan(phone: Phone, app: str) -> None:
    page = phone.open(app)
    take_along(page)
    # The browser reckons with what was free a moment ago: it learns of a full device when it is opened anew.
    phone.stop()
    phone.start()
    assert phone.context is not None
    devtools = phone.context.new_cdp_session(phone.context.pages[0])
    devtools.send("Storage.overrideQuotaForOrigin", {"origin": phone.address, "quotaSize": 1})
    page = phone.open(app)
    page.locator(".offer button").click()
    expect(page.locator("#trouble")).to_contain_text("телефондо орун түгөндү")
    expect(page.locator(".offer")).to_be_visible()
    devtools.send("Storage.overrideQuotaForOrigin", {"origin": phone.address})
    take_ground(page)
    expect(page.locator("#trouble")).to_be_hidden()
    expect(page.get_by_role("button", name="Чыгууну баштоо")).to_be_enabled()
