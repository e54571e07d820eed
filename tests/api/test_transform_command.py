"""``ayilmap transform``: the numbers of QGIS through the command line, lon lat, and bad lines."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from api.cli import app
from api.cli.terminal import run
from geo.domain.georeference import Method
from tests.sketch_import import qgis_numbers as qgis

LANDMARKS = Path(__file__).parents[1] / "sketch_import" / "data" / "kajiado_landmarks.csv"


class Ayilmap:
    """The command line with what it read and wrote."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.monkeypatch, self.capsys = monkeypatch, capsys

    def __call__(self, *arguments: object, stdin: str = "") -> tuple[int, str, str]:
        self.monkeypatch.setattr(sys, "argv", ["ayilmap", *map(str, arguments)])
        self.monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        code = run(app)
        captured = self.capsys.readouterr()
        return code, captured.out, captured.err


@pytest.fixture
def ayilmap(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ayilmap:
    return Ayilmap(monkeypatch, capsys)


def qgis_file(folder: Path, points: int) -> Path:
    rows = [
        f"{east},{north},{x},{y},1,0,0,0"
        for (x, y), (east, north) in zip(qgis.SOURCE[points], qgis.GROUND[points], strict=True)
    ]
    path = folder / "qgis.points"
    path.write_text("mapX,mapY,sourceX,sourceY,enable,dX,dY,residual\n" + "\n".join(rows) + "\n")
    return path


def numbers(output: str) -> np.ndarray:
    return np.array([[float(word) for word in line.split()] for line in output.splitlines()])


@pytest.mark.parametrize(("method", "points", "expected"), qgis.FORWARD)
def test_qgis_numbers(
    ayilmap: Ayilmap, tmp_path: Path, method: Method, points: int, expected: list[tuple[int, int]]
) -> None:
    lines = "".join(f"{x} {-y}\n" for x, y in qgis.QUERY)
    code, out, err = ayilmap(
        "transform", "--points", qgis_file(tmp_path, points), "--method", method.value, stdin=lines
    )
    assert code == 0
    assert np.abs(numbers(out) - expected).max() < 1
    assert "qgis.points" in err  # taken as plane coordinates, and says so


@pytest.mark.parametrize("method", ["helmert", "affine", "polynomial1", "polynomial2", "projective", "tps", "auto"])
def test_lonlat_there_and_back(ayilmap: Ayilmap, method: str) -> None:
    options = ("transform", "--points", LANDMARKS, "--method", method)
    asked = np.array([[1000.25, 700.5], [912.0, 1135.0], [1098, 678]])
    code, out, _ = ayilmap(*options, stdin="\n".join(f"{x},{y}" for x, y in asked))
    assert code == 0
    lonlat = numbers(out)
    assert np.abs(lonlat - [36.87, -2.32]).max() < 0.05
    code, back, _ = ayilmap(*options, "--inverse", stdin=out)
    assert code == 0
    assert np.abs(numbers(back) - asked).max() < 1e-5


def test_a_spline_returns_its_point_in_degrees(ayilmap: Ayilmap) -> None:
    code, out, err = ayilmap("transform", "--points", LANDMARKS, "--method", "tps", "--lang", "en", stdin="365 316\n")
    assert code == 0
    assert np.allclose(numbers(out), [[36.893996, -2.304072]], atol=1e-10)
    assert "folds" in err


def test_a_named_plane_stays_a_plane(ayilmap: Ayilmap, tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("mapX,mapY,pixelX,pixelY\n470000,4700000,0,0\n470200,4700000,100,0\n")
    code, out, err = ayilmap(
        "transform", "--points", path, "--crs", "EPSG:32643", "--method", "helmert", "--json", stdin="50 10\n"
    )
    assert code == 0 and not err
    values = json.loads(out)
    assert values["points"] == [[470100.0, 4699980.0]]
    assert (values["method"], values["crs"], values["inverse"]) == ("helmert", "EPSG:32643", False)


@pytest.mark.parametrize("line", ["1", "1 2 3", "a b", "1;;2", "nan 1", "1,2,3", "inf 1", "1,5 2,5"])
def test_a_bad_line_is_refused_with_its_number_and_nothing_is_printed(ayilmap: Ayilmap, line: str) -> None:
    code, out, err = ayilmap("transform", "--points", LANDMARKS, "--lang", "en", stdin=f"10 20\n\n{line}\n30 40\n")
    assert (code, out) == (2, "")
    assert "Line 3" in err


@pytest.mark.parametrize("line", ["10 20", "10,20", "10, 20", "10;20", "10\t20", " 10 , 20 ", "1e1 2e1"])
def test_separators(ayilmap: Ayilmap, line: str) -> None:
    options = ("transform", "--points", LANDMARKS, "--method", "affine")
    assert ayilmap(*options, stdin=line) == ayilmap(*options, stdin="10 20\n")


def test_out_of_reach_is_refused(ayilmap: Ayilmap, tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    rows = [f"{x},{-y - y * y / 400},{x},{y}" for x in (-100, 0, 100) for y in (-100, 30, 100)]
    path.write_text("mapX,mapY,pixelX,pixelY\n" + "\n".join(rows) + "\n")
    code, out, err = ayilmap(
        "transform", "--points", path, "--crs", "EPSG:32643", "--method", "polynomial2", "--inverse", "--lang", "en",
        stdin="0 5\n0 1000\n",
    )  # fmt: skip
    assert (code, out) == (2, "")
    assert "line 2" in err


def test_refusals_name_the_key_in_json(ayilmap: Ayilmap, tmp_path: Path) -> None:
    code, _, err = ayilmap("transform", "--points", tmp_path / "no.points", "--json")
    assert code == 2
    problem = json.loads(err)
    assert problem["error"] == "points.not_found"
    assert set(problem["text"]) == {"ky", "ru", "en"}


def test_nothing_in_nothing_out(ayilmap: Ayilmap) -> None:
    code, out, _ = ayilmap("transform", "--points", LANDMARKS, "--method", "affine", stdin="")
    assert (code, out) == (0, "")


def test_help_loads_nothing_heavy() -> None:
    program = (
        "import sys; sys.argv = ['ayilmap', '--help']\n"
        "from api.cli import app\nfrom api.cli.terminal import run\nrun(app)\n"
        "heavy = {'numpy', 'scipy', 'cv2', 'rasterio', 'pyproj', 'shapely'} & set(sys.modules)\n"
        "sys.exit(f'loaded: {heavy}' if heavy else 0)"
    )
    finished = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr
    assert "transform" in finished.stdout and "sheet" in finished.stdout
