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


class _RehearsedError(Exception):
    """Ends a transaction that was only to show what it would do."""


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
    import shapely

    from api.digitising import new_control_point
    from api.rephotographing import read_rephotograph
    from api.replaying import solver
    from geo.drafts import PlacementChange
    from geo.services.sheet_photos import add_photograph, homography_to_first
    from geo.services.sheet_replay import plan_revision, store_revision
    from geo.services.sheet_versions import sheet_version
    from geo.spatial.homography import carried
    from sketch_import.control_points import read_control_points

    with workspace.read() as session:
        known = sheet_version(session, sheet_id).photo
    found = read_rephotograph(photo, known, workspace.pictures, page=page, anyway=anyway, begin=begin)
    method = wish.method.method if wish.method else None
    points = None
    if wish.points is not None:
        read = read_control_points(wish.points, crs=wish.crs, method=method, image_size=found.photo.size)
        points = tuple(new_control_point(point) for point in read)
    begin("versions.step_solve")
    try:
        with workspace.write(actor=actor) as session:
            if points is not None:
                matrix = homography_to_first(session, sheet_id, found.photo)
                moved = [shapely.get_coordinates(carried(shapely.Point(one.pixel), matrix))[0] for one in points]
                points = tuple(
                    replace(one, pixel=(float(x), float(y))) for one, (x, y) in zip(points, moved, strict=True)
                )
            added = add_photograph(session, workspace.pictures, sheet_id, found.photo, found.candidates)
            change = PlacementChange(
                control_points=points,
                method=method,
                choose_method=wish.method is MethodOption.AUTO,
                smoothing=wish.smoothing,
                photo=added.number,
                reason=wish.reason,
            )
            plan = plan_revision(session, sheet_id, change, solver(workspace.pictures), seen=wish.seen)
            if dry_run:
                raise _RehearsedError
            begin("versions.step_store")
            store_revision(session, workspace.pictures, plan)
    except _RehearsedError:
        pass
    numbers = {"number": added.number, "inliers": found.registration.inliers, "candidates": added.candidates}
    values = {"photo": {**numbers, **found.photo.quality}}
    lines = [Text("versions.photo_added", numbers)]
    return plan, values, lines if found.doubt is None else [found.doubt, *lines]
