"""How each kind of long work is done.

A kind tells how far it is through ``tell(part, step)``, which also is where it can be stopped, and takes effect in one
transaction at its end (`geo.services.jobs.finish`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType
from typing import Final
from uuid import UUID

from api.jobs.uploads import kept_file
from geo.domain.jobs import JobKind
from geo.domain.vocabulary import Kind
from geo.i18n import Language
from geo.services.imports import import_features
from geo.services.jobs import Claim, finish
from geo.services.sheets import store_sheet
from geo.services.workspace import Workspace

__all__ = ["KINDS", "Tell"]

Tell = Callable[[float, str], None]
"""Tell that a part, 0 to 1, is done, and the message key of what comes next; raises `Cancelled`."""
Work = Callable[[Workspace, Path, Claim, Tell], None]
"""Store, folder of what was uploaded, the job, and how to tell of it."""


def _import_file(workspace: Workspace, uploads: Path, held: Claim, tell: Tell) -> None:
    # What a kind needs is brought in where it is needed: GDAL, SciPy and OpenCV would make the service slow to start.
    from geo.exchange.vector_file import read_vector_file  # noqa: PLC0415

    given = held.parameters
    tell(0.05, "job.step.reading")
    kind = Kind(given["kind"]) if given.get("kind") else None
    features = read_vector_file(kept_file(uploads, given["upload"]), kind=kind, layer=given.get("layer"))
    tell(0.5, "job.step.storing")
    with finish(workspace, held) as (session, result):
        result["features"] = import_features(session, UUID(given["event_id"]), features, origin=given["name"])


def _read_sheet(workspace: Workspace, uploads: Path, held: Claim, tell: Tell) -> None:
    from api.printed_sheets import draft_printed, read_printed  # noqa: PLC0415

    given = held.parameters
    photo = kept_file(uploads, given["upload"])
    steps = iter((0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.55, 0.6))
    read = read_printed([photo], begin=lambda step: tell(next(steps, 0.65), step))
    drafted = draft_printed(read, (), title=given["title"], images=[photo.read_bytes()])
    tell(0.9, "job.step.storing")
    with finish(workspace, held) as (session, result):
        result["sheet_id"] = str(store_sheet(session, workspace.pictures, UUID(given["event_id"]), drafted.sheet))
        result["candidates"] = len(drafted.sheet.candidates)
        result["warnings"] = [warning.key for warning in drafted.warnings]


def _take_photo(workspace: Workspace, uploads: Path, held: Claim, tell: Tell) -> None:
    from api.sheets.taking import take_photo  # noqa: PLC0415
    from geo.drafts import NewSheet  # noqa: PLC0415
    from geo.services.unplaced_sheets import store_unplaced_sheet  # noqa: PLC0415

    given = held.parameters
    photo, language = kept_file(uploads, given["upload"]), Language(given.get("language", Language.KY))
    steps = iter((0.02, 0.1, 0.2, 0.4, 0.5, 0.6, 0.7))
    taken = take_photo(
        photo, title=given["title"], page=given.get("page"), begin=lambda step: tell(next(steps, 0.75), step)
    )
    tell(0.9, "job.step.storing")
    event_id = UUID(given["event_id"])
    with finish(workspace, held) as (session, result):
        if isinstance(taken.sheet, NewSheet):
            sheet_id = store_sheet(session, workspace.pictures, event_id, taken.sheet)
        else:
            sheet_id = store_unplaced_sheet(session, workspace.pictures, event_id, taken.sheet)
        result["sheet_id"] = str(sheet_id)
        result["is_placed"] = taken.is_placed
        result["verdict"] = taken.verdict.value
        result["candidates"] = len(taken.sheet.candidates)
        result["warnings"] = [warning.key for warning in taken.warnings]
        result["advice"] = [warning(language) for warning in taken.warnings]


def _propose_matches(workspace: Workspace, _uploads: Path, held: Claim, tell: Tell) -> None:
    from geo.services.match_proposals import propose  # noqa: PLC0415

    tell(0.1, "job.step.comparing")
    with finish(workspace, held) as (session, result):
        proposals = propose(session, UUID(held.parameters["settlement_id"]))
        result.update(asdict(proposals))


def _render(workspace: Workspace, uploads: Path, held: Claim, tell: Tell) -> None:
    from api.rendering.job import render  # noqa: PLC0415

    rendered = render(workspace, uploads, held.parameters, tell)
    with finish(workspace, held) as (_session, result):
        result.update(rendered)


KINDS: Final[Mapping[JobKind, Work]] = MappingProxyType(
    {
        JobKind.IMPORT_FILE: _import_file,
        JobKind.READ_SHEET: _read_sheet,
        JobKind.TAKE_PHOTO: _take_photo,
        JobKind.PROPOSE_MATCHES: _propose_matches,
        JobKind.RENDER: _render,
    }
)
