"""A phone and a service that can go away, for the tests of the field app."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, expect

from api.settings import Settings
from geo.services.whole_sample import WholeSample
from tests.api.conftest import app_of
from tests.conftest import BROWSER_ARGUMENTS
from tests.workbench.field_service import Cutting, Phone, Service

__all__ = ["app", "line", "on_geopackage", "open_context", "phone", "photo", "service"]

on_geopackage = pytest.mark.parametrize("database_url", ["geopackage"], indirect=True)
"""For what the page does whatever the store is."""


@pytest.fixture
def line(settings: Settings) -> Cutting:
    """The service behind a line that can break."""
    return Cutting(app_of(settings))


@pytest.fixture
def service(line: Cutting) -> Iterator[Service]:
    """The service, there."""
    service = Service(line)
    service.start()
    yield service
    service.stop()


@pytest.fixture
def app(sample: WholeSample) -> str:
    """Path of the app for the sample municipality."""
    return f"/field/{sample.municipality_id}/{sample.year}"


@pytest.fixture
def open_context(browser: Browser, chromium: str) -> Callable[..., BrowserContext]:
    """Open a browser that keeps what it has in a folder."""

    def opening(folder: str, **options: object) -> BrowserContext:
        return browser.browser_type.launch_persistent_context(
            folder,
            executable_path=chromium,
            args=BROWSER_ARGUMENTS,
            **options,  # type: ignore[arg-type]
        )

    return opening


@pytest.fixture
def phone(open_context: Callable[..., BrowserContext], service: Service, tmp_path: Path) -> Iterator[Phone]:
    """A phone, switched on."""
    phone = Phone(open_context, tmp_path / "phone", service.address)
    phone.start()
    expect.set_options(timeout=20_000)  # a photo is decoded and drawn in the browser
    yield phone
    expect.set_options(timeout=5_000)
    phone.stop()
    assert phone.faults == []


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A photo larger than what is sent."""
    path = tmp_path / "photo.jpg"
    Image.effect_noise((2600, 1950), 60).convert("RGB").save(path, quality=85)
    return path
