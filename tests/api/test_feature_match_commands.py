"""Objects that several groups drew, through the command line: proposed, listed, decided on, taken back, compared."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest

from geo.domain.labels import label
from geo.domain.vocabulary import Kind
from geo.i18n import Language, text
from geo.services.workspace import Workspace
from tests.api.conftest import Command
from tests.api.test_village_commands import done, refused
from tests.geo.test_feature_matches import maps
from tests.geo.three_maps import OBJECTS, ThreeMaps

__all__ = ["maps"]

Match = dict[str, Any]


def matches(answer: dict[str, object], maps: ThreeMaps) -> dict[str, Match]:
    """Matches of an answer by what they are."""
    key_of = {str(feature): key for (key, _), feature in maps.features.items()}
    found: list[Match] = answer["matches"]  # type: ignore[assignment]
    return {key_of[match["drawings"][0]["feature"]]: match for match in found}


def test_proposed_decided_on_and_taken_back(ayilmap: Command, workspace: Workspace, maps: ThreeMaps) -> None:
    village = ("--settlement", maps.settlement, "--json")
    answer = done(ayilmap("feature", "match", "propose", *village, "--by", "Чынара"))
    assert (answer["new"], answer["kept"], answer["withdrawn"]) == (6, 0, 0)
    found = matches(answer, maps)
    assert set(found) == OBJECTS
    assert [one["groups"] for one in found["school"]["drawings"]] == [["women"], ["young_people"], ["elders"]]
    assert found["field"]["geometry"]["type"] == "Polygon"
    young = maps.features["school", "young"]
    confirmed = done(
        ayilmap(
            "feature", "match", "confirm", found["school"]["id"], "--seen", 1, "--without", young,
            "--canonical", maps.features["school", "elders"], "--name-ky", "Орто мектеп", "--condition", "new",
            "--comment", "сурадык", "--by", "Бакыт", "--json",
        )
    )  # fmt: skip
    assert (confirmed["status"], confirmed["decided_by"], confirmed["note"]) == ("confirmed", "Бакыт", "сурадык")
    assert (confirmed["canonical_feature"], confirmed["position_error_m"]) == (
        str(maps.features["school", "elders"]),
        30.0,
    )
    assert confirmed["name"]["ky"] == "Орто мектеп"  # type: ignore[index]
    out = [one["feature"] for one in confirmed["drawings"] if one["status"] == "rejected"]  # type: ignore[attr-defined]
    assert out == [str(young)]
    mean = done(ayilmap("feature", "match", "confirm", found["shop"]["id"], "--mean", "--json"))
    assert mean["canonical"] == "mean"
    rejected = done(ayilmap("feature", "match", "reject", found["mosque"]["id"], "--reason", "эки мечит", "--json"))
    assert (rejected["status"], rejected["note"]) == ("rejected", "эки мечит")
    listed = done(ayilmap("feature", "match", "list", *village, "--status", "confirmed", "--status", "rejected"))
    assert set(matches(listed, maps)) == {"school", "shop", "mosque"}
    undone = done(ayilmap("feature", "match", "undo", found["school"]["id"], "--reason", "жаңылыш", "--json"))
    assert (undone["status"], undone["note"]) == ("undone", "жаңылыш")
    again = done(ayilmap("feature", "match", "propose", *village))
    assert (again["new"], again["kept"], again["confirmed"], again["rejected"]) == (1, 3, 1, 1)
    assert len(matches(again, maps)["school"]["drawings"]) == 3
    assert done(ayilmap("db", "check", "--json"))["well"] is True


def test_differences_are_for_scripts_and_for_people(ayilmap: Command, workspace: Workspace, maps: ThreeMaps) -> None:
    found = done(ayilmap("feature", "match", "differences", "--settlement", maps.settlement, "--json"))
    assert (found["events"], found["agreed"]) == (3, 6)
    only: list[Match] = found["only"]  # type: ignore[assignment]
    assert [(one["groups"], one["drawings"][0]["kind"]) for one in only] == [
        (["women"], "well"),
        (["young_people"], "sports_hall"),
    ]
    differing: list[Match] = found["differing"]  # type: ignore[assignment]
    assert {(one["difference"], one["drawings"][0]["kind"]) for one in differing} == {
        ("placed_elsewhere", "club"),
        ("other_condition", "school"),
    }
    code, out, _ = ayilmap("feature", "match", "differences", "--settlement", maps.settlement)
    assert code == 0
    well, gym, *rest, last = out.splitlines()
    assert well.startswith(f"{label(Kind.WELL, Language.EN)}: Чоң кудук") and "women" in well
    assert gym.startswith(label(Kind.SPORTS_HALL, Language.EN)) and "young people" in gym
    assert any("90.0 m apart" in line and "2026-03-03" in line for line in rest)
    assert any("Needs repair" in line for line in rest)
    assert last == text("match.differences", Language.EN, events=3, agreed=6, only=2, differing=2)
    code, out, _ = ayilmap("feature", "match", "differences", "--settlement", maps.elsewhere)
    assert (code, out.strip()) == (0, text("match.one_event", Language.EN, events=1))


def test_what_is_refused(ayilmap: Command, workspace: Workspace, maps: ThreeMaps) -> None:
    found = matches(done(ayilmap("feature", "match", "propose", "--settlement", maps.settlement, "--json")), maps)
    school, road = found["school"]["id"], found["road"]["id"]
    refused(ayilmap("feature", "match", "propose", "--settlement", uuid4(), "--json"), "settlement.unknown")
    refused(ayilmap("feature", "match", "list", "--settlement", uuid4(), "--json"), "settlement.unknown")
    refused(ayilmap("feature", "match", "differences", "--settlement", uuid4(), "--json"), "settlement.unknown")
    refused(ayilmap("feature", "match", "confirm", uuid4(), "--json"), "match.unknown")
    refused(ayilmap("feature", "match", "confirm", road, "--mean", "--json"), "match.no_mean")
    refused(ayilmap("feature", "match", "reject", road, "--reason", " ", "--json"), "match.no_reason")
    refused(ayilmap("feature", "match", "undo", road, "--json"), "match.nothing_to_undo")
    params = refused(ayilmap("feature", "match", "confirm", school, "--seen", 7, "--json"), "match.changed_meanwhile")
    assert (params["seen"], params["current"]) == (7, 1)
    to = json.loads(ayilmap("feature", "match", "list", "--settlement", maps.settlement, "--json")[1])
    assert {one["status"] for one in to["matches"]} == {"proposed"}
    assert ayilmap("feature", "move", maps.features["school", "women"], "--to", "78.2401,42.4951")[0] == 0
    refused(ayilmap("feature", "match", "confirm", school, "--json"), "match.drawings_changed")


@pytest.mark.parametrize("reader", list(Language))
@pytest.mark.parametrize("database_url", ["geopackage"], indirect=True)
def test_what_is_printed_for_people(ayilmap: Command, workspace: Workspace, maps: ThreeMaps, reader: Language) -> None:
    lang = ("--lang", reader.value)
    code, out, err = ayilmap("feature", "match", "list", "--settlement", maps.settlement, *lang)
    assert (code, err, out.strip()) == (0, "", text("match.none", reader))
    code, out, _ = ayilmap("feature", "match", "propose", "--settlement", maps.settlement, *lang)
    *lines, last = out.splitlines()
    counts = {"new": 6, "kept": 0, "withdrawn": 0, "confirmed": 0, "rejected": 0}
    assert last == text("match.searched", reader, **counts)
    heads = [line for line in lines if not line.startswith(" ")]
    assert len(heads) == 6 and len(lines) == 6 + 13
    assert heads[0].startswith(text("match_status.proposed", reader))
    assert sum(text("match.drawing_canonical", reader) in line for line in lines) == 6
    shop = matches(json.loads(ayilmap("feature", "match", "list", "--settlement", maps.settlement, "--json")[1]), maps)[
        "shop"
    ]["id"]
    for step, key in ((("confirm", shop), "was_confirmed"), (("undo", shop, "--reason", "катар"), "was_undone")):
        code, out, _ = ayilmap("feature", "match", *step, *lang)
        said = text(f"match.{key}", reader, name="~", drawings=2, error="", id=shop, settlement=maps.settlement)
        assert (code, out.split(":")[0]) == (0, said.split(":")[0])
    code, out, _ = ayilmap("feature", "match", "list", "--settlement", maps.settlement, "--status", "undone", *lang)
    assert text("match.reason", reader, reason="катар") in out
    code, out, _ = ayilmap("feature", "match", "differences", "--settlement", maps.settlement, *lang)
    assert text("matching.group.women", reader) in out.splitlines()[0]
