"""``ayilmap sheet trace --like`` as scripts call it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import typer
from PIL import Image
from typer.testing import CliRunner

from api.cli.sheet_trace import trace
from geo.domain.drawing import Ink
from geo.errors import Refused
from tests.sketch_import.drawings import Drawing, rectangle

app = typer.Typer()
app.command()(trace)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    drawing = Drawing(1400, 900, seed=1, pen=6, wobble=1.0)
    for level in (100, 220):
        drawing.line(np.array([[100, level], [1300, level + 30]]), Ink.BLUE, "canal")
    drawing.line(np.array([[100, 380], [1300, 400]]), Ink.RED, "road")
    drawing.area(rectangle(700, 650, 300, 200), Ink.BLACK, "field")
    path = tmp_path / "photo.png"
    Image.fromarray(drawing.photo()).save(path)
    return path


def test_what_is_said_of_one_is_proposed_for_the_like(photo: Path, tmp_path: Path) -> None:
    out = tmp_path / "c.geojson"
    CliRunner().invoke(app, [str(photo), "--out", str(out)], catch_exceptions=False)
    found = json.loads(out.read_text())["features"]
    assert not any("proposed_kind" in feature["properties"] for feature in found)
    canal = next(feature["id"] for feature in found if feature["properties"]["ink"] == "blue")
    said = [str(photo), "--out", str(out), "--like", f"{canal}=canal", "--json"]
    report = json.loads(CliRunner().invoke(app, said, catch_exceptions=False).stdout)
    kinds = {
        feature["properties"]["ink"]: feature["properties"].get("proposed_kind")
        for feature in json.loads(out.read_text())["features"]
    }
    assert kinds == {"blue": "canal", "red": None, "black": None}
    assert sorted(proposal["confidence"] == 1.0 for proposal in report["proposals"]) == [False, True]


@pytest.mark.parametrize(("language", "word"), [("ky", "сунушталганы: 1"), ("ru", "Предложено"), ("en", "Proposed")])
def test_the_list_to_confirm_is_printed_in_three_languages(
    photo: Path, tmp_path: Path, language: str, word: str
) -> None:
    command = [str(photo), "--out", str(tmp_path / "c.geojson"), "--like", "c0001=canal", "--lang", language]
    printed = CliRunner().invoke(app, command, catch_exceptions=False).stdout
    assert word in printed
    assert "c0002" in printed


@pytest.mark.parametrize(
    ("said", "key"),
    [
        (["c0001"], "trace.like.unreadable"),
        (["=canal"], "trace.like.unreadable"),
        (["c0001=castle"], "trace.like.unknown_kind"),
        (["c9999=canal"], "trace.like.unknown_candidate"),
        (["c0001=canal", "c0001=river"], "trace.like.twice"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_written(
    photo: Path, tmp_path: Path, said: list[str], key: str
) -> None:
    out = tmp_path / "c.geojson"
    options = [part for wish in said for part in ("--like", wish)]
    with pytest.raises(Refused, match=key.replace(".", r"\.")):
        CliRunner().invoke(app, [str(photo), "--out", str(out), *options], catch_exceptions=False)
    assert not out.exists()
