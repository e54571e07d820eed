"""One hand-drawn sheet photographed several times: other camera, light, table, turn, and more drawn in between."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import shapely
from shapely.geometry import LineString, Polygon

from geo.domain.drawing import Ink
from sketch_import.sample_sheet.artist import PAPER_MM
from sketch_import.sample_sheet.camera import Camera, hold_camera
from sketch_import.sample_sheet.exposure import take_photo
from sketch_import.sample_sheet.hand import Hand, Stroke, draw, draw_loop
from sketch_import.sample_sheet.paper import lay_out

SIZE = (2000, 1500)


@dataclass(frozen=True)
class Addition:
    """Something drawn later: its geometry in millimetres of the paper and its strokes."""

    geometry: Polygon | LineString
    strokes: tuple[Stroke, ...]


def camera_over(
    rng: np.random.Generator,
    *,
    size: tuple[int, int] = SIZE,
    paper_mm: tuple[float, float] = PAPER_MM,
    tilt: float = 1.5,
    turn_deg: float = 0.0,
    zoom: float = 1.0,
) -> Camera:
    """A camera held over the sheet, turned about the middle of the photo; zoom above 1 cuts the sheet."""
    held = hold_camera(rng, size=size, paper_mm=paper_mm, tilt=tilt)
    turn = cv2.getRotationMatrix2D((size[0] / 2, size[1] / 2), turn_deg, zoom)
    return Camera(size, np.vstack([turn, [0, 0, 1]]) @ held.homography, held.k1, held.k2)


def photograph(
    strokes: tuple[Stroke, ...],
    seed: int,
    *,
    size: tuple[int, int] = SIZE,
    tilt: float = 1.5,
    turn_deg: float = 0.0,
    zoom: float = 1.0,
) -> tuple[np.ndarray, Camera]:
    """RGB pixels and the camera that knows where the paper is."""
    camera_rng, table_rng, photo_rng = np.random.default_rng(seed).spawn(3)
    camera = camera_over(camera_rng, size=size, tilt=tilt, turn_deg=turn_deg, zoom=zoom)
    backdrop = lay_out(camera, paper_mm=PAPER_MM, rng=table_rng)
    return take_photo(strokes, backdrop, camera, rng=photo_rng), camera


def draw_more(strokes: tuple[Stroke, ...], seed: int, *, count: int = 8, hand: Hand | None = None) -> list[Addition]:
    """Houses, fields and paths drawn where there is room, by turns in four inks."""
    rng = np.random.default_rng(seed)
    hand = hand or Hand()
    taken = shapely.union_all([LineString(stroke.points).buffer(3.0) for stroke in strokes])
    added: list[Addition] = []
    inks = (Ink.BLACK, Ink.RED, Ink.GREEN, Ink.BLUE)
    for _ in range(4000):
        if len(added) == count:
            break
        at = rng.uniform((40, 40), np.array(PAPER_MM) - 40)
        ink = inks[len(added) % 4]
        if len(added) % 3 == 2:
            heading = rng.uniform(0, 2 * np.pi)
            way = at + np.outer(np.linspace(-1, 1, 4) * rng.uniform(18, 40), [np.cos(heading), np.sin(heading)])
            if not Polygon(LineString(way).buffer(6)).within(shapely.box(12, 12, 829, 582)):
                continue
            geometry: Polygon | LineString = LineString(way)
            stroke = draw(way, hand=hand, rng=rng, ink=ink)
        else:
            half = rng.uniform(8, 17, 2)
            corners = at + np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half
            geometry = Polygon(corners)
            stroke = draw_loop(corners, hand=hand, rng=rng, ink=ink)
        if taken.intersects(geometry.buffer(5)):
            continue
        taken = taken.union(geometry.buffer(6))
        added.append(Addition(geometry, (stroke,)))
    return added


def error_px(
    homography: np.ndarray, new: Camera, old: Camera, *, paper_mm: tuple[float, float] = PAPER_MM
) -> np.ndarray:
    """How far the homography misses the truth over the part of the sheet both photos show, in old pixels."""
    axes = [np.linspace(0.03, 0.97, 25) * side for side in paper_mm]
    paper = np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 2)
    there, here = new.to_photo(paper), old.to_photo(paper)
    seen = ((there > 0) & (there < new.size) & (here > 0) & (here < old.size)).all(axis=1)
    mapped = cv2.perspectiveTransform(there[seen][:, None], np.asarray(homography, float))[:, 0]
    return np.hypot(*(mapped - here[seen]).T)
