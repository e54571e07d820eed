"""The page of pictures, made from the sample municipality by one command: ``python -m tests.docs.gallery``.

Every picture comes from the renderers that people use, over the table of `api.rendering`; web pages are photographed in
headless Chromium, papers by their first page. The page is ``docs/pictures.md``, the pictures lie in ``docs/images``.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
from PIL import Image, ImageOps
from playwright.sync_api import Browser, sync_playwright

from api.qgis_files import make_readable
from api.rendering.asked import Asked, Parameters
from api.rendering.kept import Kept, KeptFiles
from api.rendering.kinds import OFFERS, Chart, RenderingFormat, RenderingKind
from api.rendering.making import make
from geo.database.database import Database
from geo.database.schema import upgrade
from geo.domain.events import EventKind
from geo.domain.forms import FormKind
from geo.domain.institutions import Diagram
from geo.domain.labels import label
from geo.domain.rights import LOCAL
from geo.i18n import Language, text
from geo.models import AppraisalEvent, Cycle, InstitutionCircle
from geo.services.whole_sample import store_whole_sample
from geo.services.workspace import Workspace
from geo.snapshots import Audience
from geo.storage import FolderStore
from tests.docs.canvas import IMAGES, fitted, save
from tests.support.programs import find_chromium

__all__ = ["write_gallery"]

PAGE = IMAGES.parent / "pictures.md"
WIDTH = 900
_PAPER_PX = 20
TALLEST = 1100
"""Pixels, of papers that stand upright."""
ACTOR = "gallery"
HEAD = """# Pictures

What comes out, made from the sample municipality. `python -m tests.docs.gallery` makes this page and its pictures
anew; how to make them of your own record is told in [rendering](rendering.md). Names and numbers that the sample
invents say so on the pictures.
"""


@dataclass(frozen=True)
class Piece:
    """A picture of the page."""

    name: str
    heading: str
    asked: Asked


def write_gallery(language: Language = Language.KY) -> Path:
    """Make the pictures and the page; returns the page."""
    lines = [HEAD]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        workspace = _sample(Path(folder))
        files = KeptFiles(Path(folder) / "renderings", 500)
        browser = playwright.chromium.launch(
            executable_path=str(find_chromium()),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
                  "--disable-sync", "--no-first-run"],
        )  # fmt: skip
        for piece in _pieces(workspace, language):
            kept = make(workspace, files, piece.asked, actor=LOCAL, today=date(2015, 6, 1), tell=lambda _p, _s: None)
            pixels = _photographed(browser, files, kept)
            high, wide = pixels.shape[:2]
            save(f"made_{piece.name}.jpg", fitted(pixels, min(WIDTH, TALLEST * wide // high)))
            lines.append(f"## {piece.heading}\n\n![{piece.heading}](images/made_{piece.name}.jpg)\n")
        browser.close()
        workspace.database.dispose()
    PAGE.write_text("\n".join(lines), encoding="utf-8")
    return PAGE


def _sample(folder: Path) -> Workspace:
    store = str(folder / "sample.gpkg")
    upgrade(store)
    workspace = Workspace(Database(store), FolderStore(folder / "pictures"))
    with workspace.write(actor=ACTOR) as session:
        make_readable(session)
    store_whole_sample(workspace, actor=ACTOR)
    return workspace


def _pieces(workspace: Workspace, language: Language) -> Iterator[Piece]:
    with workspace.read() as session:
        years = sorted((one.year, one.municipality_id, one.id) for one in session.query(Cycle))
        year, municipality, cycle = years[-1]
        events = session.query(AppraisalEvent).filter_by(cycle_id=cycle).order_by(AppraisalEvent.held_on).all()
        sessions = [one for one in events if one.kind is EventKind.SESSION]
        first = sessions[0]
        village, event, second = first.settlement_id, first.id, sessions[1].id
        # Women and men made diagrams of their own at one of the sessions alone.
        of_women = session.query(InstitutionCircle.event_id).filter_by(diagram=Diagram.WOMEN)
        pair = next(one.id for one in sessions if one.id in {event_id for (event_id,) in of_women})
        focus = next(one.id for one in events if one.kind is EventKind.FOCUS_GROUP)
    place = {"municipality_id": municipality, "year": year}
    of_village = place | {"settlement_id": village}
    plain: list[tuple[RenderingKind, dict[str, Any]]] = [
        (RenderingKind.SESSION_MAP, {"event_id": event}),
        (RenderingKind.VILLAGE_MAP, of_village),
        (RenderingKind.MUNICIPALITY_MAP, place),
        (RenderingKind.PLAN_MAP, place),
        (RenderingKind.MONITORING_MAP, place),
        (RenderingKind.VENN_MAP, {"event_id": event}),
        (RenderingKind.GROUPS_COMPARED, {"event_id": event, "other_event_id": second}),
        (RenderingKind.YEARS_COMPARED, of_village | {"other_year": years[0][0]}),
        (RenderingKind.VENN, {"event_id": event}),
        (RenderingKind.VENN_PAIR, {"event_id": pair}),
        (RenderingKind.POSTER, of_village),
    ]
    for kind, given in plain:
        yield _piece(kind.value, text(f"rendering.kind.{kind}", language), kind, given, language)
    for chart in Chart:
        given = {"chart": chart} | (of_village | {"event_id": event} if chart is Chart.BREAD else of_village)
        heading = text(f"rendering.chart.{chart}", language)
        yield _piece(f"chart_{chart}", heading, RenderingKind.CHART, given, language)
    for form in FormKind:
        about = {
            FormKind.PARTICIPANT_LIST: {"event_id": event, "blank": True},  # filled, it is for nobody to look at here
            FormKind.SESSION_MINUTES: {"event_id": event},
            FormKind.FOCUS_GROUP_REPORT: {"event_id": focus},
        }.get(form, place if form is FormKind.PLANNING_MEETING_REPORT else of_village)
        yield _piece(f"form_{form}", label(form, language), RenderingKind.FORM, {"form": form} | about, language)


def _piece(name: str, heading: str, kind: RenderingKind, given: dict[str, Any], language: Language) -> Piece:
    offer = OFFERS[kind]
    format = RenderingFormat.PNG if RenderingFormat.PNG in offer.formats else offer.formats[0]
    # Everybody looks at the documentation, so nothing is on it that not everybody may see.
    asked = Asked.of(kind, Parameters(**given), language=language, audience=Audience.PUBLIC, format=format)
    return Piece(name, heading, asked)


def _photographed(browser: Browser, files: KeptFiles, kept: Kept) -> Any:
    path = files.path(kept)
    if kept.format is RenderingFormat.PDF:
        document = pypdfium2.PdfDocument(path)
        try:
            page = document[0]
            return np.asarray(page.render(scale=1.5 * WIDTH / page.get_width()).to_pil().convert("RGB"))
        finally:
            document.close()
    if kept.format is RenderingFormat.PNG:
        return np.asarray(Image.open(path).convert("RGB"))
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    try:
        page.goto(path.as_uri())
        shown = page.locator("svg").first if kept.format is RenderingFormat.SVG else page
        page.wait_for_function("document.readyState === 'complete'")
        page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        picture = Image.open(io.BytesIO(shown.screenshot())).convert("RGB")
        # A drawing ends where its ink ends; on a page of text it wants paper round it.
        return np.asarray(ImageOps.expand(picture, _PAPER_PX, "white") if shown is not page else picture)
    finally:
        page.close()


if __name__ == "__main__":
    print(write_gallery())
