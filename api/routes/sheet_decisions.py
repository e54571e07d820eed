"""What people decide about the drawings of a sheet: accepted, rejected, joined, cut, drawn, changed, and taken back."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Path, Response
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse

from api.rest.bodies import shown
from api.rest.preconditions import seen_version
from api.routes.access import Reader, Store, Who
from api.sheets.bodies import DecisionsBody, LegendBody, LegendRead
from geo.services.deciding.desk import decide
from geo.services.records.reading import represent
from geo.services.resources.features import MAP_FEATURES
from geo.services.sheet_access import sheet_to_read
from geo.services.sheet_candidates import shown_candidates
from geo.services.sheet_legend import KeptLegend, LegendEntry, read_legend, store_legend

__all__ = ["router"]

router = APIRouter(prefix="/api/v1/sheets", tags=["sheets"])

Id = Annotated[UUID, Path()]
IfMatch = Annotated[str | None, Header(alias="If-Match", description="ETag of the legend that you saw, or *.")]


@router.post("/{sheet_id}/candidate-decisions", summary="Decide about drawings of a sheet, all or none")
def decide_candidates(sheet_id: Id, body: DecisionsBody, store: Store, who: Who, language: Reader) -> JSONResponse:
    """Carry out decisions; ``undo`` handed in as it comes takes them back."""
    from api.replaying import solver  # noqa: PLC0415 -- SciPy and OpenCV
    from api.sheets.drawing import Hand  # noqa: PLC0415
    from api.sheets.writing import candidate_as_feature  # noqa: PLC0415

    with store.write(actor=who.ledger_name) as session:
        decided = decide(session, sheet_id, body.decisions, actor=who, solve=solver(store.pictures), hand=Hand())
        candidates = shown_candidates(session, decided.sheet, ordinals=decided.candidates)
        features = represent(session, MAP_FEATURES, list(decided.features.values()), actor=who)
    return JSONResponse(
        {
            "candidates": [candidate_as_feature(one) for one in candidates],
            "features": [shown(MAP_FEATURES, one) for one in features],
            "withdrawn": [str(one) for one in decided.withdrawn],
            "undo": {"decisions": jsonable_encoder(decided.undo)},
            "warnings": list(dict.fromkeys(warning(language) for warning in decided.warnings)),
        }
    )


@router.get("/{sheet_id}/legend", summary="What inks and strokes mean on the sheets of an event")
def read_sheet_legend(sheet_id: Id, store: Store, who: Who, response: Response) -> LegendRead:
    """Return the legend of the sheet's event, or as a proposal the newest one of another event of the village."""
    with store.read() as session:
        sheet = sheet_to_read(session, sheet_id, actor=who)
        return _legend(read_legend(session, sheet.event_id), response)


@router.put("/{sheet_id}/legend", summary="Say what inks and strokes mean on the sheets of an event")
def write_sheet_legend(
    *, sheet_id: Id, body: LegendBody, store: Store, who: Who, response: Response, if_match: IfMatch = None
) -> LegendRead:
    """Keep the legend for all sheets of the event; it replaces what was said before."""
    seen = seen_version(if_match)
    entries = [LegendEntry(one.ink, one.pattern, one.shape, one.kind) for one in body.entries]
    with store.write(actor=who.ledger_name) as session:
        return _legend(store_legend(session, sheet_id, entries, actor=who, seen=seen), response)


def _legend(legend: KeptLegend, response: Response) -> LegendRead:
    response.headers["ETag"] = f'"{legend.version}"'
    return LegendRead.model_validate(legend)
