"""What the drawings of the scored test set show: a village laid out anew for each seed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import shapely
from shapely.geometry import LineString, Polygon

from geo.domain.drawing import CandidateKind, Ink
from tests.sketch_import.drawings import circle, hill, rectangle
from tests.sketch_import.varied_hands import WORDS, Sheet, Spec, Truth

COLUMNS, ROWS = 6, 4
_CELLS = (
    *("home",) * 3,
    *("square home",) * 2,
    *("house",) * 2,
    *("ticked field",) * 2,
    "plain field",
    "field with house",
    "lake",
    "lake with island",
    "wish",
    "parcels",
    "trees",
    "signs",
    "overlap",
    "crossed",
    "pond",
    "hatched",
    "hill",
    "touched home",
    "text",
)


def specs() -> list[Spec]:
    """Return the whole set: 48 drawings, half of them in black, a third each rendered, scanned and photographed."""
    sizes = {
        "render": [(800, 2), (1000, 3), (1600, 3), (2000, 6), (2400, 5), (3000, 9), (1200, 5), (4000, 12)],
        "scan": [(900, 2), (1400, 3), (1800, 5), (2000, 4), (2600, 8), (3200, 10), (1600, 8), (2200, 12)],
        "photo": [(1300, 3), (1600, 4), (2000, 6), (2400, 5), (3000, 8), (3600, 12), (4000, 10), (2000, 4)],
    }
    found = []
    for family in ("black", "markers"):
        for taken, choices in sizes.items():
            for number, (side, pen) in enumerate(choices):
                thick = max(pen, 3) if family == "markers" else pen
                wobble = (0.0, 1.2, 2.4, 1.6)[number % 4] if taken == "render" else (1.0, 1.8, 2.6, 1.4)[number % 4]
                found.append(Spec(family, taken, 100 + number, side, thick, wobble, (0.0, 0.4, 0.6)[number % 3]))
    return found


def village(spec: Spec) -> tuple[np.ndarray, list[Truth]]:
    """Draw the village of a spec; RGB picture and truth."""
    sheet = Sheet(spec)
    rng = sheet.rng
    inks = [Ink.BLACK] * 6 + [Ink.PENCIL] if spec.family == "black" else list(Ink)
    cells = rng.permutation(np.array(_CELLS))
    wide, high = 1000 / COLUMNS, 700 / ROWS
    for number, kind in enumerate(cells.tolist()):
        middle = np.array([wide * (number % COLUMNS + 0.5), high * (number // COLUMNS + 0.5)]) + rng.normal(0, 3, 2)
        if number % COLUMNS in (0, COLUMNS - 1):
            middle[0] += 6 if number % COLUMNS == 0 else -6
        _DRAW[kind](sheet, middle, inks[int(rng.integers(len(inks)))])
    _ways(sheet, inks)
    return sheet.picture()


def _ways(sheet: Sheet, inks: list[Ink]) -> None:
    """Roads between the cells, some crossing, one with two sides, one dashed, one river."""
    rng = sheet.rng

    def ink() -> Ink:
        return inks[int(rng.integers(len(inks)))]

    def across(level: float) -> np.ndarray:
        return np.stack([np.linspace(25, 975, 7), level + rng.uniform(-4, 4, 7)], axis=1)

    def down(column: float) -> np.ndarray:
        return np.stack([column + rng.uniform(-4, 4, 6), np.linspace(25, 675, 6)], axis=1)

    levels = rng.permutation([175.0, 350.0, 525.0])
    sheet.line(across(levels[0]), ink(), "road")
    if rng.random() < 0.5:
        sheet.line(across(levels[1]), ink(), "dashed", dash=14, gap=8)
    else:
        path, colour = across(levels[1]), ink()
        # The middle may be offered as well as the sides: one road.
        sheet.spare(LineString(path))
        for side in (-1, 1):
            sheet.line(np.add(path, (0, side * max(4.5, 1.6 * sheet.pen))), colour, "road side")
    columns = rng.permutation(np.arange(1, COLUMNS)) * 1000 / COLUMNS
    for column in columns[: int(rng.integers(1, 3))]:
        sheet.line(down(column), ink(), "road")
    if rng.random() < 0.6:
        x = np.linspace(25, 975, 60)
        sheet.line(np.stack([x, levels[2] + 7 * np.sin(x / 37)], axis=1), ink(), "river")


def _size(sheet: Sheet, low: float, high: float) -> float:
    return max(float(sheet.rng.uniform(low, high)), 4.2 * sheet.pen)


def _home(sheet: Sheet, at: np.ndarray, ink: Ink) -> None:
    radius = _size(sheet, 18, 42)
    sheet.loop(circle(*at, radius), ink, "home")
    if sheet.rng.random() < 0.6 and radius > 30:
        sheet.words("үй", tuple(at), 10, _pen_of(sheet, ink))
    elif sheet.rng.random() < 0.6:
        sheet.words(_word(sheet, short=True), (at[0], at[1] + radius + 18), 10, _pen_of(sheet, ink))


def _square_home(sheet: Sheet, at: np.ndarray, ink: Ink) -> None:
    side = _size(sheet, 24, 60)
    sheet.loop(rectangle(*at, side, side * sheet.rng.uniform(0.7, 1), sheet.rng.uniform(-0.4, 0.4)), ink, "home")
    sheet.words(_word(sheet), (at[0], at[1] + 0.75 * side + 14), 9.0, _pen_of(sheet, ink))


def _house(sheet: Sheet, at: np.ndarray, ink: Ink) -> None:
    """A front with a roof and a door; the whole outline is the object."""
    w = _size(sheet, 30, 48)
    x, y = at
    outline = np.array(
        [
            [x - w / 2, y + w / 2],
            [x - w / 2, y - w / 8],
            [x, y - w * 0.6],
            [x + w / 2, y - w / 8],
            [x + w / 2, y + w / 2],
        ]
    )
    front = Polygon(outline[[0, 1, 3, 4]])
    sheet.ink(sheet.hand(np.vstack([outline, outline[:1]])), ink)
    sheet.ink(sheet.hand(outline[[1, 3]]), ink)
    sheet.note(CandidateKind.POLYGON, "house", ink, Polygon(outline), front)


def _field(sheet: Sheet, at: np.ndarray, ink: Ink, *, ticks: bool = True) -> Polygon:
    rng = sheet.rng
    corners = rectangle(*at, rng.uniform(80, 118), rng.uniform(60, 92), rng.uniform(-0.3, 0.3))
    field = sheet.loop(corners, ink, "field")
    if ticks:
        for _ in range(9):
            tick = at + rng.uniform(-1, 1, 2) * [30, 22]
            sheet.ink(tick + np.array([[0, 0], [3, 6], [7, 0]]) * max(1.0, sheet.pen / 3), ink)
    return field


def _field_with_house(sheet: Sheet, at: np.ndarray, ink: Ink) -> None:
    _field(sheet, at, ink, ticks=False)
    sheet.loop(rectangle(*at, *(2 * [max(22.0, 4.5 * sheet.pen)])), _pen_of(sheet, ink), "home")


def _blob(sheet: Sheet, at: np.ndarray, radius: float) -> np.ndarray:
    turn = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    a, b = sheet.rng.uniform(0, 2 * np.pi, 2)
    r = radius * (1 + 0.12 * np.cos(2 * turn + a) + 0.08 * np.cos(3 * turn + b))
    return np.stack([at[0] + 1.25 * r * np.cos(turn), at[1] + 0.9 * r * np.sin(turn)], axis=1)


def _lake(sheet: Sheet, at: np.ndarray, ink: Ink) -> None:
    sheet.loop(_blob(sheet, at, 46), ink, "lake")
    sheet.words(_word(sheet, short=True), tuple(at), 13, _pen_of(sheet, ink))


def _island(sheet: Sheet, at: np.ndarray, ink: Ink) -> None:
    sheet.loop(_blob(sheet, at, 52), ink, "island", hole=circle(*at, 26))


def _wish(sheet: Sheet, at: np.ndarray, ink: Ink) -> None:
    """A dashed outline filled with writing: what people wish for."""
    corners = rectangle(*at, 124, 100, sheet.rng.uniform(-0.1, 0.1))
    path = sheet.hand(np.vstack([corners, corners[:1]]))
    dash = max(9.0, 2.6 * sheet.pen)
    sheet.dashes(LineString(path), ink, dash, max(5.0, 0.62 * dash))
    sheet.note(CandidateKind.POLYGON, "wish", ink, Polygon(path).buffer(0))
    pen = _pen_of(sheet, ink)
    for line in (-20, 0, 20):
        sheet.words(_word(sheet, short=True), (at[0], at[1] + 1.2 * line), 11, pen)


def _parcels(sheet: Sheet, at: np.ndarray, ink: Ink) -> None:
    columns, rows = (2, 2) if sheet.rng.random() < 0.5 else (3, 2)
    x, y = np.linspace(-62, 62, columns + 1) + at[0], np.linspace(-50, 50, rows + 1) + at[1]
    sheet.ink(sheet.hand(np.array([[x[0], y[0]], [x[-1], y[0]], [x[-1], y[-1]], [x[0], y[-1]], [x[0], y[0]]])), ink)
    for column in x[1:-1]:
        sheet.ink(sheet.hand(np.array([[column, y[0]], [column, y[-1]]])), ink)
    for row in y[1:-1]:
        sheet.ink(sheet.hand(np.array([[x[0], row], [x[-1], row]])), ink)
    for column in range(columns):
        for row in range(rows):
            cell = shapely.box(x[column], y[row], x[column + 1], y[row + 1])
            sheet.note(CandidateKind.POLYGON, "parcel", ink, cell)


def _trees(sheet: Sheet, at: np.ndarray, ink: Ink) -> None:
    """Lollipop trees: signs of a wood, one point each."""
    for dx, dy in ((-38, -28), (0, -34), (36, -26), (-22, 26), (22, 28)):
        x, y = np.add(at, (dx, dy)) + sheet.rng.normal(0, 3, 2)
        r = max(7.0, 2.4 * sheet.pen)
        sheet.ink(sheet.hand(np.vstack([circle(x, y, r), [[x + r, y]]])), ink)
        sheet.ink(np.array([[x, y + r], [x, y + 2.3 * r]]), ink)
        sheet.note(CandidateKind.POINT, "tree", ink, shapely.Point(x, y + 0.5 * r).buffer(1.9 * r))


def _signs(sheet: Sheet, at: np.ndarray, ink: Ink) -> None:
    """Dots and small rings."""
    for dx, dy, ring in ((-36, -30, False), (4, -28, True), (38, -22, False), (-18, 28, True), (26, 26, False)):
        x, y = np.add(at, (dx, dy))
        if ring:
            r = max(3.2, 1.35 * sheet.pen)
            sheet.ink(np.vstack([circle(x, y, r), [[x + r, y]]]), ink)
            sheet.note(CandidateKind.POINT, "ring", ink, shapely.Point(x, y).buffer(r + 2 * sheet.pen))
        else:
            sheet.ink(np.array([[x, y], [x + 0.3, y]]), ink, pen=2.6 * sheet.pen)
            sheet.note(CandidateKind.POINT, "dot", ink, shapely.Point(x, y).buffer(2.6 * sheet.pen))


def _overlap(sheet: Sheet, at: np.ndarray, ink: Ink) -> None:
    sheet.loop(circle(at[0] - 22, at[1], 38), ink, "overlap")
    sheet.loop(circle(at[0] + 28, at[1] + 4, 34), _pen_of(sheet, ink), "overlap")


def _crossed(sheet: Sheet, at: np.ndarray, ink: Ink) -> None:
    """A field with a path right through it."""
    sheet.loop(rectangle(*at, 96, 74, sheet.rng.uniform(-0.2, 0.2)), ink, "crossed")
    lean = sheet.rng.uniform(-12, 12)
    sheet.line(np.array([[at[0] - 74, at[1] - lean], [at[0] + 74, at[1] + lean]]), _pen_of(sheet, ink), "path")


def _pond(sheet: Sheet, at: np.ndarray, ink: Ink) -> None:
    outline = _blob(sheet, at, max(sheet.rng.uniform(16, 44), 5 * sheet.pen))
    sheet.fill(outline, ink)
    sheet.note(CandidateKind.POLYGON, "pond", ink, Polygon(outline))


def _hatched(sheet: Sheet, at: np.ndarray, ink: Ink) -> None:
    """An outlined field filled with parallel strokes that stop short of the outline."""
    corners = rectangle(*at, 104, 80)
    field = sheet.loop(corners, ink, "hatched")
    inner = field.buffer(-2.2 * sheet.pen - 1)
    step = max(9.0, 3.2 * sheet.pen)
    for shift in np.arange(-100, 100, step):
        row = LineString([np.add(at, (shift - 60, -60)), np.add(at, (shift + 60, 60))]).intersection(inner)
        if row.geom_type == "LineString" and row.length > 2 * sheet.pen:
            sheet.ink(sheet.hand(np.array(row.coords)), ink)


def _hill(sheet: Sheet, at: np.ndarray, ink: Ink) -> None:
    sheet.loop(hill(at[0], at[1] + 40, 128, 90), ink, "hill")


def _touched_home(sheet: Sheet, at: np.ndarray, ink: Ink) -> None:
    """A home whose name runs over its outline."""
    radius = max(30.0, 5 * sheet.pen)
    sheet.loop(circle(at[0] - 20, at[1], radius), ink, "touched")
    sheet.words(_word(sheet), (at[0] + 18, at[1] + 6), 12, ink)


def _text(sheet: Sheet, at: np.ndarray, ink: Ink) -> None:
    for row in (-32, 2, 36):
        sheet.words(_word(sheet), (at[0], at[1] + row), 13, ink)


def _word(sheet: Sheet, *, short: bool = False) -> str:
    choice = [word for word in WORDS if len(word) <= 5] if short else list(WORDS)
    return choice[int(sheet.rng.integers(len(choice)))]


def _pen_of(sheet: Sheet, ink: Ink) -> Ink:
    """Black beside a colour more often than not, else the same pen."""
    return Ink.BLACK if sheet.rng.random() < 0.6 else ink


_DRAW: dict[str, Callable[[Sheet, np.ndarray, Ink], object]] = {
    "home": _home,
    "square home": _square_home,
    "house": _house,
    "ticked field": _field,
    "plain field": lambda sheet, at, ink: _field(sheet, at, ink, ticks=False),
    "field with house": _field_with_house,
    "lake": _lake,
    "lake with island": _island,
    "wish": _wish,
    "parcels": _parcels,
    "trees": _trees,
    "signs": _signs,
    "overlap": _overlap,
    "crossed": _crossed,
    "pond": _pond,
    "hatched": _hatched,
    "hill": _hill,
    "touched home": _touched_home,
    "text": _text,
}
