"""What inks and strokes mean on the sheets of an event: said once, kept, and proposed for the next sheets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from geo.domain.drawing import CandidateKind, Ink, Pattern
from geo.domain.rights import Actor
from geo.domain.vocabulary import Kind
from geo.errors import ChangedMeanwhile, Refused
from geo.models import EventLegend
from geo.repositories.appraisal import AppraisalRepository
from geo.repositories.candidates import CandidateRepository
from geo.services.sheet_access import PLACING, sheet_to_change

__all__ = ["KeptLegend", "LegendEntry", "read_legend", "store_legend"]


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """What a look stands for."""

    ink: Ink
    pattern: Pattern
    shape: CandidateKind
    kind: Kind


@dataclass(frozen=True, slots=True)
class KeptLegend:
    """A legend, and whether people said it of this event or of another one of the village."""

    entries: tuple[LegendEntry, ...]
    is_proposed: bool
    version: int
    """Of what was said of this event; 0 where nothing was."""


def read_legend(session: Session, event_id: UUID) -> KeptLegend:
    """Return the legend of an event; without one, the newest of another event of the village as a proposal."""
    for legend in CandidateRepository(session).legends(event_id):
        entries = tuple(
            LegendEntry(Ink(one["ink"]), Pattern(one["pattern"]), CandidateKind(one["shape"]), Kind(one["kind"]))
            for one in legend.entries
        )
        is_own = legend.event_id == event_id
        return KeptLegend(entries, is_proposed=not is_own, version=legend.version if is_own else 0)
    return KeptLegend((), is_proposed=False, version=0)


def store_legend(
    session: Session, sheet_id: UUID, entries: Sequence[LegendEntry], *, actor: Actor, seen: int | None
) -> KeptLegend:
    """Keep what inks and strokes mean in the event of a sheet; replaces what was said before.

    Parameters
    ----------
    session, sheet_id, entries, actor
        What is said by whom.
    seen
        Version of the legend that the actor saw, 0 where there was none; None takes the one that holds now.

    Raises
    ------
    NotFound, Forbidden
        The actor may not see the sheet, or not change it.
    ChangedMeanwhile
        Somebody said otherwise since; carries both.
    Refused
        One look stands for two kinds.
    """
    _, event = sheet_to_change(session, sheet_id, actor=actor, rights=PLACING)
    looks = [(one.ink, one.pattern, one.shape) for one in entries]
    twice = next((look for number, look in enumerate(looks) if look in looks[:number]), None)
    if twice is not None:
        raise Refused("sheets.legend_twice", ink=twice[0].value, pattern=twice[1].value, shape=twice[2].value)
    AppraisalRepository(session).hold_event(event.id)  # two sheets of one event have one legend
    plain = [
        {"ink": one.ink.value, "pattern": one.pattern.value, "shape": one.shape.value, "kind": one.kind.value}
        for one in entries
    ]
    kept = next((one for one in CandidateRepository(session).legends(event.id) if one.event_id == event.id), None)
    if kept is not None and kept.entries == plain:
        return KeptLegend(tuple(entries), is_proposed=False, version=kept.version)
    version = kept.version if kept else 0
    if seen is not None and seen != version:
        current = {"entries": kept.entries if kept else [], "version": version}
        raise ChangedMeanwhile(current=current, yours={"entries": plain}, seen=seen, version=version)
    if kept is None:
        kept = EventLegend(event_id=event.id, entries=plain)
        session.add(kept)
    else:
        kept.entries = plain
    session.flush()
    return KeptLegend(tuple(entries), is_proposed=False, version=kept.version)
