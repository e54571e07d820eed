"""``ayilmap sheet revise``: a sheet is placed otherwise, and its features follow."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from api.cli.by_option import ByOption
from api.cli.method_option import MethodOption
from api.cli.page_option import PageOption
from api.cli.sheet_photo import Wish, revise_by_photo
from api.cli.shift_lines import metres, shift_lines, shift_values
from api.cli.terminal import JsonOption, LanguageOption, language, open_settings, progress, report
from geo.domain.labels import label_text
from geo.errors import Refused
from geo.i18n import Language, text

if TYPE_CHECKING:
    from geo.drafts import PlacementChange
    from geo.services.sheet_replay import Revision
    from geo.services.workspace import Workspace
    from geo.snapshots import AnchorSnapshot

__all__ = ["revise", "tell_revision"]


def revise(
    sheet_id: Annotated[UUID, typer.Argument(help="Id of the sheet; see “ayilmap sheet list”.", metavar="ID")],
    *,
    points: Annotated[
        Path | None,
        typer.Option(
            "--points",
            help="All control points, in pixels of the sheet's first photo, or of --photo: .points, CSV, JSON.",
        ),
    ] = None,
    photo: Annotated[Path | None, typer.Option("--photo", help="A new photo of the same sheet.")] = None,
    page: PageOption = None,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Take a new photo that is only probably of this sheet; recorded.")
    ] = False,
    method: Annotated[MethodOption | None, typer.Option("--method", help="Transform; auto chooses anew.")] = None,
    anchors: Annotated[
        Path | None,
        typer.Option("--anchors", help="GeoJSON: all real lines and areas, with the “candidate” drawn for each."),
    ] = None,
    without_anchors: Annotated[
        bool, typer.Option("--without-anchors", help="Let go of the anchors that the sheet has.")
    ] = False,
    crs: Annotated[str | None, typer.Option("--crs", help="System of the map coordinates, such as EPSG:32643.")] = None,
    smoothing: Annotated[float | None, typer.Option("--smoothing", min=0.0, help="Of the thin plate spline.")] = None,
    reason: Annotated[str, typer.Option("--reason", help="Why, for those who look at the versions later.")] = "",
    seen: Annotated[int | None, typer.Option("--seen", help="Refuse if this version no longer holds.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would move.")] = False,
    by: ByOption = "",
    as_json: JsonOption = False,
    lang: LanguageOption = None,
) -> None:
    """Change how a sheet is placed: a new version, every feature placed anew, its shift in metres.

    What a person moved by hand stays where it is. A placement that would fold or mirror the sheet is refused.

    Example: ayilmap sheet revise 01a20004-b16b-71b2-bc71-6bcda59b6452 --points map.points --method auto --dry-run
    """
    from api.replaying import solver
    from geo.services.sheet_replay import plan_revision, store_revision

    reader = language(lang)
    workspace = open_settings().workspace
    actor = by.strip() or "ayilmap sheet revise"
    if anchors is not None and without_anchors:
        raise Refused("versions.anchors_both")
    if anchors is None and not without_anchors and {points, method, smoothing, photo} == {None}:
        raise Refused("versions.nothing_asked")
    held = () if without_anchors else _anchors(workspace, sheet_id, anchors)
    if photo is not None:
        wish = Wish(points=points, method=method, crs=crs, smoothing=smoothing, reason=reason, seen=seen, anchors=held)
        with progress(text("versions.step_read", reader), total=4) as begin:
            plan, more, lines = revise_by_photo(
                workspace, sheet_id, photo, wish, page=page, anyway=anyway, dry_run=dry_run, actor=actor,
                begin=lambda step: begin(text(step, reader)),
            )  # fmt: skip
        tell_revision(
            plan, reader, stored=not dry_run, as_json=as_json, more=more, first=[line(reader) for line in lines]
        )
        return
    change = _change(workspace, sheet_id, points, method, crs=crs, smoothing=smoothing, reason=reason)
    change = replace(change, anchors=held)
    with progress(text("versions.step_solve", reader), total=2) as begin:
        with workspace.read() as session:
            # The picture is drawn before the transaction that stores it: nobody else has to wait for it.
            plan = plan_revision(session, sheet_id, change, solver(workspace.pictures), seen=seen, draw=not dry_run)
        if not dry_run:
            begin(text("versions.step_store", reader))
            with workspace.write(actor=actor) as session:
                store_revision(session, workspace.pictures, plan)
    tell_revision(plan, reader, stored=not dry_run, as_json=as_json)


def tell_revision(
    plan: Revision,
    reader: Language,
    *,
    stored: bool,
    as_json: bool,
    more: Mapping[str, Any] | None = None,
    first: Sequence[str] = (),
) -> None:
    """Report a new version, or what it would be."""
    from api.replaying import SolvedSheet

    warnings = []
    if isinstance(plan.solved, SolvedSheet):
        warnings = [warning(reader) for warning in plan.solved.placement.warnings]
    sys.stderr.writelines(line + "\n" for line in warnings)
    said = {
        "method": label_text(plan.solved.method),
        "error": metres(plan.solved.position_error_m),
        "placed": plan.report.placed,
        "kept": plan.report.kept,
    }
    if stored:
        head = text("versions.revised", reader, after=plan.report.after, **said)
    else:
        head = text("versions.would_revise", reader, **said)
    values = {
        "sheet": str(plan.sheet_id),
        "stored": stored,
        "number": plan.report.after,
        "method": plan.solved.method.value,
        "position_error_m": plan.solved.position_error_m,
        "restored_from": plan.restored_from,
        "warnings": warnings,
        **(more or {}),
        **shift_values(plan.report),
    }
    report(values, as_json=as_json, lines=[*first, head, *shift_lines(plan.report, reader)])


def _anchors(workspace: Workspace, sheet_id: UUID, path: Path | None) -> tuple[AnchorSnapshot, ...] | None:
    """Return the anchors of a file; None where there is none, and those of the sheet stay."""
    from geo.services.sheet_versions import candidate_ordinals
    from geo.snapshots import AnchorSnapshot
    from sketch_import.candidate import candidate_id
    from sketch_import.neighbourhood import read_real_shapes

    if path is None:
        return None
    with workspace.read() as session:
        ordinals = {candidate_id(ordinal): ordinal for ordinal in candidate_ordinals(session, sheet_id)}
    shapes = read_real_shapes(path, ordinals.keys())
    return tuple(AnchorSnapshot(ordinals[one.candidate], one.geometry) for one in shapes)


def _change(
    workspace: Workspace,
    sheet_id: UUID,
    points: Path | None,
    method: MethodOption | None,
    *,
    crs: str | None,
    smoothing: float | None,
    reason: str,
) -> PlacementChange:
    from api.carried_points import carried_points
    from geo.drafts import PlacementChange
    from geo.services.sheet_versions import first_photo, sheet_versions

    given = None
    if points is not None:
        with workspace.read() as session:
            size = first_photo(session, sheet_id).size
            known = sheet_versions(session, sheet_id)
        given = carried_points(points, known, crs=crs, method=method.method if method else None, image_size=size)
    return PlacementChange(
        control_points=given,
        method=method.method if method else None,
        choose_method=method is MethodOption.AUTO,
        smoothing=smoothing,
        reason=reason,
    )
