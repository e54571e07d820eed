"""The part of ``ayilmap sheet revise`` that takes in a new photo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from api.cli.method_option import MethodOption
from geo.i18n import Text

if TYPE_CHECKING:
    from geo.services.sheet_replay import Revision
    from geo.services.workspace import Workspace
    from geo.snapshots import AnchorSnapshot

__all__ = ["Wish", "revise_by_photo"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What else is to change together with the photo; None leaves a thing as it is."""

    points: Path | None
    method: MethodOption | None
    crs: str | None
    smoothing: float | None
    reason: str
    seen: int | None
    anchors: tuple[AnchorSnapshot, ...] | None


def revise_by_photo(
    workspace: Workspace,
    sheet_id: UUID,
    photo: Path,
    wish: Wish,
    *,
    page: int | None,
    anyway: bool,
    dry_run: bool,
    actor: str,
    begin: Callable[[str], None],
) -> tuple[Revision, dict[str, Any], list[Text]]:
    """Store a new photo of a sheet, what is new on it as proposals, and the version that shows it.

    Returns
    -------
    tuple
        The version, values for scripts, and lines for people.
    """
    import numpy as np

    from api.digitising import new_control_point
    from api.rephotographing import read_rephotograph
    from api.replaying import solver
    from geo.drafts import PlacementChange
    from geo.services.sheet_photos import plan_photograph, store_photograph
    from geo.services.sheet_replay import plan_revision, store_revision
    from geo.services.sheet_versions import printed_sheet, sheet_version
    from sketch_import.control_points import read_control_points

    with workspace.read() as session:
        known, printed = sheet_version(session, sheet_id).photo, printed_sheet(session, sheet_id)
    found = read_rephotograph(
        photo, known, workspace.pictures, printed=printed, page=page, anyway=anyway, begin=begin
    )  # fmt: skip
    method = wish.method.method if wish.method else None
    read = None
    if wish.points is not None:
        read = read_control_points(wish.points, crs=wish.crs, method=method, image_size=found.size)
    begin("versions.step_solve")
    with workspace.read() as session:
        planned = plan_photograph(session, sheet_id, found.photo, found.candidates)
        points = None
        if read is not None:
            moved = planned.to_sheet(found.to_shown(np.array([one.pixel for one in read])))
            points = tuple(
                replace(new_control_point(one), pixel=(float(x), float(y)))
                for one, (x, y) in zip(read, moved.tolist(), strict=True)
            )
        change = PlacementChange(
            control_points=points,
            method=method,
            choose_method=wish.method is MethodOption.AUTO,
            smoothing=wish.smoothing,
            reason=wish.reason,
            anchors=wish.anchors,
        )
        solve = solver(workspace.pictures, pending=planned.pictures)
        plan = plan_revision(
            session, sheet_id, change, solve, photograph=planned, seen=wish.seen, draw=not dry_run
        )  # fmt: skip
    if not dry_run:
        begin("versions.step_store")
        with workspace.write(actor=actor) as session:
            store_photograph(session, workspace.pictures, planned)
            store_revision(session, workspace.pictures, plan)
    numbers = {"number": planned.photo.number, "candidates": len(planned.candidates)}
    if found.marks:
        line = Text("versions.photo_added_by_marks", {**numbers, "marks": found.marks})
    else:
        line = Text("versions.photo_added", {**numbers, "inliers": found.registration.inliers})
    values = {"photo": {**numbers, "inliers": found.registration.inliers, **found.photo.quality}}
    return plan, values, [line] if found.doubt is None else [found.doubt, line]
