"""Objects that several groups drew, for people and for scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geo.domain.labels import label
from geo.domain.match_status import CanonicalRule, MatchStatus
from geo.i18n import Language, text

if TYPE_CHECKING:
    from geo.domain.vocabulary import Kind
    from geo.matches import DrawingSnapshot, MatchSnapshot
    from geo.snapshots import Names

__all__ = ["drawing_name", "drawing_values", "group_name", "match_lines", "match_values", "object_name"]


def object_name(kind: Kind, names: Names, reader: Language) -> str:
    """Return what an object is called, with its kind."""
    name = names.best(reader)
    return f"{label(kind, reader)}: {name}" if name else label(kind, reader)


def group_name(drawing: DrawingSnapshot, reader: Language) -> str:
    """Return who drew, and when."""
    return f"{drawing.group.label(reader)}, {drawing.held_on}"


def drawing_name(drawing: DrawingSnapshot, reader: Language) -> str:
    """Return what a group called an object; that it was deleted, where it was."""
    if drawing.kind is None:
        return text("match.drawing_gone", reader)
    name = object_name(drawing.kind, drawing.names, reader)
    return name if drawing.condition is None else f"{name}, {label(drawing.condition, reader)}"


def match_lines(match: MatchSnapshot, reader: Language) -> list[str]:
    """Return a match and, indented, its drawings."""
    head = text(
        "match.line",
        reader,
        status=label(match.status, reader),
        score=f"{match.score:.2f}",
        name=object_name(match.kind, match.names, reader),
        id=match.id,
        version=match.version,
    )
    lines = [head, *("    " + _drawing_line(one, match, reader) for one in match.drawings)]
    return [*lines, "    " + text("match.reason", reader, reason=match.note)] if match.note else lines


def _drawing_line(drawing: DrawingSnapshot, match: MatchSnapshot, reader: Language) -> str:
    said = {"group": drawing.group.label(reader), "held_on": drawing.held_on, "name": drawing_name(drawing, reader)}
    line = text("match.drawing", reader, id=drawing.feature_id or "", **said).rstrip()
    notes = []
    if drawing.feature_id == match.canonical_feature_id and match.canonical is CanonicalRule.SOURCE:
        notes.append(text("match.drawing_canonical", reader))
    if drawing.status is MatchStatus.REJECTED and match.status is not MatchStatus.REJECTED:
        notes.append(text("match.drawing_left_out", reader))
    if drawing.changed and drawing.feature_id is not None:
        notes.append(text("match.drawing_changed", reader))
    return f"{line}  ({'; '.join(notes)})" if notes else line


def match_values(match: MatchSnapshot) -> dict[str, Any]:
    """Return a match for scripts; places as GeoJSON, lengths in metres."""
    from shapely.geometry import mapping

    return {
        "id": str(match.id),
        "version": match.version,
        "settlement": str(match.settlement_id),
        "status": match.status.value,
        "score": match.score,
        "parts": dict(match.parts),
        "kind": match.kind.value,
        "name": {"ky": match.names.ky, "ru": match.names.ru, "en": match.names.en},
        "condition": match.condition.value if match.condition else None,
        "canonical": match.canonical.value,
        "canonical_feature": str(match.canonical_feature_id) if match.canonical_feature_id else None,
        "position_error_m": match.position_error_m,
        "geometry": mapping(match.geometry),
        "drawings": [drawing_values(one) for one in match.drawings],
        "replaces": str(match.replaces) if match.replaces else None,
        "note": match.note,
        "decided_by": match.decided_by,
        "decided_at": match.decided_at.isoformat() if match.decided_at else None,
    }


def drawing_values(drawing: DrawingSnapshot) -> dict[str, Any]:
    """Return a drawing for scripts."""
    return {
        "feature": str(drawing.feature_id) if drawing.feature_id else None,
        "event": str(drawing.event_id),
        "held_on": drawing.held_on.isoformat(),
        "groups": sorted(drawing.groups),
        "kind": drawing.kind.value if drawing.kind else None,
        "name": {"ky": drawing.names.ky, "ru": drawing.names.ru, "en": drawing.names.en},
        "condition": drawing.condition.value if drawing.condition else None,
        "status": drawing.status.value,
        "changed": drawing.changed,
    }
