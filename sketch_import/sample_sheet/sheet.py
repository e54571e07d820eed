"""Drawing the whole sheet: the village, its words, the title and the key, as strokes on paper with their truth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from geo.domain.drawing import Ink
from sketch_import.sample_sheet.artist import Artist, DrawnPlace, to_lon_lat
from sketch_import.sample_sheet.hand import Hand, Stroke, draw, pick_hand
from sketch_import.sample_sheet.key import Key, draw_key
from sketch_import.sample_sheet.lettering import Lettering, write
from sketch_import.sample_sheet.recollection import Recollection, recollect
from sketch_import.sample_sheet.symbols import tree
from sketch_import.sample_sheet.village import EXTENT_M, LANDMARKS, PLACES, TITLE, TREES

__all__ = ["Drawing", "Landmark", "draw_sheet"]


@dataclass(frozen=True, slots=True)
class Landmark:
    """A point that can be named on the drawing (mm) and on the ground (lon lat)."""

    name: str
    paper: tuple[float, float]
    lon_lat: tuple[float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """A sheet full of strokes, in the order they were drawn, and what they mean."""

    places: tuple[DrawnPlace, ...]
    title: tuple[Lettering, ...]
    key: Key
    landmarks: tuple[Landmark, ...]
    decoration: tuple[Stroke, ...]
    recollection: Recollection
    hand: Hand

    @property
    def strokes(self) -> tuple[Stroke, ...]:
        """Every stroke on the sheet."""
        placed = [stroke for drawn in self.places for stroke in drawn.strokes]
        words = [stroke for drawn in self.places for text in drawn.words for stroke in text.strokes]
        title = [stroke for text in self.title for stroke in text.strokes]
        return (*placed, *words, *title, *self.key.strokes, *self.decoration)


def _meeting(parts: tuple[str, ...], geometries: Mapping[str, BaseGeometry]) -> Point:
    """Return where two lines meet, or the middle of one object."""
    if len(parts) == 1:
        return geometries[parts[0]].centroid
    first, second = (geometries[part] for part in parts)
    crossing = first.intersection(second)
    if isinstance(crossing, Point) and not crossing.is_empty:
        return crossing
    return Point(shapely.shortest_line(first, second).coords[0])


def _north_arrow(
    at: tuple[float, float], memory: Recollection, hand: Hand, rng: np.random.Generator
) -> tuple[tuple[Stroke, ...], Lettering]:
    """Draw an arrow to the north as it is on this sheet, with its word."""
    turn = np.deg2rad(memory.rotation_deg)
    up, side = np.array([-np.sin(turn), -np.cos(turn)]), np.array([np.cos(turn), -np.sin(turn)])
    middle = np.asarray(at)
    shaft = draw([middle - 13 * up, middle + 15 * up], hand=hand, rng=rng, ink=Ink.BLACK)
    tip = middle + 16 * up
    head = draw([tip - 7 * up - 4.5 * side, tip, tip - 7 * up + 4.5 * side], hand=hand, rng=rng, ink=Ink.BLACK)
    return (shaft, head), write("түндүк", np.add(middle, [0, 22]), height_mm=7.0, hand=hand, rng=rng, centred=True)


def draw_sheet(rng: np.random.Generator) -> Drawing:
    """Draw the sample village on an A1 sheet.

    Parameters
    ----------
    rng
        Decides the hand, the memory and every wobble.
    """
    memory_rng, hand_rng, line_rng, words_rng = rng.spawn(4)
    memory = recollect(
        memory_rng,
        rotation_deg=8.0,
        scale_mm_per_m=(0.455, 0.418),
        centre_mm=(427.0, 318.0),
        extent_m=EXTENT_M,
        largest_m=52.0,
    )
    hand = pick_hand(hand_rng)
    artist = Artist(hand, memory, line_rng)
    places = tuple(artist.draw(place) for place in PLACES)
    landmarks = []
    for name, parts in LANDMARKS.items():
        paper, metres = _meeting(parts, artist.drawn), _meeting(parts, artist.metres)
        lon, lat = to_lon_lat(np.array([[metres.x, metres.y]]))[0]
        landmarks.append(Landmark(name, (paper.x, paper.y), (float(lon), float(lat))))
    title = (
        write(TITLE[0], (34, 46), height_mm=21, hand=hand, rng=words_rng, angle_deg=-0.8),
        write(TITLE[1], (36, 72), height_mm=10.5, hand=hand, rng=words_rng, angle_deg=-0.5),
    )
    underline = draw([(33, 53), (255, 51)], hand=hand, rng=words_rng, ink=Ink.RED)
    trees = [stroke for at in memory.to_paper(TREES) for stroke in tree(at, hand=hand, rng=words_rng)]
    arrow, north = _north_arrow((798.0, 62.0), memory, hand, words_rng)
    return Drawing(
        places,
        (*title, north),
        draw_key((664.0, 398.0), hand=hand, rng=words_rng),
        tuple(landmarks),
        (underline, *trees, *arrow),
        memory,
        hand,
    )
