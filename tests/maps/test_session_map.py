"""The page of an event's map, read as a file."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path

import pytest
from shapely.geometry import GeometryCollection, LinearRing, Point, Polygon

from geo.domain.labels import label
from geo.domain.vocabulary import Kind, Layer
from geo.errors import Failed
from geo.i18n import LANGUAGES, Language, text
from geo.snapshots import EventSnapshot, GroupSnapshot, Names
from maps.web.self_contained import addresses_in
from maps.web.session_map import render_session_map, write_session_map
from tests.maps.reading_pages import Outline, data_of, marks_of
from tests.maps.village import dot, ground, path, with_features

NASTY = "</script><script>alert('ң')</script><img src=x onerror=alert(1)>\"'`${1}&amp;"


@pytest.fixture(scope="module")
def page(event: EventSnapshot) -> str:
    return render_session_map(event, Language.KY)


def test_no_address_leaves_the_file(page: str) -> None:
    assert addresses_in(page) == ()
    assert "http:" not in page.replace(r"http:\/\/www.w3.org\/2000\/svg", "")
    assert "https:" not in page


def test_the_page_is_whole_html_in_the_readers_language(page: str) -> None:
    outline = Outline(page)
    assert outline.open == []
    assert outline.tags[0] == ("html", {"lang": "ky"})
    assert ("meta", {"charset": "utf-8"}) in outline.tags
    assert "<title>Көк-Өзөң айылы — Айыл картасы, 19-ноябрь, 2014-ж.</title>" in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_title_block_says_where_and_when(event: EventSnapshot, language: Language) -> None:
    outline = Outline(render_session_map(event, language))
    words = " ".join(" ".join(outline.texts).split())
    assert event.settlement.best(language) in words
    assert event.municipality.best(language) in words
    assert text("map.sample", language) in words
    assert "18–35, 56+" in words
    assert event.credits[0] in words
    assert outline.with_attribute("datetime", "2014-11-19")


def test_a_real_village_is_not_marked_as_a_sample(event: EventSnapshot) -> None:
    assert 'sample-note">' not in render_session_map(replace(event, settlement_is_sample=False), Language.KY)


def test_every_feature_is_there_with_its_words(page: str, event: EventSnapshot) -> None:
    drawn = marks_of(page)
    given = [feature for group in event.groups for feature in group.features]
    assert len(drawn) == len(given)
    assert len(drawn) >= 30
    for one, feature in zip(drawn, given, strict=True):
        assert one["kind"] == label(feature.kind, Language.KY)
        assert one["name"] == feature.names.ky
        assert one["error"] == feature.position_error_m
        assert one["tags"][0] == list(Layer).index(feature.layer)
        assert [feature.sheet_title] == [words for heading, words in one["facts"] if heading == "Кайсы барактан"]


def test_coordinates_are_lat_lon_of_the_ground(event: EventSnapshot) -> None:
    lon, lat = ground((100, 50))
    ring = LinearRing([ground(point) for point in [(0, 0), (50, 0), (50, 50)]])
    mixed = GeometryCollection([Point(lon, lat, 760), ring, path((0, 0), (10, 10)), Polygon()])
    (one,) = marks_of(render_session_map(with_features(event, [(Kind.WELL, mixed, "", None, {})]), Language.EN))
    assert one["points"] == [[round(lat, 6), round(lon, 6)]]
    assert [len(line) for line in one["lines"]] == [4, 2]
    assert one["areas"] == []


def test_holes_stay_holes(event: EventSnapshot) -> None:
    square = Point(ground((0, 0))).buffer(0.004)
    pierced = square.difference(Point(ground((0, 0))).buffer(0.001))
    (one,) = marks_of(render_session_map(with_features(event, [(Kind.FOREST, pierced, "", None, {})]), Language.EN))
    assert len(one["areas"][0]) == 2


def test_features_without_a_place_are_left_out(event: EventSnapshot) -> None:
    rows = [(Kind.WELL, Point(), "", 3.0, {}), (Kind.SCHOOL, dot(0, 0), "", 3.0, {})]
    page = render_session_map(with_features(event, rows), Language.KY)
    assert [one["kind"] for one in marks_of(page)] == [label(Kind.SCHOOL, Language.KY)]
    assert not Outline(page).with_attribute("data-row", "well")


def test_the_legend_has_the_kinds_of_the_map_and_no_other(page: str, event: EventSnapshot) -> None:
    outline = Outline(page)
    rows = {found["data-row"] for found in outline.with_attribute("data-row")}
    plain = {
        feature.kind.value for group in event.groups for feature in group.features if feature.kind is not Kind.DESIRED
    }
    assert rows == plain | {"desired-kindergarten", "desired-water_pipe"}
    for kind in plain:
        assert label(Kind(kind), Language.KY) in outline.texts
    sections = [found["data-layer"] for found in outline.with_attribute("data-layer")]
    assert sections == [layer.value for layer in Layer]
    assert {look["row"] for look in data_of(page)["looks"]} == rows


def test_symbols_and_patterns_that_are_used_are_defined(page: str) -> None:
    outline = Outline(page)
    defined = {found["id"] for found in outline.with_attribute("id")}
    used = set(re.findall(r'href=\\?"#(symbol-[\w-]+)', page)) | set(re.findall(r"url\(#([\w-]+)\)", page))
    assert used <= defined
    assert "symbol-kindergarten" in used


def test_switches_for_each_layer_and_each_group(page: str) -> None:
    outline = Outline(page)
    layers = [found for found in outline.with_attribute("name", "layer") if found["type"] == "checkbox"]
    groups = [found for found in outline.with_attribute("name", "group") if found["type"] == "checkbox"]
    assert [found["value"] for found in layers] == [layer.value for layer in Layer]
    assert all("checked" in found for found in layers)
    assert ["checked" in found for found in groups] == [True, False]


def test_each_sheet_is_a_picture_in_the_file(page: str, event: EventSnapshot) -> None:
    assert page.count("data:image/png;base64,") == 2
    for group in event.groups:
        west, south, east, north = group.sheets[0].bounds
        assert f"[[{south}, {west}], [{north}, {east}]]" in page


def test_names_people_typed_are_inert(event: EventSnapshot) -> None:
    nasty = with_features(event, [(Kind.SCHOOL, dot(0, 0), NASTY, 5.0, {"decided_by": NASTY})])
    sheet = replace(nasty.groups[0].sheets[0], title=NASTY)
    group = replace(nasty.groups[0], label=NASTY, sheets=(sheet,))
    nasty = replace(nasty, settlement=Names(ky=NASTY), place=NASTY, credits=(NASTY,), groups=(group,))
    page = render_session_map(nasty, Language.KY)
    clean = render_session_map(event, Language.KY)
    assert marks_of(page)[0]["name"] == NASTY
    outline = Outline(page)
    assert outline.open == []
    assert not [tag for tag, _ in outline.tags if tag == "img"]
    scripts = [tag for tag, _ in outline.tags if tag == "script"]
    assert scripts == [tag for tag, _ in Outline(clean).tags if tag == "script"]
    assert not outline.with_attribute("onerror")


def test_an_address_in_a_name_or_credit_is_only_text(event: EventSnapshot) -> None:
    named = with_features(event, [(Kind.SHOP, dot(0, 0), "https://example.org/shop", 5.0, {})])
    page = render_session_map(replace(named, credits=("Source: https://example.org",)), Language.EN)
    assert addresses_in(page) == ()
    assert marks_of(page)[0]["name"] == "https://example.org/shop"
    assert "Source: https:&#47;&#47;example.org" in page


def test_scripts_that_are_not_ours_are_not_allowed_to_run(page: str) -> None:
    policy = Outline(page).with_attribute("http-equiv", "Content-Security-Policy")[0]["content"] or ""
    assert policy.startswith("default-src 'none'; img-src data:; ")
    assert "'unsafe-inline'" not in policy.split("script-src")[1]
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert policy.count("'sha256-") == len(scripts)


def test_the_same_event_gives_the_same_file(event: EventSnapshot, page: str) -> None:
    assert render_session_map(event, Language.KY) == page


def test_an_event_without_anything_says_so(event: EventSnapshot) -> None:
    empty = replace(
        event, groups=(GroupSnapshot(event.id, "18–35", (), ()),), municipality=Names(), place="", credits=()
    )
    page = render_session_map(empty, Language.RU)
    assert text("map.empty", Language.RU) in page
    assert "data:image/png" not in page
    assert addresses_in(page) == ()


def test_writing_replaces_the_whole_file_and_leaves_nothing_else(
    event: EventSnapshot, page: str, tmp_path: Path
) -> None:
    target = tmp_path / "new" / "map.html"
    write_session_map(event, Language.RU, target)
    write_session_map(event, Language.KY, target)
    assert target.read_text(encoding="utf-8") == page
    assert [path.name for path in target.parent.iterdir()] == ["map.html"]
    assert target.stat().st_mode & 0o777 == 0o644


def test_a_file_that_cannot_be_written_is_said_so_and_the_old_one_kept(
    event: EventSnapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "map.html"
    target.write_text("the old map", encoding="utf-8")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Failed) as failed:
        write_session_map(event, Language.KY, target)
    assert failed.value.key == "map.not_written"
    assert target.read_text(encoding="utf-8") == "the old map"
    assert [path.name for path in tmp_path.iterdir()] == ["map.html"]
    for language in LANGUAGES:
        assert str(target) in text(failed.value.key, language, **failed.value.params)
