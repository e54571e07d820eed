"""A poster for the notice board: map, priorities, plan and its state, as PDF."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from geo.errors import Refused
from geo.i18n import Language, Text, text
from geo.sheet_layout import Orientation, PaperSize, Rect
from geo.snapshots import Audience, CycleSnapshot
from maps.posters.composing import compose
from maps.posters.contents import PosterContents, poster_contents
from maps.posters.edges import (
    draw_credits,
    draw_heading,
    draw_notes,
    draw_scaling,
    scaling_place,
)
from maps.posters.ground_map import draw_map
from maps.posters.lists import draw_plan, draw_priorities
from maps.posters.notes import PosterNotes
from maps.posters.pins import wanted_pins
from maps.posters.scene import scene_of
from maps.posters.sizes import PAPERS, sizes_of
from maps.print.base_file import read_base
from maps.print.base_map import BaseMap
from maps.print.canvas import FAINT, Canvas
from maps.print.ground import MapWindow
from maps.print.tiling import cut_into_pages, tiled_pages
from maps.print.typesetting import typeset
from maps.style import PALETTE, Role
from maps.vector import Drawing, Look, Outline, to_svg

__all__ = ["Poster", "draw_poster", "render_poster"]

_TEMPLATE = Path(__file__).parent / "templates" / "poster.typ"
_PAPER = "#FFFFFF"


@dataclass(frozen=True, slots=True)
class Poster:
    """A poster, drawn but not yet set."""

    drawing: Drawing
    """Everything but the picture of a base map; millimetres."""
    paper: PaperSize
    window: MapWindow
    """The frame of the map, and its ground."""
    base: BaseMap | None
    whole: tuple[Rect, ...]
    """What must not be cut where the poster is cut over pages."""
    warnings: tuple[Text, ...]
    """What is to be said of the base map, and of priorities that lie outside the map."""


def render_poster(
    cycle: CycleSnapshot,
    language: Language,
    *,
    settlement_id: UUID | None = None,
    paper: PaperSize | str = PaperSize.A1,
    orientation: Orientation | None = None,
    tiled_a4: bool = False,
    base: Path | None = None,
    notes: PosterNotes | None = None,
) -> bytes:
    """Draw a poster and set it as PDF.

    Parameters
    ----------
    cycle
        As everybody may see it: a poster is a public paper.
    language
        Of the poster.
    settlement_id
        The village; None for the municipality.
    paper
        A0 to A3.
    orientation
        How the paper hangs; None: whichever way shows the village larger.
    tiled_a4
        Over A4 pages to be glued, after one that says how.
    base
        A base map under the objects; see `maps.print.base_file.read_base`.
    notes
        Where to complain or add something; what is not told becomes a line to fill in by hand.

    Returns
    -------
    bytes
        A PDF of one page of exactly the paper's size, or of A4 pages.

    Raises
    ------
    Refused
        ``posters.not_public``, ``posters.paper``, or the base map cannot be used (``printing.base_…``).
    NotFound
        ``posters.no_settlement``.
    Failed
        ``print.…``: a typeface is missing; the message names the package.
    """
    poster = draw_poster(
        cycle, language, settlement_id=settlement_id, paper=paper, orientation=orientation, base=base, notes=notes
    )
    return set_poster(poster, tiled_a4=tiled_a4)


def draw_poster(
    cycle: CycleSnapshot,
    language: Language,
    *,
    settlement_id: UUID | None = None,
    paper: PaperSize | str = PaperSize.A1,
    orientation: Orientation | None = None,
    base: Path | None = None,
    notes: PosterNotes | None = None,
) -> Poster:
    """Draw a poster without setting it; see `render_poster`."""
    if cycle.audience is not Audience.PUBLIC:
        raise Refused("posters.not_public")
    size, said = _paper(paper), notes or PosterNotes()
    sizes = sizes_of(size)
    contents = poster_contents(cycle, language, settlement_id=settlement_id)
    scene = scene_of(cycle, contents.places, language, settlement_id=settlement_id)
    laid = compose(contents, scene, language, paper=size, orientation=orientation, notes=said)
    places, window = laid.places, laid.window
    canvas = Canvas()
    draw_heading(canvas, laid.heading, contents, sizes)
    draw_priorities(canvas, places.priorities, contents, sizes)
    draw_plan(canvas, places.plan, contents, sizes)
    draw_notes(canvas, places.notes, said, language, sizes)
    under = read_base(base, window, language) if base is not None else None
    under_map = Canvas()
    corner = scaling_place(places.map, window, language, sizes)
    done = draw_map(
        under_map,
        scene,
        window,
        sizes,
        pins=wanted_pins(laid.problems, laid.activities),
        base=under,
        taken=[corner],
    )
    draw_scaling(under_map, corner, window, language, sizes)
    if not scene.shown and not scene.villages:
        middle = places.map.middle
        under_map.centred((middle[0], middle[1]), text("posters.empty_map", language), sizes.body, colour=FAINT)
    edge = Look(stroke=PALETTE[Role.STONE].light, width=0.5 * sizes.unit)
    under_map.box(places.map, edge, role="frame")
    laid.key.draw(under_map, *places.key, has_boundary=done.has_boundary)
    draw_credits(canvas, places.credits, _credits(contents, window.scale), sizes)
    warnings: list[Text] = list(under.warnings) if under else []
    if done.outside:
        warnings.append(Text("posters.outside", {"marks": ", ".join(done.outside)}))
    drawing = Drawing(
        width=laid.paper_mm[0],
        height=laid.paper_mm[1],
        items=(*under_map.items, *canvas.items),
        language=language,
        title=f"{contents.title}. {contents.subtitle}",
        paper="",
    )
    return Poster(drawing, size, window, under, _whole(drawing), tuple(warnings))


def set_poster(poster: Poster, *, tiled_a4: bool = False) -> bytes:
    """Set a poster as PDF, on one page or over A4 pages."""
    drawing, language = poster.drawing, poster.drawing.language
    paper_mm, frame = (drawing.width, drawing.height), poster.window.frame
    data: dict[str, Any] = {
        "title": drawing.title,
        "language": language.value,
        "page": paper_mm,
        "frame": {"x": frame.x, "y": frame.y, "w": frame.width, "h": frame.height},
        "base": "base.jpg" if poster.base and poster.base.picture else None,
        "words": [
            {"x": one.x, "y": one.y, "text": one.text, "size": one.size, "bold": one.bold, "colour": one.colour}
            | {"anchor": one.anchor.value}
            for one in drawing.words()
        ],
        "tiles": None,
    }
    if tiled_a4:
        plan = cut_into_pages(paper_mm, poster.whole)
        pages = tiled_pages(
            plan, paper_mm, paper=poster.paper, caption=drawing.title[:90], language=language, how="posters.glue"
        )
        data |= {"page": plan.page_mm, "tiles": pages}
    pictures = {"shapes.svg": to_svg(drawing, with_words=False).encode()}
    if poster.base and poster.base.picture:
        pictures["base.jpg"] = poster.base.picture
    return typeset(_TEMPLATE, data, pictures=pictures)


def _paper(paper: PaperSize | str) -> PaperSize:
    if str(paper) not in PAPERS:
        raise Refused("posters.paper", paper=str(paper)[:20], papers=", ".join(PAPERS))
    return PaperSize(paper)


def _credits(contents: PosterContents, scale: int) -> str:
    made = text("posters.made", contents.language, scale=f"{scale:,}".replace(",", "\u00a0"))
    return " · ".join((made, *contents.credits))


def _whole(drawing: Drawing) -> tuple[Rect, ...]:
    """Return the QR code, which is of no use in two pieces that lie a hair apart."""
    return tuple(_bounds(one.path) for one in drawing.items if isinstance(one, Outline) and one.role == "code paper")


def _bounds(path: str) -> Rect:
    numbers = [float(part) for part in path.replace("M", " ").replace("L", " ").replace("Z", " ").split()]
    xs, ys = numbers[::2], numbers[1::2]
    return Rect(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))
