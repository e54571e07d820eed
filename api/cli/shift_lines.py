"""How far features moved, for people and for scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geo.domain.labels import label
from geo.i18n import Language, text

if TYPE_CHECKING:
    from geo.placements import FeatureShift, ShiftReport

__all__ = ["metres", "name_of", "shift_lines", "shift_values"]


def metres(length: float | None) -> str:
    """Return a length for a sentence: tenths of metres, a question mark where it is not known."""
    return "?" if length is None else f"{length:.1f}"


def name_of(shift: FeatureShift, reader: Language) -> str:
    """Return what a feature is called, with its kind."""
    name, kind = shift.names.best(reader), label(shift.kind, reader)
    return f"{kind}: {name}" if name else kind


def shift_lines(shifts: ShiftReport, reader: Language) -> list[str]:
    """Return the table of a report, what moved most first, and its median and maximum."""
    lines = []
    for shift in sorted(shifts.shifts, key=lambda one: (one.kept, -one.largest_m)):
        whom = {"name": name_of(shift, reader), "id": shift.feature_id}
        if shift.moved_by_hand:
            lines.append(text("versions.kept_by_hand", reader, **whom))
        elif shift.undrawn:
            lines.append(text("versions.kept_undrawn", reader, **whom))
        else:
            far = {"metres": metres(shift.centroid_m), "largest": metres(shift.largest_m)}
            lines.append(text("versions.shift", reader, **far, **whom))
    if shifts.median_m is not None:
        ends = {"median": metres(shifts.median_m), "largest": metres(shifts.largest_m)}
        lines.append(text("versions.summary", reader, **ends))
    return lines


def shift_values(shifts: ShiftReport) -> dict[str, Any]:
    """Return a report for scripts; lengths in metres."""
    return {
        "before": shifts.before,
        "after": shifts.after,
        "placed": shifts.placed,
        "kept": shifts.kept,
        "median_shift_m": _rounded(shifts.median_m),
        "max_shift_m": _rounded(shifts.largest_m),
        "features": [
            {
                "id": str(shift.feature_id),
                "kind": shift.kind.value,
                "name": {"ky": shift.names.ky, "ru": shift.names.ru, "en": shift.names.en},
                "shift_m": _rounded(shift.centroid_m),
                "max_shift_m": _rounded(shift.largest_m),
                "kept": shift.kept,
                "moved_by_hand": shift.moved_by_hand,
            }
            for shift in shifts.shifts
        ],
    }


def _rounded(length: float | None) -> float | None:
    return None if length is None else round(length, 3)
