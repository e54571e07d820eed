"""What tracing finds on the scored drawings, and how fast it outlines a mask of ink."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from sketch_import.sample_sheet import write_sample_sheet
from sketch_import.tracing import trace
from tests.bench.rows import Row
from tests.sketch_import.tracing_scores import Tally, add_score
from tests.sketch_import.varied_hands import Spec
from tests.sketch_import.varied_villages import specs, village

__all__ = ["measure_outlining", "measure_scores"]

RUNS = 5
CORE = min(os.sched_getaffinity(0))

OUTLINE = """
import json, sys, time
from pathlib import Path
import cv2
cv2.setNumThreads(1)
import numpy as np
import rasterio.features
import shapely
from sketch_import.photo import load_photo
from sketch_import.tracing.ink import find_ink
from sketch_import.tracing.light import even_out
from sketch_import.tracing.paper import find_paper
from sketch_import.tracing.solids import outlines
pixels = load_photo(Path(sys.argv[1])).pixels
pixels = cv2.resize(pixels, (2400, round(2400 * pixels.shape[0] / pixels.shape[1])), interpolation=cv2.INTER_AREA)
paper = find_paper(pixels)
inside = cv2.resize(paper.inside.astype(np.uint8), pixels.shape[1::-1], interpolation=cv2.INTER_NEAREST)
mask = find_ink(even_out(pixels, inside=paper.inside).missing, inside=inside).mask
runs = []
for _ in range(int(sys.argv[2])):
    begun = time.perf_counter()
    ours = outlines(mask)
    halfway = time.perf_counter()
    theirs = list(rasterio.features.shapes(mask, mask=mask > 0, connectivity=8))
    runs.append([halfway - begun, time.perf_counter() - halfway])
area = float(shapely.area(shapely.buffer(ours, 0.5, join_style="mitre")).sum())
print(json.dumps([runs, len(ours), len(theirs), area / float(mask.sum())]))
"""


def measure_outlining(folder: Path) -> Iterator[Row]:
    """Outline every region of the ink mask of the sample sheet, as polygons with holes, in one process on one core.

    The peer gives the same regions as GeoJSON along pixel edges. Both stop at outlines: strokes, junctions, inks,
    lines and writing are further work that the peer does not do, timed in the row of the whole trace.
    """
    photo = write_sample_sheet(folder).photo
    command = ["taskset", "-c", str(CORE), sys.executable, "-c", OUTLINE, str(photo), str(RUNS)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    runs, ours, theirs, area = json.loads(done.stdout)
    faster = statistics.median(peer / mine for mine, peer in runs)
    note = f"{ours} and {theirs} regions, {100 * area:.1f} % of the mask's area"
    yield Row(
        "outlines of the ink, faster than rasterio.features.shapes", faster, "×", goal=3.0, at_most=False, note=note
    )


def measure_scores() -> Iterator[Row]:
    """Trace all the scored drawings, a family at a time."""
    with ProcessPoolExecutor(os.cpu_count()) as cores:
        for family in ("black", "markers"):
            tally = Tally()
            for one in cores.map(score_of, [spec for spec in specs() if spec.family == family]):
                tally.add(one)
            yield from _rows(family, tally)


def score_of(spec: Spec) -> Tally:
    """Draw one village, trace it and score what is found."""
    picture, truths = village(spec)
    tally = Tally()
    add_score(tally, truths, trace(picture).candidates, width=spec.pen_px)
    return tally


def _rows(family: str, tally: Tally) -> Iterator[Row]:
    drawn = tally.drawn

    def share(name: str, value: float, goal: float | None = None, note: str = "") -> Row:
        return Row(f"{family}: {name}", 100 * value, "%", goal=goal, at_most=False, note=note)

    yield share("areas found", tally.recall("polygon"), 95, f"{tally.found['polygon']} of {drawn['polygon']}")
    per_area = f"{tally.most} at most match one"
    yield Row(f"{family}: area candidates for each drawn area", tally.areas_per_object, "", goal=2.0, note=per_area)
    yield share("area candidates that are right", tally.precision("polygon"))
    yield share("  those of confidence 0.5 or more", tally.sure_precision("polygon"))
    yield share(
        "length of lines found", tally.line_recall, 90, f"{tally.found['line']} of {drawn['line']} nearly whole"
    )
    yield share("line candidates that are right", tally.precision("line"))
    yield share("  those of confidence 0.5 or more", tally.sure_precision("line"))
    yield share("inks named rightly", tally.ink_share, 97)
    yield share("signs found", tally.recall("point"), note=f"{tally.found['point']} of {drawn['point']}")
    yield share("points that are signs", tally.precision("point"))
    yield share("words set aside", tally.recall("text"), note=f"{tally.found['text']} of {drawn['text']}")
    yield share("text boxes that are words", tally.precision("text"))
