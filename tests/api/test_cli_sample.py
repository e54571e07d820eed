"""``ayilmap sample load`` and ``remove``, on both engines."""

from __future__ import annotations

import json
from uuid import UUID

from geo.sample.whole import sample_id
from tests.api.conftest import Command


def test_the_sample_is_loaded_once(ayilmap: Command) -> None:
    code, out, err = ayilmap("sample", "load", "--json")
    assert code == 0, err
    loaded = json.loads(out)
    assert (UUID(loaded["municipality"]), loaded["years"]) == (sample_id("municipality"), [2014, 2012])
    assert loaded["made"] > 300 and loaded["photos"] == 5
    code, out, err = ayilmap("sample", "load", "--lang", "en")
    assert code == 0, err
    assert "nothing has changed" in out and str(sample_id("village_x")) in out
    assert ayilmap("db", "check", "--json")[0] == 0


def test_the_sample_is_removed_alone_and_not_with_what_hangs_on_it(ayilmap: Command, database_url: str) -> None:
    assert ayilmap("sample", "remove", "--json")[0] == 2  # nothing is there
    own = ("--name-ky", "Кең-Суу", "--rayon-ky", "Ак-Суу", "--lon", 79.21, "--lat", 42.66)
    municipality = ("--municipality", "Кең-Суу айылдык аймагы", "--new-municipality")
    assert ayilmap("db", "upgrade")[0] == 0
    assert ayilmap("settlement", "add", *own, *municipality)[0] == 0
    before = counted(ayilmap)
    assert ayilmap("sample", "load", "--json")[0] == 0
    code, out, err = ayilmap(
        *("event", "add", "--settlement", sample_id("village_x"), "--date", "2026-03-01", "--ages", "18-35"),
        *("--participants", 24, "--women", 13, "--facilitators", 2, "--json"),
    )
    assert code == 0, err
    loaded = counted(ayilmap)

    code, out, err = ayilmap("sample", "remove", "--lang", "ky")
    assert code == 2
    assert "кошулган жазуулар 2, өзгөртүлгөнү 0" in out + err  # the event, and the cycle of its year
    assert counted(ayilmap) == loaded

    code, out, err = ayilmap("sample", "remove", "--with-own", "--json")
    assert code == 0, err
    removed = json.loads(out)
    assert removed["own"] == 2 and removed["removed"] > 300
    # One's own village is there as before, and not a row of the sample.
    after = counted(ayilmap)
    assert {**after, "audit_event": 0} == {**before, "audit_event": 0}
    assert after["audit_event"] == loaded["audit_event"] + 1

    # Loaded again and not touched, it goes without being asked twice.
    assert ayilmap("sample", "load", "--json")[0] == 0
    code, out, err = ayilmap("sample", "remove", "--json")
    assert (code, json.loads(out or "{}").get("own")) == (0, 0), err
    assert {**counted(ayilmap), "audit_event": 0} == {**before, "audit_event": 0}


def counted(ayilmap: Command) -> dict[str, int]:
    """Return how many rows each table has, in a store that is well."""
    code, out, err = ayilmap("db", "check", "--json")
    assert code == 0, out + err
    rows: dict[str, int] = json.loads(out)["rows"]
    return {**rows, "term": 0}
