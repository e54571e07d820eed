"""Lists of names follow the Kyrgyz alphabet, page by page, on both engines and over both interfaces."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from shapely.geometry import Point

from geo.domain.names import search_text
from geo.models import Settlement
from geo.services.workspace import Workspace
from tests.geo.repositories.test_alphabet import IN_ORDER

NAMES = [one for one in IN_ORDER if one]


@pytest.fixture
def villages(workspace: Workspace) -> None:
    with workspace.write(actor="test") as session:
        for name in (*sorted(NAMES), *("орто", "ОРТО")):
            session.add(Settlement(name_ky=name, search_name=search_text([name]), geometry=Point(74, 42)))


def walk(service: TestClient, address: str) -> list[str]:
    """Return the names of a list, page after page."""
    found: list[str] = []
    url: str | None = address
    while url:
        page: dict[str, Any] = service.get(url).json()
        found += [one["properties"]["name_ky"] for one in page["features"]]
        links = {one["rel"]: one["href"] for one in page.get("links", ())}
        url = page.get("next") or links.get("next")
    return found


@pytest.mark.usefixtures("villages")
@pytest.mark.parametrize("down", ["", "-"])
@pytest.mark.parametrize(
    "address", ["/api/v1/settlements?sort={}name_ky", "/ogc/collections/settlements/items?sortby={}name_ky"]
)
def test_a_list_of_names_follows_the_alphabet(service: TestClient, address: str, down: str) -> None:
    found = walk(service, f"{address.format(down)}&limit=2")
    names = NAMES if not down else NAMES[::-1]
    # Alike but for case: in the order in which they were made, whichever way the list runs.
    assert found == [one for name in names for one in (("Орто", "орто", "ОРТО") if name == "Орто" else (name,))]
