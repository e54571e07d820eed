"""The scored test set: drawings of varied hands, each with its truth, rendered or photographed.

Two families, `black` (pen and pencil) and `markers` (all seven inks, each in several shades). Difficulty is stated by
`Spec`: size of the picture, width of the pen, wobble, share of loops left open, overshot or touched by writing, and how
it was taken: `render` (pure white, crisp), `scan` (tint, grain, JPEG) or `photo` (yellow uneven light, a shadow, mild
perspective and blur, a table around). Units are thousandths of the long side; `Spec.unit` turns them into pixels.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field

import cv2
import numpy as np
import shapely
import shapely.ops
from PIL import Image
from shapely.geometry import LineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from geo.domain.drawing import CandidateKind, Ink
from sketch_import.sample_sheet.hand import Hand
from sketch_import.sample_sheet.lettering import write

SHADES: dict[Ink, tuple[tuple[int, int, int], ...]] = {
    Ink.BLACK: ((28, 28, 32), (0, 0, 0), (45, 42, 46)),
    Ink.BLUE: ((30, 70, 170), (0, 0, 255), (25, 130, 200), (20, 40, 120)),
    Ink.RED: ((200, 35, 40), (255, 0, 0), (225, 70, 110), (165, 25, 30)),
    Ink.GREEN: ((20, 125, 60), (0, 150, 0), (80, 170, 60), (0, 110, 80)),
    Ink.BROWN: ((130, 78, 35), (139, 69, 19), (235, 130, 30), (110, 70, 40)),
    Ink.VIOLET: ((105, 45, 150), (128, 0, 128), (140, 70, 180)),
    Ink.PENCIL: ((150, 150, 152), (135, 135, 138), (160, 160, 160)),
}
"""Marker colours as they look on white paper, 8-bit RGB: dark, pure, and towards cyan, pink and orange."""
SPARE = "spare"
"""Sort of a truth that is not looked for, but right where it is found."""
WORDS = (
    "үй",
    "мектеп",
    "талаа",
    "Кара-Суу",
    "көпүрө",
    "ферма 3",
    "жайыт",
    "булак",
    "дүкөн",
    "Нур айылы",
    "ФАП",
    "арык",
)


@dataclass(frozen=True)
class Spec:
    """What one drawing of the set is like."""

    family: str
    taken: str
    seed: int
    long_side: int
    pen_px: float
    wobble: float = 1.5
    loose: float = 0.4
    """Share of the loops that are not closed cleanly."""

    @property
    def unit(self) -> float:
        return self.long_side / 1000

    @property
    def name(self) -> str:
        return f"{self.family}-{self.taken}-{self.seed}"


@dataclass(frozen=True)
class Truth:
    """One drawn object. `sort` says what kind of trap it is; `others` are shapes that would be as right."""

    kind: CandidateKind
    sort: str
    ink: Ink
    geometry: BaseGeometry
    others: tuple[BaseGeometry, ...] = ()


@dataclass
class Sheet:
    """A sheet being drawn: light that comes back from each pixel, and the truth so far."""

    spec: Spec
    truths: list[Truth] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rng = np.random.default_rng([self.spec.seed, len(self.spec.family)])
        self.size = (self.spec.long_side, round(0.7 * self.spec.long_side))
        self.light = np.full((self.size[1], self.size[0], 3), 255, np.uint8)
        self.pen = self.spec.pen_px / self.spec.unit
        self.shade = {ink: shades[self.rng.integers(len(shades))] for ink, shades in SHADES.items()}

    # -- marks -------------------------------------------------------------------------------------------------------

    def hand(self, points: np.ndarray) -> np.ndarray:
        """Return the path as a hand draws it: slow drift and a little tremor, ends held."""
        line = LineString(points)
        count = max(4, int(line.length / 3.0))
        path = np.array([line.interpolate(t, normalized=True).coords[0] for t in np.linspace(0, 1, count)])
        if self.spec.wobble <= 0:
            return path
        noise = self.rng.normal(size=(count + 24, 2)).cumsum(axis=0)
        slow = np.stack([np.convolve(noise[:, axis], np.ones(25) / 25, "valid") for axis in (0, 1)], axis=1)[:count]
        slow -= np.linspace(slow[0], slow[-1], count)
        swing = self.spec.wobble * min(1.0, line.length / 120) * slow / max(1e-6, np.abs(slow).max())
        return path + swing + self.rng.normal(0, 0.06 * self.spec.wobble, path.shape)

    def ink(self, path: np.ndarray, ink: Ink, *, pen: float | None = None, pressure: float = 0.0) -> None:
        """Pull the pen along a path given in units."""
        pixels = path * self.spec.unit
        thick = max(1, round((self.pen if pen is None else pen) * self.spec.unit))
        low = np.maximum(np.floor(pixels.min(axis=0)).astype(int) - thick - 2, 0)
        high = np.minimum(np.ceil(pixels.max(axis=0)).astype(int) + thick + 3, self.size)
        if np.any(high <= low):
            return
        cover = np.zeros((high[1] - low[1], high[0] - low[0]), np.uint8)
        crisp = self.spec.taken == "render" and self.spec.seed % 2 == 1
        at = np.round((pixels - low - 0.5) * 16).astype(np.int32)
        cv2.polylines(cover, [at], False, 255, thick, cv2.LINE_8 if crisp else cv2.LINE_AA, shift=4)
        self.lay(cover, (int(low[0]), int(low[1])), ink)

    def lay(self, cover: np.ndarray, at: tuple[int, int], ink: Ink) -> None:
        window = self.light[at[1] : at[1] + cover.shape[0], at[0] : at[0] + cover.shape[1]]
        colour = np.array(self.shade[ink], np.float32) / 255
        weak = 1.0 if self.spec.taken == "render" else float(self.rng.uniform(0.85, 1.0))
        through = 1 - weak * (cover.astype(np.float32) / 255)[..., None] * (1 - colour)
        window[...] = np.round(window * through).astype(np.uint8)

    def fill(self, corners: np.ndarray, ink: Ink) -> None:
        cover = np.zeros(self.size[::-1], np.uint8)
        cv2.fillPoly(cover, [np.round(corners * self.spec.unit * 16).astype(np.int32)], 255, cv2.LINE_AA, shift=4)
        self.lay(cover, (0, 0), ink)

    # -- objects -----------------------------------------------------------------------------------------------------

    def loop(self, corners: np.ndarray, ink: Ink, sort: str, *, hole: np.ndarray | None = None) -> Polygon:
        """Draw a closed outline, now and then open or overshot, and note its truth."""
        path = self.hand(np.vstack([corners, corners[:1]]))
        shape = Polygon(path).buffer(0)
        shape = max(shape.geoms, key=lambda part: part.area) if isinstance(shape, MultiPolygon) else shape
        if self.rng.random() < self.spec.loose:
            whole = LineString(path)
            slack = min(self.rng.uniform(1.2, 3.5) * self.pen, 0.05 * whole.length)
            if self.rng.random() < 0.5:
                path = np.array(shapely.ops.substring(whole, slack, whole.length).coords)
            else:
                ahead = (path[1] - path[0]) / max(1e-6, float(np.hypot(*(path[1] - path[0]))))
                path = np.vstack([path, path[0] + ahead * slack * 1.4 + self.rng.normal(0, 0.3 * self.pen, 2)])
        self.ink(path, ink)
        if hole is not None:
            inner = self.hand(np.vstack([hole, hole[:1]]))
            self.ink(inner, ink)
            self.note(CandidateKind.POLYGON, sort, ink, shape.difference(Polygon(inner).buffer(0)), shape)
        else:
            self.note(CandidateKind.POLYGON, sort, ink, shape)
        return shape

    def line(self, points: np.ndarray, ink: Ink, sort: str, *, dash: float = 0.0, gap: float = 0.0) -> np.ndarray:
        path = self.hand(points)
        whole = LineString(path)
        self.note(CandidateKind.LINE, sort, ink, whole)
        if dash <= 0:
            self.ink(path, ink)
        else:
            self.dashes(whole, ink, dash, gap)
        return path

    def dashes(self, whole: LineString, ink: Ink, dash: float, gap: float) -> None:
        at = 0.0
        while at < whole.length - 0.4 * dash:
            end = min(whole.length, at + dash * self.rng.uniform(0.75, 1.25))
            self.ink(np.array(shapely.ops.substring(whole, at, end).coords), ink)
            at = end + gap * self.rng.uniform(0.75, 1.25)

    def words(self, text: str, at: tuple[float, float], height: float, ink: Ink, *, angle: float = 0.0) -> None:
        """Write words with their middle at `at`, no smaller than that pen and picture can tell letters apart."""
        height = max(height * self.rng.uniform(1.0, 1.3), 5.5 * min(self.pen, 3.2), 13 / self.spec.unit)
        lettering = write(
            text,
            at,
            height_mm=height,
            hand=Hand(width_mm=self.pen, wobble_mm=0.04 * height, tremor_mm=0.01 * height, corner_mm=0.02 * height),
            rng=self.rng,
            ink=ink,
            angle_deg=angle,
            centred=True,
            width_mm=min(self.pen, 0.16 * height),
        )
        for stroke in lettering.strokes:
            self.ink(stroke.points, ink, pen=float(np.median(stroke.widths)))
        self.note(CandidateKind.TEXT, "words", ink, Polygon(lettering.box))

    def note(self, kind: CandidateKind, sort: str, ink: Ink, geometry: BaseGeometry, *others: BaseGeometry) -> None:
        unit = self.spec.unit

        def px(shape: BaseGeometry) -> BaseGeometry:
            return shapely.transform(shape, lambda xy: xy * unit)

        self.truths.append(Truth(kind, sort, ink, px(geometry), tuple(px(other) for other in others)))

    def spare(self, line: LineString) -> None:
        """Note a line that is right though nobody drew it."""
        unit = self.spec.unit
        self.truths.append(Truth(CandidateKind.LINE, SPARE, Ink.BLACK, shapely.transform(line, lambda xy: xy * unit)))

    # -- the picture -------------------------------------------------------------------------------------------------

    def picture(self) -> tuple[np.ndarray, list[Truth]]:
        """Return the picture, RGB uint8, and the truth in its pixels."""
        if self.spec.taken == "render":
            return self.light, self.truths
        rng = self.rng
        wide, high = self.size
        light, truths, sheet = self.light, self.truths, None
        if self.spec.taken == "photo":
            light, truths, sheet = self._held_askew()
        rows, columns = np.mgrid[0:high, 0:wide].astype(np.float32)
        u, v = columns / wide, rows / high
        photo = self.spec.taken == "photo"
        tint = np.array(
            [(244, 242, 236), (232, 214, 172), (226, 200, 150), (225, 232, 244)][rng.integers(4)], np.float32
        )
        slope = 1 - (rng.uniform(0.1, 0.42) if photo else 0.05) * (u * rng.uniform(0, 1) + v * rng.uniform(0, 1)) / 1.2
        if photo:
            edge = (u - rng.uniform(0.55, 0.9)) + rng.uniform(-0.5, 0.5) * (v - 0.5)
            slope = slope * (1 - rng.uniform(0.1, 0.35) / (1 + np.exp(-np.clip(edge / 0.02, -60, 60))))
        scene = light.astype(np.float32) / 255 * tint * slope[..., None]
        if sheet is not None:
            boards = 95 + 22 * np.sin(rows / (9 * self.spec.unit)) + rng.normal(0, 4, rows.shape).astype(np.float32)
            wood = np.stack([boards, boards * 0.7, boards * 0.45], axis=-1) * slope[..., None]
            scene = np.where(sheet[..., None], scene, wood)
        blur = rng.uniform(0.5, 1.1) * max(0.7, self.spec.unit / 2.4)
        scene = cv2.GaussianBlur(scene, (0, 0), blur)
        scene = scene + rng.normal(0, rng.uniform(1.2, 3.0), (*rows.shape, 1)).astype(np.float32)
        stored = io.BytesIO()
        Image.fromarray(np.clip(scene, 0, 255).astype(np.uint8)).save(stored, "JPEG", quality=int(rng.integers(80, 94)))
        return np.asarray(Image.open(stored).convert("RGB")), truths

    def _held_askew(self) -> tuple[np.ndarray, list[Truth], np.ndarray]:
        wide, high = self.size
        corners = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
        inset = self.rng.uniform(0.015, 0.05, (4, 2)) * [wide, high] * np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]])
        matrix = cv2.getPerspectiveTransform(corners, (corners + inset).astype(np.float32))
        light = cv2.warpPerspective(self.light, matrix, self.size, flags=cv2.INTER_AREA, borderValue=(255, 255, 255))
        sheet = cv2.warpPerspective(np.ones(self.size[::-1], np.uint8), matrix, self.size) > 0

        def moved(shape: BaseGeometry) -> BaseGeometry:
            def project(xy: np.ndarray) -> np.ndarray:
                ideal = np.column_stack([xy, np.ones(len(xy))]) @ matrix.T
                return np.asarray(ideal[:, :2] / ideal[:, 2:])

            return shapely.transform(shape, project)

        truths = [
            Truth(t.kind, t.sort, t.ink, moved(t.geometry), tuple(moved(other) for other in t.others))
            for t in self.truths
        ]
        return light, truths, sheet
