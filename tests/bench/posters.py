"""How long posters and the sheet for the second meeting take; the peer is Typst setting an empty page of the size."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator

import numpy as np
import shapely
import typst

from geo.i18n import Language
from geo.sheet_layout import PaperSize, Template
from geo.snapshots import Audience
from maps.posters import render_poster
from maps.sheets import Extent, SheetFace, objects_map, objects_on, over_extent, print_sheet
from tests.bench.rows import Row
from tests.maps.municipality import FIRST, municipality

__all__ = ["measure_posters"]

RUNS = 5
EMPTY = b'#set page(width: 594mm, height: 841mm)\n#set text(font: "Noto Sans")\n'


def measure_posters() -> Iterator[Row]:
    """Render an A1 poster, the same over A4 pages, and a sheet for the second meeting."""
    cycle = municipality(Audience.PUBLIC)

    def empty() -> None:
        typst.compile(EMPTY, format="pdf")

    def poster() -> None:
        render_poster(cycle, Language.KY, settlement_id=FIRST.id)

    def tiles() -> None:
        render_poster(cycle, Language.KY, settlement_id=FIRST.id, tiled_a4=True)

    def second() -> None:
        features = cycle.events[0].features
        west, south, east, north = shapely.total_bounds(np.array([one.geometry for one in features], dtype=object))
        extent = Extent(west, south, east, north)
        layout = over_extent(extent, paper=PaperSize.A1, template=Template.BASE_GRID)
        base = objects_map(layout, objects_on(layout, features, Language.KY))
        print_sheet(layout, SheetFace(Language.KY), base=base)

    peer = _seconds(empty)
    whole = _seconds(poster)
    size = len(render_poster(cycle, Language.KY, settlement_id=FIRST.id)) / 1024
    yield Row("poster on A1 from the snapshot to the PDF", whole, "s", goal=2.0, note=f"{size:.0f} KiB")
    yield Row("  ratio to Typst setting an empty A1 page", whole / peer, "×", note=f"{peer:.3f} s for the empty page")
    yield Row("  the same over A4 pages", _seconds(tiles), "s", goal=5.0)
    yield Row("sheet for the second meeting on A1", _seconds(second), "s", goal=2.0)


def _seconds(work: Callable[[], None]) -> float:
    work()
    taken = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)
