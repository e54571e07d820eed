"""A large paper over A4 pages: where to cut so that nothing that must stay whole lies on a seam."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from geo.i18n import Language, text
from geo.sheet_layout import Orientation, PaperSize, Rect
from maps.print.furniture import Parts, in_digits, words_in

__all__ = ["OVERLAP_MM", "PAGE_MARGIN_MM", "Tile", "TilePlan", "cut_into_pages", "tiled_pages"]

OVERLAP_MM: Final = 10.0
"""What two neighbouring pieces have in common, for glue."""
PAGE_MARGIN_MM: Final = 10.0
"""Edge of the page to the piece: more than any printer leaves blank, with room for cut marks and the number."""
_QUIET_MM: Final = 1.0
_STEP_MM: Final = 0.5
_SHORTEST: Final = 0.6
"""A piece is not made shorter than this part of the page for the sake of equal pieces."""

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Tile:
    """A piece of the paper on one page."""

    row: int
    """From 1, top to bottom."""
    column: int
    """From 1, left to right."""
    window: Rect
    """The piece, in millimetres of the large paper."""

    @property
    def label(self) -> str:
        """Row and column, as printed."""
        return f"{self.row}/{self.column}"


@dataclass(frozen=True, slots=True)
class TilePlan:
    """How a paper is cut."""

    orientation: Orientation
    """Of the pages."""
    rows: int
    columns: int
    tiles: tuple[Tile, ...]
    """Row by row."""

    @property
    def page_mm(self) -> tuple[float, float]:
        """Width and height of a page."""
        return PaperSize.A4.size_mm(self.orientation)


def cut_into_pages(paper_mm: tuple[float, float], whole: Iterable[Rect]) -> TilePlan:
    """Cut a paper into pieces of an A4 page each, pages upright or lying, whichever are fewer.

    Parameters
    ----------
    paper_mm
        Width and height of the large paper.
    whole
        Where a piece ends, and where the next one begins, none of these is cut: whichever piece is glued on top, each
        of them is whole.
    """
    kept = tuple(whole)
    width, height = paper_mm
    plans = []
    for orientation in Orientation:
        page = PaperSize.A4.size_mm(orientation)
        across = _pieces(width, page[0] - 2 * PAGE_MARGIN_MM, [(one.x, one.right) for one in kept])
        down = _pieces(height, page[1] - 2 * PAGE_MARGIN_MM, [(one.y, one.bottom) for one in kept])
        tiles = tuple(
            Tile(row, column, Rect(left, top, right - left, bottom - top))
            for row, (top, bottom) in enumerate(down, 1)
            for column, (left, right) in enumerate(across, 1)
        )
        plans.append(TilePlan(orientation, len(down), len(across), tiles))
    return min(plans, key=lambda plan: len(plan.tiles))


def tiled_pages(
    plan: TilePlan,
    paper_mm: tuple[float, float],
    *,
    paper: PaperSize,
    caption: str,
    language: Language,
    how: str = "printing.glue",
) -> Parts:
    """Return what the template's ``tiled`` needs: the page that says how to glue, and the pages with the pieces.

    Parameters
    ----------
    plan
        How the paper is cut.
    paper_mm
        Width and height of the large paper.
    paper
        Its size, for the heading.
    caption
        Printed small on every page, so that pages of two papers are not mixed up.
    language
        Of the words.
    how
        Message key of how to glue.
    """
    (width, height), (paper_width, paper_height) = plan.page_mm, paper_mm
    room = width - 40.0
    unit = min(room / paper_width, (height - 150.0) / paper_height)
    said = {
        "paper": paper.value,
        "pages": in_digits(len(plan.tiles), language),
        "overlap": in_digits(OVERLAP_MM / 10, language),
    }
    words = [
        words_in(
            Rect(20, 16, room, 14), text("printing.glue_title", language, **said), largest=24, smallest=12, bold=True
        ),
        words_in(Rect(20, 32, room, 62), text(how, language, **said), largest=13, smallest=8, top=True),
        words_in(Rect(20, height - 27, room, 10), text("printing.ruler", language), largest=12, smallest=7),
    ]
    return {
        "paper": paper_mm,
        "margin": PAGE_MARGIN_MM,
        "overlap": OVERLAP_MM,
        "words": words,
        "plan": {"x": 20.0, "y": 98.0, "unit": unit},
        "small": {"unit": 8.0 / paper_height, "w": paper_width},
        "ruler": {"x": 20.0, "y": height - 30.0},
        "pages": [
            {
                "label": tile.label,
                "caption": caption,
                "window": _window(tile.window),
                "first_row": tile.row == 1,
                "first_column": tile.column == 1,
            }
            for tile in plan.tiles
        ],
    }


def _window(place: Rect) -> dict[str, float]:
    return {"x": place.x, "y": place.y, "w": place.width, "h": place.height}


def _pieces(length: float, usable: float, kept: Sequence[Span]) -> list[Span]:
    """Return begin and end of each piece; ends spare what is to be kept whole, and pieces are about equal."""
    greedy, begin = 0, 0.0
    while begin + usable < length:
        begin = _end(begin, begin + usable, kept, begin + usable) - OVERLAP_MM
        greedy += 1
    count, pieces, begin = greedy + 1, [], 0.0
    for left in range(count, 1, -1):
        even = (length - begin + OVERLAP_MM * (left - 1)) / left
        end = _end(begin, begin + usable, kept, begin + even)
        pieces.append((begin, end))
        begin = end - OVERLAP_MM
    if length - begin > usable:  # equal pieces do not work out: as long as can be, then
        return _longest(length, usable, kept)
    return [*pieces, (begin, length)]


def _longest(length: float, usable: float, kept: Sequence[Span]) -> list[Span]:
    pieces, begin = [], 0.0
    while begin + usable < length:
        end = _end(begin, begin + usable, kept, begin + usable)
        pieces.append((begin, end))
        begin = end - OVERLAP_MM
    return [*pieces, (begin, length)]


def _end(begin: float, latest: float, kept: Sequence[Span], wanted: float) -> float:
    """Return the end nearest to the one wanted where neither it nor the beginning of the next piece cuts anything."""
    count = int((latest - begin) * (1 - _SHORTEST) / _STEP_MM)
    ends = [latest - step * _STEP_MM for step in range(count + 1)]
    free = [end for end in ends if not any(_cuts(end, one) or _cuts(end - OVERLAP_MM, one) for one in kept)]
    return min(free or ends, key=lambda end: abs(end - wanted))


def _cuts(seam: float, kept: Span) -> bool:
    return kept[0] - _QUIET_MM < seam < kept[1] + _QUIET_MM
