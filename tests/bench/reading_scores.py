"""How exactly photographed sheets are read: ``python -m tests.bench.reading_scores [photos of each difficulty]``.

The sheets are the house's own PDFs as pixels, drawn on with markers (tests/support/drawn_sheets.py) and photographed
(tests/support/sheet_photos.py). A drawn area is compared with the feature that overlaps it most: the distance of the
two middles on paper, in millimetres, through the written longitudes and latitudes.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field

import cv2
import numpy as np
import shapely
from numpy.typing import NDArray

from geo.domain.drawing import CandidateKind, Ink
from geo.domain.vocabulary import Kind
from geo.errors import AyilmapError
from geo.i18n import Language
from geo.sheet_layout import Orientation, PaperSize, SheetCode, SheetLayout, Template
from maps.sheets import SheetFace, print_sheet
from sketch_import.photo import load_photo_bytes
from sketch_import.reading import Verdict, read_sheet
from tests.bench.rows import Row
from tests.support.drawn_sheets import DrawnObject, draw_on
from tests.support.pdf_pages import page_pixels
from tests.support.sheet_photos import Difficulty, SheetPhoto, photograph

__all__ = ["Case", "Score", "cases", "make", "measure_reading_scores", "score"]

PAPERS = (PaperSize.A1, PaperSize.A1, PaperSize.A1, PaperSize.A0, PaperSize.A2, PaperSize.A3, PaperSize.A4)
DETAIL = {PaperSize.A0: 4.0, PaperSize.A1: 5.0, PaperSize.A2: 7.0, PaperSize.A3: 10.0, PaperSize.A4: 14.0}
"""Pixels a millimetre of the flat raster: finer than any of the photos."""
WRONG_MM = 5.0
"""From this error of its worst drawn object on a sheet is wrong."""
SIGN_MM = 12.0
"""Side of the largest house that may be read as a sign."""
ALPHABET = list("0123456789ABCDEFGHJKMNPQRSTVWXYZ")


@dataclass(frozen=True, slots=True)
class Case:
    """One photo to be made and read."""

    difficulty: Difficulty
    seed: int
    mirrored: bool = False
    two: bool = False
    """Another sheet lies over a part of it."""


@dataclass(frozen=True, slots=True)
class Score:
    """What became of a photo."""

    case: Case
    verdict: str
    """pass, doubtful, refused, or the key of a refusal."""
    right_sheet: bool = False
    errors_mm: tuple[float, ...] = ()
    """Of every drawn area that was found."""
    drawn: int = 0
    inks_right: int = 0
    expected_mm: float = 0.0
    """Largest error of a feature that the reader itself expects."""
    note: str = field(default="", compare=False)

    @property
    def read(self) -> bool:
        """Whether features were delivered."""
        return self.verdict in {Verdict.PASS.value, Verdict.DOUBTFUL.value}

    @property
    def wrong(self) -> bool:
        """Whether it was delivered without a warning and is wrong."""
        far = bool(self.errors_mm) and max(self.errors_mm) > WRONG_MM
        return self.verdict == Verdict.PASS.value and (not self.right_sheet or far)


def cases(each: int) -> Iterator[Case]:
    """Photos of each difficulty, and a few that must not be read."""
    for number, difficulty in enumerate((Difficulty.EASY, Difficulty.MEDIUM, Difficulty.HARD)):
        yield from (Case(difficulty, 10_000 * number + seed) for seed in range(each))
    few = max(1, each // 8)
    yield from (Case(Difficulty.HOPELESS, 40_000 + seed) for seed in range(few))
    yield from (Case(Difficulty.EASY, 50_000 + seed, mirrored=True) for seed in range(few))
    yield from (Case(Difficulty.EASY, 60_000 + seed, two=True) for seed in range(few))


def make(case: Case) -> tuple[SheetLayout, tuple[DrawnObject, ...], SheetPhoto]:
    """Print, draw and photograph."""
    rng = np.random.default_rng(case.seed)
    layout = _layout(rng)
    flat, drawn = draw_on(_printed(layout, rng), layout, seed=case.seed)
    if case.two:
        flat = _covered(flat, _printed(_layout(rng, layout.code.paper), rng))
    photo = photograph(
        flat, paper_mm=layout.paper_mm, difficulty=case.difficulty, seed=case.seed, mirrored=case.mirrored
    )
    return layout, drawn, photo


def score(case: Case) -> Score:
    """Make one photo and read it."""
    cv2.setNumThreads(1)
    layout, drawn, photo = make(case)
    note = f"{layout.code.paper.value} tilt {photo.tilt:.0f} blur {photo.blur:.1f}"
    try:
        sheet = read_sheet([(load_photo_bytes(photo.jpeg, name="photo.jpg"), "photo.jpg")])
    except AyilmapError as refusal:
        return Score(case, refusal.key, note=note)
    if sheet.verdict is Verdict.REFUSED:
        return Score(case, sheet.verdict.value, note=f"{note} {sheet.problems[0].text.key}")
    # Where the sheet says another place than ours, the paper of the truth is what counts.
    found = [
        (shapely.transform(feature.geometry, layout.from_lonlat), feature.candidate.ink)
        for feature in sheet.features
        if feature.candidate.kind is CandidateKind.POLYGON
    ]
    signs = [
        (shapely.transform(feature.geometry, layout.from_lonlat), feature.candidate.ink)
        for feature in sheet.features
        if feature.candidate.kind is CandidateKind.POINT
    ]
    tree = shapely.STRtree([shape for shape, _ in found])
    errors, inks = [], 0
    areas = [one for one in drawn if one.kind is CandidateKind.POLYGON]
    for one in areas:
        best, overlap = -1, 0.3
        for index in tree.query(one.geometry, predicate="intersects").tolist():
            shape = found[index][0].buffer(0)
            common = shape.intersection(one.geometry).area / shape.union(one.geometry).area
            best, overlap = (index, common) if common > overlap else (best, overlap)
        if best < 0 and (sign := _sign_at(one.geometry, signs)) is not None:
            errors.append(float(sign[0].distance(one.geometry.centroid)))
            inks += sign[1] is one.ink
        if best >= 0:
            errors.append(float(found[best][0].centroid.distance(one.geometry.centroid)))
            inks += found[best][1] is one.ink
    return Score(
        case,
        sheet.verdict.value,
        right_sheet=sheet.layout.code == layout.code,
        errors_mm=tuple(errors),
        drawn=len(areas),
        inks_right=inks,
        expected_mm=max((feature.error_mm for feature in sheet.features), default=0.0),
        note=note,
    )


def _sign_at(
    house: shapely.Geometry, signs: Sequence[tuple[shapely.Geometry, Ink]]
) -> tuple[shapely.Geometry, Ink] | None:
    """A house hardly larger than the pen is wide may be read as a sign: a point, with the same place."""
    if house.area > SIGN_MM**2:
        return None
    return next((sign for sign in signs if house.contains(sign[0])), None)


def measure_reading_scores(each: int = 75) -> Iterator[Row]:
    """Score photos of every difficulty, on all cores."""
    yield from rows_of(scores(each), each)


def scores(each: int) -> list[Score]:
    """Score them all."""
    with ProcessPoolExecutor(max_workers=os.cpu_count()) as pool:
        return list(pool.map(score, cases(each), chunksize=4))


def rows_of(done: Sequence[Score], each: int) -> Iterator[Row]:
    """Return the table of the scores."""
    plain = [one for one in done if not (one.case.mirrored or one.case.two)]
    careful = [one for one in plain if one.case.difficulty in {Difficulty.EASY, Difficulty.MEDIUM}]
    for difficulty in Difficulty:
        of_it = [one for one in plain if one.case.difficulty is difficulty]
        share = 100 * sum(one.read for one in of_it) / len(of_it)
        passed = sum(one.verdict == Verdict.PASS.value for one in of_it)
        yield Row(f"sheets read, {difficulty.value} photos", share, "%", note=f"{len(of_it)} photos, {passed} pass")
    share = 100 * sum(one.read for one in careful) / len(careful)
    yield Row("sheets read, easy and medium together", share, "%", goal=97.0, at_most=False)
    errors = np.array([error for one in done if one.read for error in one.errors_mm])
    note = f"{len(errors)} drawn areas of all difficulties"
    yield Row("  position error on paper, median", float(np.median(errors)), "mm", goal=0.4, note=note)
    yield Row("  position error on paper, 95 %", float(np.percentile(errors, 95)), "mm", goal=1.5)
    drawn = sum(one.drawn for one in done if one.read)
    yield Row("  drawn areas found", 100 * len(errors) / drawn, "%", goal=95.0, at_most=False)
    inks = 100 * sum(one.inks_right for one in done) / len(errors)
    yield Row("  their ink named rightly", inks, "%", goal=97.0, at_most=False)
    wrong = [one for one in done if one.wrong or (one.read and (one.case.mirrored or one.case.two))]
    spoilt = len(done) - len(plain)
    yield Row("  wrong sheets accepted", len(wrong), "sheets", goal=0, note=f"{spoilt} mirrored or two in one photo")


def _layout(rng: np.random.Generator, paper: PaperSize | None = None) -> SheetLayout:
    return SheetLayout(
        SheetCode(
            sheet_id="".join(rng.choice(ALPHABET, 8)),
            paper=paper or PAPERS[int(rng.integers(len(PAPERS)))],
            orientation=list(Orientation)[int(rng.integers(2))],
            template=(Template.GRID, Template.BLANK)[int(rng.integers(2))],
            scale=int(rng.choice([1000, 2000, 5000, 10000])),
            lon_microdegrees=int(rng.integers(69_500_000, 80_000_000)),
            lat_microdegrees=int(rng.integers(39_500_000, 43_000_000)),
        )
    )


def _printed(layout: SheetLayout, rng: np.random.Generator) -> NDArray[np.uint8]:
    kinds = [kind for kind in Kind if kind.value in {"main_road", "house", "canal"}][: int(rng.integers(0, 3))]
    face = SheetFace(list(Language)[int(rng.integers(3))], village="Арал", key=tuple(kinds))
    return page_pixels(print_sheet(layout, face).content, px_per_mm=DETAIL[layout.code.paper])


def _covered(flat: NDArray[np.uint8], other: NDArray[np.uint8]) -> NDArray[np.uint8]:
    both = flat.copy()
    middle = flat.shape[1] // 2
    high, wide = min(flat.shape[0], other.shape[0]), min(flat.shape[1], other.shape[1])
    both[:high, middle:wide] = other[:high, middle:wide]
    return both


def main() -> int:
    """Print every photo that was not read or is far off, then the table."""
    each = int(sys.argv[1]) if len(sys.argv) > 1 else 75
    done = scores(each)
    for one in done:
        far = max(one.errors_mm, default=0.0)
        if not one.read or far > 1.5:
            case = one.case
            print(f"{case.difficulty.value:9} {case.seed:6} {one.verdict:24} worst {far:5.1f} mm, expected {one.expected_mm:.1f}; {one.note}")  # fmt: skip # noqa: E501
    rows = list(rows_of(done, each))
    for row in rows:
        print(row.line())
    return 0 if all(row.met for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
