"""``ayilmap transform``: coordinates in, coordinates out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, TextIO

import typer

from api.cli.method_option import MethodOption
from api.cli.terminal import JsonOption, LanguageOption, note, report
from geo.domain.labels import label_text
from geo.errors import Refused

__all__ = ["transform"]


def transform(
    *,
    points: Annotated[Path, typer.Option("--points", help="Control points: QGIS .points, CSV or JSON.")],
    method: Annotated[MethodOption, typer.Option("--method", help="Transform; auto chooses.")] = MethodOption.AUTO,
    inverse: Annotated[bool, typer.Option("--inverse", help="From the ground to pixels.")] = False,
    crs: Annotated[str | None, typer.Option("--crs", help="System of the map coordinates, such as EPSG:32643.")] = None,
    smoothing: Annotated[float, typer.Option("--smoothing", min=0.0, help="Of the thin plate spline.")] = 0.0,
    as_json: JsonOption = False,
    lang: LanguageOption = None,
) -> None:
    """Transform `x y` lines of standard input by control points.

    Pixels are x right, y down from the top-left corner of the upright image. The ground is lon lat, or
    plane coordinates where the control points are in a projected system.

    Example: echo "512 300" | ayilmap transform --points village.points --method tps
    """
    import numpy as np

    from sketch_import.control_points import read_table
    from sketch_import.placing import converter_of

    table = read_table(points, crs=crs)
    converter = converter_of(table, method=method.method, smoothing=smoothing)
    numbers, given = _coordinates(sys.stdin)
    asked = np.array(given, dtype=np.float64).reshape(-1, 2)
    found = converter.inverse(asked) if inverse else converter.forward(asked)
    for line, row in zip(numbers, found, strict=True):
        if not np.isfinite(row).all():
            raise Refused("transform.unreachable", line=line, method=label_text(converter.transform.method))
    if converter.is_nameless_plane:
        note("transform.plane_coordinates", lang, path=table.path)
    if not converter.keeps_upright:
        note("transform.folds", lang, method=label_text(converter.transform.method))
    if method is MethodOption.AUTO:
        note("transform.chosen", lang, method=label_text(converter.transform.method))
    # A hundred-millionth of a metre or pixel either way, so that a round trip through text stays exact.
    decimals = 13 if converter.metres is not None and not inverse else 8
    lines = [f"{x:.{decimals}f} {y:.{decimals}f}" for x, y in found]
    values = {
        "method": converter.transform.method.value,
        "crs": "EPSG:4326" if converter.metres is not None else converter.crs.to_string() if converter.crs else None,
        "inverse": inverse,
        "points": found.tolist(),
    }
    report(values, as_json=as_json, lines=lines)


def _coordinates(stream: TextIO) -> tuple[list[int], list[tuple[float, float]]]:
    numbers: list[int] = []
    given: list[tuple[float, float]] = []
    for number, line in enumerate(stream, start=1):
        if line.strip():
            numbers.append(number)
            given.append(_pair(line, number))
    return numbers, given


def _pair(line: str, number: int) -> tuple[float, float]:
    words = line.strip().removeprefix("\ufeff").split()
    if len(words) == 1:
        words = words[0].replace(";", ",").split(",")
    elif len(words) == 2:
        words[0] = words[0].rstrip(",;")
    elif len(words) == 3 and words[1] in {",", ";"}:
        words = [words[0], words[2]]
    try:
        x, y = (float(word) for word in words)
    except ValueError as error:
        raise Refused("transform.bad_line", line=number, text=line.strip()[:80]) from error
    if not (abs(x) < float("inf") and abs(y) < float("inf")):
        raise Refused("transform.bad_line", line=number, text=line.strip()[:80])
    return x, y
