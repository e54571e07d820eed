"""``ayilmap sample load``, on both engines."""

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
