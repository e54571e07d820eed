"""A sheet being digitised: what was traced lies over the photo, and people say what it is (DOMAIN.md section 3)."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, PlainTextResponse
from markupsafe import Markup

from api.workbench.drawing_questions import questions
from api.workbench.frame import AtPlace, Room
from geo.domain.labels import label
from geo.domain.names import search_keys
from geo.domain.rights import Action, Subject
from geo.domain.vocabulary import Kind, layer_of
from geo.errors import NotFound
from geo.i18n import LANGUAGES, Language
from geo.services.records.reading import read_record
from geo.services.records.registry import RESOURCES
from maps.style.features import style_of
from maps.style.palette import PALETTE, Role
from maps.style.symbols import symbol_markup
from sketch_import.labelling import Form, form_of

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_FOLDING: Final = Path(__file__).parents[2] / "maps" / "web" / "map_folding.js"
_ANSWER_WORDS: Final = ("condition.", "supply.", "user.", "attribute.")
_SHAPES: Final = {
    Form.LINE: "line",
    Form.AREA: "polygon",
    Form.BUILDING: "polygon",
    Form.MARK: "point",
    Form.SPAN: "line",
    Form.ANY: "point",
}
"""As which shape a kind is traced most often."""
_USUAL: Final[dict[str, tuple[Kind, ...]]] = {
    "line": (
        *(Kind.MAIN_ROAD, Kind.SECONDARY_ROAD, Kind.RIVER, Kind.CANAL, Kind.BRIDGE, Kind.PROBLEM, Kind.DESIRED),
        *(Kind.POWER_LINE, Kind.WATER_PIPE, Kind.IRRIGATION_WATER),
    ),
    "polygon": (
        *(Kind.HOUSE, Kind.ARABLE, Kind.SCHOOL, Kind.PROBLEM, Kind.DESIRED, Kind.PASTURE_NEAR, Kind.SHOP, Kind.CLUB),
        *(Kind.CEMETERY, Kind.FOREST, Kind.MOSQUE, Kind.FIRST_AID_POST, Kind.MUNICIPAL_OFFICE, Kind.KINDERGARTEN),
        *(Kind.BRIDGE, Kind.YOUTH_GROUP, Kind.WELL, Kind.BUILDING, Kind.LIBRARY, Kind.MARKET, Kind.RESERVOIR),
    ),
    "point": (
        *(Kind.WELL, Kind.STREET_LIGHTING, Kind.PROBLEM, Kind.STANDPIPE, Kind.DESIRED, Kind.HOUSE, Kind.SPRING),
        *(Kind.BUS_STOP, Kind.TRANSFORMER, Kind.SLUICE, Kind.SHOP, Kind.SCHOOL, Kind.MOSQUE, Kind.FIRST_AID_POST),
    ),
}
"""What is drawn most on maps of villages, so that the first keys are theirs before a sheet has taught its own."""


@router.get("/work/{settlement_id}/{year}/sheets/{sheet_id}/draw", response_class=HTMLResponse)
def draw(frame: AtPlace, sheet_id: UUID) -> HTMLResponse:
    """Show a sheet with its candidates."""
    assert frame.place is not None
    with frame.store.read() as session:
        sheet = read_record(session, RESOURCES["sheets"], sheet_id, actor=frame.actor)
        event = read_record(session, RESOURCES["events"], UUID(sheet["event_id"]), actor=frame.actor)
    if event["settlement_id"] != str(frame.place.settlement_id):
        raise NotFound("taking.unknown_sheet")
    title = sheet["title"] or frame.say("draw.sheet")
    kinds = _kinds(frame.language)
    return frame.show(
        "work/draw.html",
        room=Room.MAP,
        title=title,
        scripts=["draw"],
        styles=["draw", "draw_panel"],
        words=(
            "draw.",
            "ink.",
            "pattern.",
            "candidate_kind.",
            "layer.",
            "condition.",
            "supply.",
            "user.",
            "attribute.",
        ),
        data={
            "sheet": {
                **{name: sheet[name] for name in ("id", "width_px", "height_px", "overlay_bounds")},
                "is_placed": sheet["method"] is not None,
            },
            "account": {"id": frame.actor.account_id, "name": frame.actor.name},
            "colours": _colours(),
            "kinds": kinds,
            "questions": questions(),
            "may": frame.may(Action.CHANGE, Subject.FEATURES),
        },
        sheet_title=title,
        is_placed=sheet["method"] is not None,
        symbols=_symbols(),
        place_address=frame.address(f"sheets/{sheet_id}/place"),
        sheets_address=frame.address(Room.MAP),
    )


@router.get("/work/folding.js")
def folding() -> PlainTextResponse:
    """Answer the spelling of the web maps' search as a module, so that the pages fold names the same way."""
    return PlainTextResponse(_folding(), media_type="text/javascript", headers={"Cache-Control": "private, no-cache"})


@cache
def _folding() -> str:
    named = re.sub(r"\(window\.ayilmap\);\s*$", "(folding);", _FOLDING.read_text("utf-8"))
    return f"const folding = {{}};\n{named}\nexport const {{ fold, latinKey }} = folding;\n"


@cache
def _kinds(language: Language) -> list[dict[str, Any]]:
    """Return the kinds in the order of the vocabulary, and for each shape their usual place among its first keys."""
    return [
        {
            "code": kind.value,
            "layer": layer_of(kind).value,
            "label": label(kind, language),
            "tone": style_of(kind).tone.light,
            "dark": style_of(kind).tone.dark,
            "shape": _SHAPES[form_of(kind)],
            "usual": {shape: order.index(kind) for shape, order in _USUAL.items() if kind in order},
            # Whatever the language of the page: people type the word that they say.
            "keys": sorted({key for one in LANGUAGES for key in search_keys(label(kind, one))}),
        }
        for kind in Kind
    ]


@cache
def _colours() -> dict[str, str]:
    """Return the colours of what lies over a photo: of the light page, for paper is light on a dark screen, too."""
    return {
        "open": PALETTE[Role.LAKE].light,
        "picked": PALETTE[Role.FELT].light,
        "like": PALETTE[Role.APRICOT].light,
        "rejected": PALETTE[Role.STONE].light,
        "words": PALETTE[Role.FAINT_INK].light,
        "paper": PALETTE[Role.CARD].light,
    }


@cache
def _symbols() -> Markup:
    """Return the symbols of all kinds, to be used by ``<use href="#kind-…">``."""
    each = "".join(
        f'<symbol id="kind-{kind.value}" viewBox="0 0 24 24">{symbol_markup(kind)}</symbol>' for kind in Kind
    )
    return Markup(each)
