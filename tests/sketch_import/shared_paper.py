"""Sheets that share what is printed on them, or their paper and table, but not what is drawn."""

from __future__ import annotations

from enum import StrEnum

import cv2
import numpy as np
import segno

from geo.domain.drawing import Ink
from tests.sketch_import.drawings import Drawing, circle, rectangle, village

SIZE = (1600, 1200)
INKS = (Ink.BLACK, Ink.BLUE, Ink.RED, Ink.GREEN)


class Print(StrEnum):
    """What is on the paper before anybody draws."""

    NOTHING = "nothing"
    RULED = "ruled"
    GRID = "grid"
    PALE_MAP = "pale_map"
    DARK_MAP = "dark_map"
    FORM = "form"
    """Title, key and square codes in black all round the margin."""


def printed(kind: Print, *, seed: int = 5, size: tuple[int, int] = SIZE) -> np.ndarray:
    """Light that comes back from the printed paper, shape (h, w, 3), 0 to 1."""
    wide, high = size
    rng = np.random.default_rng(seed)
    page = np.full((high, wide, 3), 255, np.uint8)
    match kind:
        case Print.RULED | Print.GRID:
            for y in range(40, high, 48):
                cv2.line(page, (0, y), (wide, y), (205, 215, 232), 1, cv2.LINE_AA)
            for x in range(40, wide, 48) if kind is Print.GRID else ():
                cv2.line(page, (x, 0), (x, high), (205, 215, 232), 1, cv2.LINE_AA)
        case Print.PALE_MAP | Print.DARK_MAP:
            tone = (205, 200, 195) if kind is Print.PALE_MAP else (70, 70, 75)
            for _ in range(14):
                way = rng.uniform((0, 0), size, (2, 2))
                bend = np.linspace(way[0], way[1], 12) + rng.normal(0, 25, (12, 2))
                cv2.polylines(page, [bend.astype(np.int32)], False, tone, 3, cv2.LINE_AA)
            for _ in range(60):
                box = rectangle(*rng.uniform((80, 80), np.array(size) - 80), *rng.uniform(20, 55, 2), rng.uniform(0, 3))
                cv2.polylines(page, [box.astype(np.int32)], True, tone, 2, cv2.LINE_AA)
            for _ in range(12):
                at = rng.integers((60, 60), np.array(size) - 160)
                cv2.putText(page, f"Place {rng.integers(99)}", at.tolist(), 0, 0.8, tone, 2, cv2.LINE_AA)
        case Print.FORM:
            for number, (x, y) in enumerate(
                [(20 + i * (wide - 140) // 4, y) for i in range(5) for y in (20, high - 120)]
                + [(x, high // 2 - 50) for x in (20, wide - 120)]
            ):
                code = segno.make_qr(f"SOMEBODY{number:02d}")
                modules = np.array([list(row) for row in code.matrix]) > 0
                picture = cv2.resize(np.where(modules, 20, 255).astype(np.uint8), (96, 96), interpolation=0)
                page[y : y + 96, x : x + 96] = picture[..., None]
            cv2.putText(page, "MAP OF OUR VILLAGE", (wide // 2 - 330, 90), 0, 1.6, (20, 20, 20), 3, cv2.LINE_AA)
            cv2.rectangle(page, (150, high - 110), (wide - 150, high - 20), (20, 20, 20), 2)
            for i in range(6):
                x = 180 + i * 200
                cv2.putText(page, f"sign {i}", (x, high - 50), 0, 0.9, (20, 20, 20), 2, cv2.LINE_AA)
        case Print.NOTHING:
            pass
    return page.astype(np.float32) / 255


def drawn_sheet(kind: Print, seed: int, *, sparse: bool = False, size: tuple[int, int] = SIZE) -> Drawing:
    """A village on such paper; sparse: a few homes and one road only."""
    if sparse:
        drawing = Drawing(*size, seed, pen=6.0, wobble=3.0)
        spread = np.random.default_rng(seed)
        for number in range(5):
            x, y = spread.uniform((250, 250), np.array(size) - 250)
            drawing.area(circle(x, y, spread.uniform(35, 70)), INKS[number % 4], f"home {number}")
        ends = spread.uniform((200, 200), np.array(size) - 200, (4, 2))
        drawing.line(ends[np.argsort(ends[:, 0])], Ink.BLACK, "road")
    else:
        drawing = village(seed=seed, inks=INKS, size=size)
    drawing.light *= printed(kind, size=size)
    return drawing


def draw_more(drawing: Drawing, count: int = 5) -> None:
    """Add homes wherever they fall."""
    for number in range(count):
        x, y = drawing.rng.uniform((200, 200), (drawing.width - 200, drawing.height - 200))
        drawing.area(circle(x, y, drawing.rng.uniform(30, 60)), INKS[number % 4], f"added {number}")


def photographed(drawing: Drawing, seed: int, *, turn: bool = True) -> tuple[np.ndarray, np.ndarray]:
    """RGB pixels of a photo of the sheet on a table, and the 3 × 3 from the sheet's pixels to the photo's."""
    rng = np.random.default_rng(seed)
    wide, high = drawing.width, drawing.height
    flat = drawing.photo(shade=rng.uniform(0, 0.35), grain=rng.uniform(1, 3), blur=rng.uniform(0.6, 1.2))
    lean = rng.uniform(0, 0.09, (4, 2)) * (wide, high) + (0.03 * wide, 0.03 * high)
    corners = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], float)
    shown = corners + lean * [[1, 1], [-1, 1], [-1, -1], [1, -1]]
    if turn:
        shown = np.roll(shown, int(rng.integers(4)) if rng.random() < 0.4 else 0, axis=0)
    homography = cv2.getPerspectiveTransform(corners.astype(np.float32), shown.astype(np.float32)).astype(float)
    rows = np.mgrid[0:high, 0:wide][0]
    table = 95 + 20 * np.sin(rows / 17)[..., None] * np.array([1, 0.8, 0.6]) + rng.normal(0, 4, (high, wide, 1))
    half = np.array([[1, 0, -0.5], [0, 1, -0.5], [0, 0, 1]])
    centred = half @ homography @ np.linalg.inv(half)
    sheet = cv2.warpPerspective(flat, centred, (wide, high), flags=cv2.INTER_AREA)
    share = cv2.warpPerspective(np.ones((high, wide), np.float32), centred, (wide, high))[..., None]
    return np.clip(sheet * share + table * (1 - share), 0, 255).astype(np.uint8), homography
