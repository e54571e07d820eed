"""Posters for the notice board: the map of a village, what its people chose, and what became of it."""

from maps.posters.notes import PosterNotes
from maps.posters.poster import Poster, draw_poster, render_poster, set_poster
from maps.posters.sizes import PAPERS, TypeSizes, sizes_of

__all__ = ["PAPERS", "Poster", "PosterNotes", "TypeSizes", "draw_poster", "render_poster", "set_poster", "sizes_of"]
