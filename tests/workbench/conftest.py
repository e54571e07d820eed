"""The sample municipality on each engine, served to a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from api.settings import Settings
from geo.services.whole_sample import WholeSample
from tests.api.conftest import app_of
from tests.workbench.served import PHONE, WIDE, Visitor, serve

Visit = Callable[..., Visitor]


@pytest.fixture
def settings(sample: WholeSample, database_url: str, tmp_path: Path) -> Settings:
    """Settings of a laptop with the sample, where nobody signs in."""
    return Settings(data=tmp_path, database_url=database_url)


@pytest.fixture
def address(settings: Settings) -> Iterator[str]:
    """Address of the service."""
    with serve(app_of(settings)) as address:
        yield address


@pytest.fixture
def village(sample: WholeSample) -> str:
    """Path of the sample village's pages in the sample's year."""
    return f"/work/{sample.settlement_id}/{sample.year}"


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    """Open a browser on the service; when the test ends no page may have had an error or asked elsewhere."""
    visitors: list[Visitor] = []

    def begin(*, size: tuple[int, int] = WIDE, language: str = "ky") -> Visitor:
        visitors.append(Visitor(browser, address, language, size))
        return visitors[-1]

    yield begin
    for visitor in visitors:
        visitor.close()


@pytest.fixture
def wide(visit: Visit) -> Visitor:
    """Somebody at a laptop, in Kyrgyz."""
    return visit()


@pytest.fixture
def phone(visit: Visit) -> Visitor:
    """Somebody with a phone, in Kyrgyz."""
    return visit(size=PHONE)
