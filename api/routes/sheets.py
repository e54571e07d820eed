"""Sheets: their pictures, what was found on them, and how they are placed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Body, Header, Path, Query, Request, Response
from fastapi.responses import JSONResponse

from api.errors import problem
from api.rest.bodies import MEDIA_TYPE_GEOJSON, shown
from api.rest.preconditions import is_known, seen_version
from api.rest.texts import StorableText
from api.routes.access import Reader, Store, Who
from api.sheets.bodies import PlacementBody, ReadingBody, RestoreBody, said_method
from geo.domain.drawing import CandidateState
from geo.domain.rights import Actor
from geo.errors import NotFound, Refused
from geo.models import SketchSheet
from geo.placements import ShiftReport
from geo.repositories.candidates import CandidateRepository
from geo.services.records.reading import represent
from geo.services.resources.features import SHEETS
from geo.services.sheet_access import PLACING, event_to_change, sheet_to_read
from geo.services.sheet_candidates import shown_candidates
from geo.services.sheet_placing import (
    SheetGround,
    WantedPlacement,
    ground_of,
    plan_placement,
    plan_return,
    shown_photo,
    store_placement,
)
from geo.services.sheet_replay import Revision
from geo.services.sheet_versions import sheet_versions
from geo.services.sheet_withdrawal import restore_sheet, withdraw_sheet
from geo.services.workspace import Workspace
from geo.snapshots import PlacementSnapshot

__all__ = ["router"]

router = APIRouter(prefix="/api/v1/sheets", tags=["sheets"])

Id = Annotated[UUID, Path()]
IfMatch = Annotated[str | None, Header(alias="If-Match", description="ETag of the sheet that you saw, or *.")]
IfNoneMatch = Annotated[str | None, Header(alias="If-None-Match", description="ETag of the picture that you have.")]
_LONGEST: Final = 2400
_SIZES: Final = (50, 100, 200, 300, 480, 800, 1200, 1600, 2400, 3200, 4096, 8000)
"""Pictures are made in these sizes alone: each is decoded and kept once."""
_PICTURE: dict[int | str, dict[str, Any]] = {304: {"description": "The caller has it already."}}


@router.delete("/{sheet_id}", summary="Withdraw a sheet")
def withdraw(
    *,
    sheet_id: Id,
    store: Store,
    who: Who,
    if_match: IfMatch = None,
    with_features: Annotated[
        bool, Query(description="Whether the objects that were made from it are withdrawn in the same act.")
    ] = False,
    reason: Annotated[StorableText, Query(max_length=2_000, description="Why; kept in the store.")] = "",
) -> JSONResponse:
    """Take a sheet out of sight; it stays in the store, and can be put back."""
    seen = seen_version(if_match)
    with store.write(actor=who.ledger_name) as session:
        gone = withdraw_sheet(session, sheet_id, actor=who, seen=seen, with_features=with_features, reason=reason)
        body = {"id": str(gone.sheet.id), "version": gone.sheet.version, "features": gone.features}
    return JSONResponse(body, headers={"ETag": f'"{body["version"]}"'})


@router.post("/{sheet_id}/restore", summary="Take back that a sheet was withdrawn")
def put_back(sheet_id: Id, store: Store, who: Who, if_match: IfMatch = None) -> JSONResponse:
    """Let a sheet stand again, with the objects that were withdrawn with it; sent again it changes nothing."""
    # That it is withdrawn is what the writer saw; a version need not be named.
    seen = None if if_match is None else seen_version(if_match)
    with store.write(actor=who.ledger_name) as session:
        back = restore_sheet(session, sheet_id, actor=who, seen=seen)
        values = _sheet(session, back.sheet, who)
    headers = {"ETag": f'"{values["properties"]["version"]}"'}
    return JSONResponse({"sheet": values, "features": back.features}, headers=headers)


@router.get(
    "/{sheet_id}/picture",
    response_class=Response,
    summary="The upright picture of a sheet",
    responses={200: {"content": {"image/jpeg": {}}}, **_PICTURE},
)
def read_picture(
    sheet_id: Id,
    store: Store,
    who: Who,
    longest: Annotated[int, Query(ge=50, le=8_000, description="Pixels of the longer side.")] = _LONGEST,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Return the picture in whose pixels the sheet is measured, as a JPEG no larger than asked for."""
    from api.sheets.previews import picture_jpeg  # noqa: PLC0415 -- OpenCV

    with store.read() as session:
        photo = shown_photo(session, sheet_to_read(session, sheet_id, actor=who))
    size = max(one for one in _SIZES if one <= longest)
    etag = f'"{photo.shown_sha256[:32]}-{photo.shown_page or 1}-{size}"'
    return _picture(
        lambda: picture_jpeg(store.pictures, photo, longest=size), "image/jpeg", etag, if_none_match=if_none_match
    )


@router.get(
    "/{sheet_id}/overlay",
    response_class=Response,
    summary="A sheet as it lies on the ground",
    responses={200: {"content": {"image/png": {}}}, **_PICTURE},
)
def read_overlay(sheet_id: Id, store: Store, who: Who, if_none_match: IfNoneMatch = None) -> Response:
    """Return the ink of the sheet as a PNG in Web Mercator, within the ``overlay_bounds`` of the record."""
    with store.read() as session:
        sha256 = sheet_to_read(session, sheet_id, actor=who).overlay_sha256
    if not sha256:
        raise NotFound("sheets.not_placed_yet")
    return _picture(lambda: store.pictures.get(sha256), "image/png", f'"{sha256[:32]}"', if_none_match=if_none_match)


@router.get(
    "/{sheet_id}/candidates",
    summary="What was found on a sheet",
    response_class=Response,
    responses={200: {"content": {MEDIA_TYPE_GEOJSON: {}}}},
)
def read_candidates(
    sheet_id: Id,
    store: Store,
    who: Who,
    state: Annotated[list[CandidateState] | None, Query(description="Only those in one of these states.")] = None,
) -> Response:
    """Return the candidates as GeoJSON whose coordinates are pixels of the sheet's picture, x right, y down."""
    from api.sheets.writing import candidates_as_json  # noqa: PLC0415

    with store.read() as session:
        sheet = sheet_to_read(session, sheet_id, actor=who)
        found = shown_candidates(session, sheet, states=frozenset(state or ()))
    return Response(candidates_as_json(found), media_type=MEDIA_TYPE_GEOJSON)


@router.post("/{sheet_id}/placement-trial", summary="Try how a sheet would lie; nothing is stored")
def try_placement(
    *, sheet_id: Id, body: PlacementBody, request: Request, store: Store, who: Who, language: Reader
) -> JSONResponse:
    """Return what a placement would be worth, and the sheet warped by it; where it cannot be, why not."""
    from api.sheets import trial  # noqa: PLC0415 -- SciPy and OpenCV
    from api.sheets.previews import preview_of  # noqa: PLC0415

    ground = _ground(store, sheet_id, who)
    tried = trial.Tried(body.points(), ground.size, body.wanted, body.smoothing, drawn=ground.drawn, title=ground.title)
    try:
        preview = preview_of(store.pictures, ground.photo)
        return JSONResponse(trial.try_placement(tried, preview, language))
    except NotFound:
        raise
    except Refused as refusal:
        more = {"methods": trial.methods_of(tried, language)}
        return problem(request, 422, refusal.key, more=more, **refusal.params)


@router.put("/{sheet_id}/placement", summary="Place a sheet")
def place_sheet(
    *, sheet_id: Id, body: PlacementBody, store: Store, who: Who, language: Reader, if_match: IfMatch = None
) -> JSONResponse:
    """Store a new version of the placement; the features of the sheet follow it."""
    from api.replaying import solver  # noqa: PLC0415 -- SciPy and OpenCV
    from api.sheets.trial import Tried, check_sheet_points  # noqa: PLC0415

    seen = seen_version(if_match)
    wanted = WantedPlacement(body.points(), body.wanted, body.smoothing, body.reason)
    ground = _ground(store, sheet_id, who, to_change=True)
    check_sheet_points(
        Tried(wanted.control_points, ground.size, wanted.method, wanted.smoothing, drawn=None, title=ground.title)
    )
    # The picture for the map is drawn before the transaction that stores it: nobody else has to wait for it.
    with store.read() as session:
        revision = plan_placement(session, sheet_id, wanted, solver(store.pictures))
    return _stored(store, revision, who=who, seen=seen)


@router.get("/{sheet_id}/placements", summary="The versions of a sheet's placement")
def read_placements(sheet_id: Id, store: Store, who: Who) -> JSONResponse:
    """Return all versions, oldest first, each with its control points."""
    with store.read() as session:
        sheet_to_read(session, sheet_id, actor=who)
        versions = sheet_versions(session, sheet_id)
    return JSONResponse({"items": [_version(one) for one in versions]})


@router.post("/{sheet_id}/placements/{number}/restore", summary="Let an old placement hold again")
def restore(
    *,
    sheet_id: Id,
    number: Annotated[int, Path(ge=1, le=1_000_000)],
    store: Store,
    who: Who,
    body: Annotated[RestoreBody | None, Body()] = None,
    if_match: IfMatch = None,
) -> JSONResponse:
    """Bring back an old version as a new one; the features of the sheet follow it."""
    from api.replaying import solver  # noqa: PLC0415 -- SciPy and OpenCV

    seen = seen_version(if_match)
    _ground(store, sheet_id, who, to_change=True)
    with store.read() as session:
        reason = body.reason if body else ""
        revision = plan_return(session, sheet_id, number, solver(store.pictures), reason=reason)
    return _stored(store, revision, who=who, seen=seen)


@router.post("/{sheet_id}/control-point-readings", summary="Read control points from pasted text")
def read_points(sheet_id: Id, body: ReadingBody, store: Store, who: Who) -> JSONResponse:
    """Return the control points of a QGIS ``.points`` file, a table, JSON or a list of GPS readings; nothing is stored.

    GPS readings have no place on the sheet yet: their ``pixel`` is null.
    """
    from api.sheets.readings import points_in  # noqa: PLC0415 -- SciPy

    with store.read() as session:
        sheet = sheet_to_read(session, sheet_id, actor=who)
        size = (sheet.width_px, sheet.height_px)
    return JSONResponse({"points": points_in(body.text, crs=body.crs, image_size=size)})


def _picture(content: Callable[[], bytes], media_type: str, etag: str, *, if_none_match: str | None) -> Response:
    headers = {
        "ETag": etag,
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, no-cache",
        "Vary": "Authorization, Cookie",
    }
    if is_known(etag, if_none_match):
        return Response(status_code=304, headers=headers)
    return Response(content(), media_type=media_type, headers=headers)


_hulls: dict[UUID, tuple[tuple[int, ...], SheetGround]] = {}
"""What trials of the last sheets were tried on: the hull of ten thousand drawings takes longer than the trial."""
_MOST_HULLS: Final = 32


def _ground(store: Workspace, sheet_id: UUID, who: Actor, *, to_change: bool = False) -> SheetGround:
    with store.read() as session:
        sheet = sheet_to_read(session, sheet_id, actor=who)
        if to_change:
            event_to_change(session, sheet.event_id, actor=who, rights=PLACING)
        stamp = (sheet.version, *CandidateRepository(session).stamp(sheet_id))
        kept = _hulls.get(sheet_id)
        if kept is not None and kept[0] == stamp:
            return kept[1]
        ground = ground_of(session, sheet)
    _hulls[sheet_id] = stamp, ground
    while len(_hulls) > _MOST_HULLS:
        _hulls.pop(next(iter(_hulls)), None)
    return ground


def _stored(store: Workspace, revision: Revision, *, who: Actor, seen: int | None) -> JSONResponse:
    with store.write(actor=who.ledger_name) as session:
        sheet, report = store_placement(session, store.pictures, revision, actor=who, seen=seen)
        values = _sheet(session, sheet, who)
    headers = {"ETag": f'"{values["properties"]["version"]}"'}
    return JSONResponse({"sheet": values, "version": report.after, "shifts": _shifts(report)}, headers=headers)


def _sheet(session: Any, sheet: SketchSheet, who: Actor) -> dict[str, Any]:
    return shown(SHEETS, represent(session, SHEETS, [sheet], actor=who)[0])


def _shifts(report: ShiftReport) -> dict[str, Any]:
    return {
        "moved": report.placed,
        "kept": report.kept,
        "middle_m": None if report.median_m is None else round(report.median_m, 2),
        "largest_m": None if report.largest_m is None else round(report.largest_m, 2),
    }


def _version(one: PlacementSnapshot) -> dict[str, Any]:
    return {
        "number": one.number,
        "is_current": one.is_current,
        "method": said_method(one.method),
        "smoothing": one.smoothing,
        "position_error_m": one.position_error_m,
        "verdict": one.quality.get("verdict"),
        "reason": one.reason,
        "made_by": one.made_by,
        "made_at": one.made_at.isoformat(),
        "restored_from": one.restored_from,
        "photo": one.photo.number,
        "control_points": [point.to_json() for point in one.control_points],
    }
