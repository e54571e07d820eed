"""Drawings with known truth: wobbling strokes in known inks on tinted, shaded, grainy paper on a table.

Difficulty is stated by the arguments: wobble and gaps in pixels, tint and shade as factors, grain as the
standard deviation of a pixel, table as the share of the photo it takes on each side.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field

import cv2
import numpy as np
import shapely
import shapely.ops
from PIL import Image
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from geo.domain.drawing import CandidateKind, Ink
from sketch_import.candidate import Candidate

MARKERS = {
    Ink.BLACK: (28, 28, 32),
    Ink.BLUE: (30, 70, 170),
    Ink.RED: (200, 35, 40),
    Ink.GREEN: (20, 125, 60),
    Ink.BROWN: (130, 78, 35),
    Ink.VIOLET: (105, 45, 150),
    Ink.PENCIL: (150, 150, 152),
}


@dataclass
class Truth:
    kind: CandidateKind
    ink: Ink
    geometry: BaseGeometry
    name: str


@dataclass
class Drawing:
    width: int
    height: int
    seed: int
    pen: float = 6.0
    wobble: float = 2.0
    truths: list[Truth] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rng = np.random.default_rng(self.seed)
        self.light = np.ones((self.height, self.width, 3), np.float32)

    def hand(self, points: np.ndarray, step: float = 8.0) -> np.ndarray:
        """A path as a hand draws it: resampled and displaced by slow noise."""
        line = LineString(points)
        count = max(3, int(line.length / step))
        path = np.array([line.interpolate(t, normalized=True).coords[0] for t in np.linspace(0, 1, count)])
        noise = self.rng.normal(size=(count + 16, 2)).cumsum(axis=0)
        slow = np.stack([np.convolve(noise[:, axis], np.ones(17) / 17, "valid") for axis in (0, 1)], axis=1)[:count]
        slow -= np.linspace(slow[0], slow[-1], count)
        return path + self.wobble * slow / max(1e-6, np.abs(slow).max())

    def stroke(self, path: np.ndarray, ink: Ink, pen: float | None = None) -> None:
        cover = np.zeros((self.height, self.width), np.uint8)
        at = np.round((path - 0.5) * 16).astype(np.int32)
        cv2.polylines(cover, [at], False, 255, max(1, round(pen or self.pen)), cv2.LINE_AA, shift=4)
        self.lay(cover, ink)

    def lay(self, cover: np.ndarray, ink: Ink) -> None:
        """Lay ink where `cover` (uint8, 255 for all of it) says."""
        left, top, wide, high = cv2.boundingRect(cover)
        window = (slice(top, top + high), slice(left, left + wide))
        colour = np.array(MARKERS[ink], np.float32) / 255
        self.light[window] *= 1 - (cover[window].astype(np.float32) / 255)[..., None] * (1 - colour)

    def area(self, corners: np.ndarray, ink: Ink, name: str, *, gap: float = 0.0, overshoot: float = 0.0) -> None:
        path = self.hand(np.vstack([corners, corners[:1]]))
        self.truths.append(Truth(CandidateKind.POLYGON, ink, Polygon(path).buffer(0), name))
        if gap > 0:
            whole = LineString(path)
            path = np.array(shapely.ops.substring(whole, gap, whole.length).coords)
        if overshoot > 0:
            ahead = path[1] - path[0]
            path = np.vstack([path, path[0] + ahead / np.hypot(*ahead) * overshoot + (0, -overshoot / 3)])
        self.stroke(path, ink)

    def line(self, points: np.ndarray, ink: Ink, name: str, *, dash: float = 0.0) -> None:
        path = self.hand(np.asarray(points, float))
        whole = LineString(path)
        self.truths.append(Truth(CandidateKind.LINE, ink, whole, name))
        if dash <= 0:
            self.stroke(path, ink)
            return
        for start in np.arange(0, whole.length - dash, 1.9 * dash):
            self.stroke(np.array(shapely.ops.substring(whole, start, start + dash).coords), ink)

    def words(self, text: str, at: tuple[float, float], ink: Ink, scale: float) -> None:
        cover = np.zeros((self.height, self.width), np.uint8)
        place = (round(at[0]), round(at[1]))
        thick = max(1, round(self.pen * 0.7))
        cv2.putText(cover, text, place, cv2.FONT_HERSHEY_SIMPLEX, scale, 255, thick, cv2.LINE_AA)
        rows, columns = np.nonzero(cover)
        outline = shapely.box(columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
        self.truths.append(Truth(CandidateKind.TEXT, ink, outline, text))
        self.lay(cover, ink)

    def photo(
        self,
        *,
        paper: tuple[int, int, int] = (245, 243, 238),
        shade: float = 0.0,
        grain: float = 2.0,
        blur: float = 0.8,
        table: float = 0.0,
        quality: int = 90,
    ) -> np.ndarray:
        """Light it, lay it on a table, photograph it and store it as JPEG. RGB, uint8."""
        rows, columns = np.mgrid[0 : self.height, 0 : self.width].astype(np.float32)
        slope = 1 - shade * (columns / self.width * 0.6 + rows / self.height * 0.4)
        picture = self.light * np.array(paper, np.float32) * slope[..., None]
        if table > 0:
            edge_x, edge_y = int(self.width * table), int(self.height * table)
            boards = 90 + 25 * np.sin(rows / 23) + self.rng.normal(0, 4, rows.shape)
            wood = np.stack([boards, boards * 0.7, boards * 0.45], axis=-1)
            on_table = np.ones(rows.shape, bool)
            on_table[edge_y : self.height - edge_y, edge_x : self.width - edge_x] = False
            picture[on_table] = wood[on_table]
        picture = cv2.GaussianBlur(picture, (0, 0), blur) if blur > 0 else picture
        picture = np.clip(picture + self.rng.normal(0, grain, picture.shape), 0, 255).astype(np.uint8)
        stored = io.BytesIO()
        Image.fromarray(picture).save(stored, "JPEG", quality=quality)
        return np.asarray(Image.open(stored).convert("RGB"))


def circle(x: float, y: float, radius: float) -> np.ndarray:
    turn = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    return np.stack([x + radius * np.cos(turn), y + radius * np.sin(turn)], axis=1)


def rectangle(x: float, y: float, wide: float, high: float, angle: float = 0.0) -> np.ndarray:
    corners = np.array([[-wide, -high], [wide, -high], [wide, high], [-wide, high]]) / 2
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return corners @ turn.T + (x, y)


def hill(x: float, y: float, wide: float, high: float) -> np.ndarray:
    along = np.linspace(0, 1, 30)
    top = y - high * (0.55 + 0.25 * np.abs(np.sin(along * 3 * np.pi))) * np.sin(np.pi * along) ** 0.4
    return np.vstack([np.stack([x - wide / 2 + wide * along, top], axis=1), [[x + wide / 2, y], [x - wide / 2, y]]])


@dataclass(frozen=True)
class Score:
    polygons: int
    polygons_found: int
    most_candidates: int
    line_length: float
    line_found: float
    inks: int
    inks_right: int
    missed: tuple[str, ...]

    @property
    def polygon_recall(self) -> float:
        return self.polygons_found / self.polygons

    @property
    def line_recall(self) -> float:
        return self.line_found / self.line_length

    @property
    def ink_share(self) -> float:
        return self.inks_right / self.inks


def overlap(one: BaseGeometry, two: BaseGeometry) -> float:
    return one.intersection(two).area / one.union(two).area


def score(truths: list[Truth], candidates: tuple[Candidate, ...], width: float) -> Score:
    """Polygons by IoU of at least 0.5, lines by length within two stroke widths, inks of what was found."""
    areas = [candidate for candidate in candidates if candidate.kind is CandidateKind.POLYGON]
    lines = [candidate for candidate in candidates if candidate.kind is CandidateKind.LINE]
    near_lines = shapely.union_all([line.geometry.buffer(2 * width) for line in lines])
    found = inks = right = most = polygons = 0
    length = length_found = 0.0
    missed = []
    for truth in truths:
        if truth.kind is CandidateKind.POLYGON:
            polygons += 1
            matches = [area for area in areas if overlap(area.geometry, truth.geometry) >= 0.5]
            found += bool(matches)
            most = max(most, len(matches))
            if matches:
                best = max(matches, key=lambda area: overlap(area.geometry, truth.geometry))
                inks += 1
                right += best.ink is truth.ink
                if best.ink is not truth.ink:
                    missed.append(f"{truth.name}: {truth.ink} named {best.ink}")
            else:
                missed.append(truth.name)
        elif truth.kind is CandidateKind.LINE:
            covered = truth.geometry.intersection(near_lines).length
            length += truth.geometry.length
            length_found += covered
            if covered < 0.9 * truth.geometry.length:
                missed.append(f"{truth.name}: {covered / truth.geometry.length:.2f}")
            beside = [line for line in lines if line.geometry.intersection(truth.geometry.buffer(2 * width)).length > 0]
            if beside:
                best = max(beside, key=lambda line: line.geometry.intersection(truth.geometry.buffer(2 * width)).length)
                inks += 1
                right += best.ink is truth.ink
                if best.ink is not truth.ink:
                    missed.append(f"{truth.name}: {truth.ink} named {best.ink}")
    return Score(polygons, found, most, length, length_found, inks, right, tuple(missed))


def village(*, seed: int, inks: tuple[Ink, ...], size: tuple[int, int] = (2000, 1500), pen: float = 6.0) -> Drawing:
    """A random village: homes, fields with ticks, hills, roads, a river and names, in the given inks by turns."""
    wide, high = size
    drawing = Drawing(wide, high, seed, pen=pen, wobble=pen * 0.5)
    rng = drawing.rng
    unit = min(wide / 2000, high / 1500)
    turn = iter(np.tile(np.arange(len(inks)), 100))

    def ink() -> Ink:
        return inks[next(turn)]

    columns = 6
    kinds = rng.permutation(["home"] * 9 + ["field"] * 8 + ["hill"] * 3 + ["empty"] * 4)
    for cell, kind in enumerate(kinds):
        x = wide * (0.14 + 0.145 * (cell % columns)) + rng.normal(0, 6 * unit)
        y = high * (0.17 + 0.22 * (cell // columns)) + rng.normal(0, 6 * unit)
        loose = rng.choice([0.0, 0.0, 2.0, 3.5]) * pen
        over = rng.choice([0.0, 3.0]) * pen if loose == 0 else 0.0
        if kind == "home":
            drawing.area(circle(x, y, rng.uniform(42, 70) * unit), ink(), f"home {cell}", gap=loose, overshoot=over)
            drawing.words("home", (x - 30 * unit, y + 8 * unit), Ink.BLACK, 0.8 * unit)
        elif kind == "field":
            corners = rectangle(x, y, rng.uniform(110, 190) * unit, rng.uniform(80, 130) * unit, rng.uniform(-0.5, 0.5))
            colour = ink()
            drawing.area(corners, colour, f"field {cell}", gap=loose, overshoot=over)
            for _ in range(7):
                tick = np.array([x, y]) + rng.uniform(-28, 28, 2) * unit
                drawing.stroke(tick + np.array([[0, 0], [5, 9], [11, 0]]) * unit, colour)
        elif kind == "hill":
            drawing.area(hill(x, y + 50 * unit, 220 * unit, 130 * unit), ink(), f"hill {cell}", gap=loose)
    between = high * np.array([0.07, 0.28, 0.505, 0.725, 0.93])
    for number, level in enumerate(between):
        bend = rng.uniform(-12, 12, 5) * unit
        path = np.stack([np.linspace(0.08, 0.92, 5) * wide, level + bend], axis=1)
        drawing.line(path, ink(), f"road {number}", dash=22 * unit if number == 4 else 0.0)
    return drawing
