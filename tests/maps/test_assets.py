"""Browser libraries come from set-up's folder, name no address, and are missed with a message that helps."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from geo.errors import Failed
from geo.i18n import LANGUAGES, text
from maps.web.assets import NODE_MODULES_VARIABLE, leaflet_script, leaflet_style, node_modules_folder
from maps.web.self_contained import addresses_in

ROOT = Path(__file__).resolve().parents[2]


def test_leaflet_is_the_version_whose_api_folium_speaks() -> None:
    assert 't.version="1.9.' in leaflet_script()


def test_libraries_name_no_address_and_no_file() -> None:
    assert addresses_in(leaflet_script()) == ()
    assert addresses_in(leaflet_style()) == ()
    assert "sourceMappingURL" not in leaflet_script()
    # The rules that place and stack the panes must survive the cleaning.
    for rule in (".leaflet-pane", ".leaflet-marker-icon", ".leaflet-popup-content-wrapper", ".leaflet-bar"):
        assert rule in leaflet_style()


def test_a_missing_library_is_named_with_the_folder_and_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(NODE_MODULES_VARIABLE, str(tmp_path))
    assert node_modules_folder() == tmp_path
    with pytest.raises(Failed) as refused:
        leaflet_script()
    assert refused.value.key == "assets.missing"
    for language in LANGUAGES:
        message = text(refused.value.key, language, **refused.value.params)
        assert "leaflet" in message and str(tmp_path) in message and NODE_MODULES_VARIABLE in message


def test_without_the_variable_the_libraries_lie_beside_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(NODE_MODULES_VARIABLE, raising=False)
    assert node_modules_folder() == ROOT / "node_modules"


def test_the_lock_file_pins_versions_and_sums_but_no_address() -> None:
    wanted = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"]
    locked = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert all(version[0].isdigit() for version in wanted.values()), "versions are pinned exactly"
    assert {name: locked[f"node_modules/{name}"]["version"] for name in wanted} == wanted
    for path, package in locked.items():
        assert "resolved" not in package
        assert path == "" or package["integrity"].startswith("sha512-")
    assert "://" not in (ROOT / "package-lock.json").read_text(encoding="utf-8")
    assert "omit-lockfile-registry-resolved=true" in (ROOT / ".npmrc").read_text(encoding="utf-8")
