"""How fast a photo becomes candidates and a GeoTIFF."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from sketch_import.control_points import read_control_points
from sketch_import.sample_sheet import write_sample_sheet
from tests.bench.reading_scores import Case, make
from tests.bench.rows import Row
from tests.support.sheet_photos import Difficulty

__all__ = ["measure_placing", "measure_reading", "measure_tracing"]

RUNS = 3
READ_SEED = 3
"""A sheet on A1, photographed at 12 megapixels."""
CORE = min(os.sched_getaffinity(0))

TRACE = """
import json, re, sys, time
from pathlib import Path
import cv2
cv2.setNumThreads(1)
from sketch_import.photo import load_photo
from sketch_import.tracing import trace
photo = load_photo(Path(sys.argv[1]))
begun = time.perf_counter()
found = trace(photo.pixels)
seconds = time.perf_counter() - begun
# Not getrusage: its peak begins with that of the process that started this one.
peak = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1e6
print(json.dumps([seconds, peak, len(found.candidates)]))
"""

READ = """
import json, re, sys, time
from pathlib import Path
import cv2
cv2.setNumThreads(1)
from sketch_import.photo import load_photo
from sketch_import.reading import read_sheet
begun = time.perf_counter()
photo = load_photo(Path(sys.argv[1]))
sheet = read_sheet([(photo, "photo")])
seconds = time.perf_counter() - begun
# Not getrusage: its peak begins with that of the process that started this one.
peak = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1e6
print(json.dumps([seconds, peak, len(sheet.features)]))
"""

WARP = """
import sys, time
from pathlib import Path
import cv2
cv2.setNumThreads(1)
from geo.domain.georeference import Method
from sketch_import.control_points import read_control_points
from sketch_import.photo import load_photo
from sketch_import.placing import place
from sketch_import.warping import write_geotiff
photo = load_photo(Path(sys.argv[1]))
points = read_control_points(Path(sys.argv[2]))
placement = place(points, (photo.width, photo.height), Method.TPS)
begun = time.perf_counter()
lookup = write_geotiff(photo.pixels, placement, Path(sys.argv[3]))
print(time.perf_counter() - begun, lookup.error_px)
"""


def measure_tracing(folder: Path) -> Iterator[Row]:
    """Trace the sample sheet, 12 megapixels, on one core, in a process of its own."""
    photo = write_sample_sheet(folder).photo
    runs = [json.loads(_alone([sys.executable, "-c", TRACE, photo])) for _ in range(RUNS)]
    seconds, peak, found = (statistics.median(values) for values in zip(*runs, strict=True))
    yield Row("trace of a 12-megapixel photo, one core", seconds, "s", goal=2.5, note=f"{found:.0f} candidates")
    yield Row("  peak memory of that process", peak, "GB", goal=1.0)


def measure_reading(folder: Path) -> Iterator[Row]:
    """Read a photographed sheet on A1, 12 megapixels, from the file to the features, on one core."""
    _, drawn, made = make(Case(Difficulty.EASY, READ_SEED))
    photo = folder / "photographed_sheet.jpg"
    photo.write_bytes(made.jpeg)
    runs = [json.loads(_alone([sys.executable, "-c", READ, photo])) for _ in range(RUNS)]
    seconds, peak, found = (statistics.median(values) for values in zip(*runs, strict=True))
    note = f"{found:.0f} features of {len(drawn)} drawn objects, {made.pixels.size / 3e6:.1f} megapixels"
    yield Row("reading and tracing a photographed sheet, one core", seconds, "s", goal=2.5, note=note)
    yield Row("  peak memory of that process", peak, "GB", goal=1.0)


def measure_placing(folder: Path) -> Iterator[Row]:
    """Warp the sample sheet by a spline; the peer is ``gdalwarp -tps`` on the same upright picture and points."""
    photo, points = folder / "sample_sheet.jpg", folder / "sample_sheet.points"
    upright = folder / "upright.tif"
    _run([sys.executable, "-c", _UPRIGHT, photo, upright])
    gcps = [
        argument
        for point in read_control_points(points)
        for argument in ("-gcp", *map(str, (*point.pixel, *point.lonlat)))
    ]
    _run(["gdal_translate", "-q", "-a_srs", "EPSG:4326", *gcps, upright, folder / "gcps.vrt"])
    ours, theirs, apart = [], [], 0.0
    for number in range(RUNS):
        said = _alone([sys.executable, "-c", WARP, photo, points, folder / f"ours{number}.tif"]).split()
        ours.append(float(said[0]))
        apart = float(said[1])
        command = [
            *("gdalwarp", "-q", "-tps", "-r", "bilinear", "-t_srs", "EPSG:32644", "-dstalpha"),
            *("-co", "COMPRESS=DEFLATE", "-co", "TILED=YES", "-wm", "512", "--config", "GDAL_NUM_THREADS", "1"),
            *(folder / "gcps.vrt", folder / f"theirs{number}.tif"),
        ]
        begun = time.perf_counter()
        _alone(command)
        theirs.append(time.perf_counter() - begun)
    ratio = statistics.median(mine / peer for mine, peer in zip(ours, theirs, strict=True))
    note = f"{statistics.median(ours):.2f} s against {statistics.median(theirs):.2f} s, one core each"
    yield Row("placing it to a GeoTIFF, ratio to gdalwarp -tps", ratio, "×", goal=0.4, note=note)
    yield Row("  largest difference to the exact transform", apart, "px", goal=0.1, note="at the middles of its grid")


_UPRIGHT = """
import sys
from PIL import Image, ImageOps
ImageOps.exif_transpose(Image.open(sys.argv[1])).save(sys.argv[2])
"""


def _alone(command: Sequence[object]) -> str:
    return _run(["taskset", "-c", str(CORE), *command])


def _run(command: Sequence[object]) -> str:
    done = subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True)
    return done.stdout
