"""What was found on sheets: read in bulk without making an object of each row, and held while a person decides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Row, Text, func, select, type_coerce
from sqlalchemy.orm import Session

from geo.domain.drawing import CandidateKind, CandidateState, Ink, Pattern
from geo.domain.vocabulary import Kind
from geo.models import AppraisalEvent, Candidate, EventLegend, MapFeature, SketchSheet

__all__ = ["CandidateRepository"]

_Value = TypeVar("_Value", int, UUID)
_AT_ONCE = 900
"""Values of one IN clause; SQLite takes 999 at least."""
_CODES = (Candidate.kind, Candidate.ink, Candidate.pattern, Candidate.state)
_SHOWN = (
    Candidate.id,
    Candidate.ordinal,
    # As their codes: to look up forty thousand members of closed lists takes as long as everything else.
    *(type_coerce(column, Text).label(column.key) for column in _CODES),
    Candidate.width_px,
    Candidate.confidence,
    Candidate.neighbours,
    Candidate.parts,
    Candidate.geometry,
)


class CandidateRepository:
    """Queries on candidates."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def rows(
        self, sheet_id: UUID, *, states: Collection[CandidateState] = (), ordinals: Collection[int] | None = None
    ) -> Sequence[Row[Any]]:
        """Return candidates of a sheet by their ordinals, as plain rows with codes for kind, ink, pattern and state.

        Parameters
        ----------
        sheet_id
            The sheet.
        states
            Only those in one of these states; none given means all.
        ordinals
            Only these; None means all.
        """
        query: Any = select(*_SHOWN).where(Candidate.sheet_id == sheet_id)
        if states:
            query = query.where(Candidate.state.in_(states))
        if ordinals is None:
            return self.session.execute(query.order_by(Candidate.ordinal)).all()
        found: list[Row[Any]] = []
        for some in _chunks(ordinals):
            found += self.session.execute(query.where(Candidate.ordinal.in_(some)).order_by(Candidate.ordinal)).all()
        return found

    def by_ordinal(self, sheet_id: UUID, ordinals: Collection[int]) -> dict[int, Candidate]:
        """Return candidates by their ordinals, to be decided on; unknown ones are left out."""
        found: dict[int, Candidate] = {}
        for some in _chunks(ordinals):
            query = select(Candidate).where(Candidate.sheet_id == sheet_id, Candidate.ordinal.in_(some))
            found.update((one.ordinal, one) for one in self.session.scalars(query))
        return found

    def by_id(self, ids: Collection[UUID]) -> list[Candidate]:
        """Return candidates by their ids."""
        return [
            one
            for some in _chunks(ids)
            for one in self.session.scalars(select(Candidate).where(Candidate.id.in_(some)))
        ]

    def drawn_features(self, sheet_id: UUID, ids: Collection[UUID], candidates: Collection[UUID]) -> list[MapFeature]:
        """Return objects of a sheet, withdrawn ones too: those named, and all that were made from some candidates."""
        found: dict[UUID, MapFeature] = {}
        for column, values in ((MapFeature.id, ids), (MapFeature.candidate_id, candidates)):
            for some in _chunks(values):
                query = select(MapFeature).where(MapFeature.sheet_id == sheet_id, column.in_(some))
                rows = self.session.scalars(query.execution_options(with_withdrawn=True))
                found.update((one.id, one) for one in rows)
        return list(found.values())

    def is_taken(self, feature_id: UUID) -> bool:
        """Return whether an object anywhere has an id, withdrawn ones too."""
        query = select(MapFeature.fid).where(MapFeature.id == feature_id)
        return self.session.scalar(query.execution_options(with_withdrawn=True)) is not None

    def features(self, sheet_id: UUID) -> dict[UUID, Row[Any]]:
        """Return id, kind and name of the standing features that candidates of a sheet became, by candidate."""
        query: Any = select(MapFeature.candidate_id, MapFeature.id, MapFeature.kind, MapFeature.name_ky).where(
            MapFeature.sheet_id == sheet_id, MapFeature.candidate_id.is_not(None), MapFeature.withdrawn_at.is_(None)
        )
        return {row.candidate_id: row for row in self.session.execute(query)}

    def last_ordinal(self, sheet_id: UUID) -> int:
        """Return the largest ordinal of a sheet, 0 where nothing was found on it."""
        return self.session.scalar(select(func.max(Candidate.ordinal)).where(Candidate.sheet_id == sheet_id)) or 0

    def stamp(self, sheet_id: UUID) -> tuple[int, int]:
        """Return numbers that change whenever a candidate of a sheet does."""
        query = select(func.count(), func.coalesce(func.sum(Candidate.version), 0))
        count, versions = self.session.execute(query.where(Candidate.sheet_id == sheet_id)).one()
        return int(count), int(versions)

    def legends(self, event_id: UUID) -> Sequence[EventLegend]:
        """Return the legend of an event first, then those of other events of its village, the newest first."""
        village = select(AppraisalEvent.settlement_id).where(AppraisalEvent.id == event_id).scalar_subquery()
        query = (
            select(EventLegend)
            .join(AppraisalEvent, AppraisalEvent.id == EventLegend.event_id)
            .where(AppraisalEvent.settlement_id == village)
            .order_by((EventLegend.event_id == event_id).desc(), EventLegend.fid.desc())
        )
        return self.session.scalars(query).all()

    def usual_kinds(self, event_id: UUID) -> dict[tuple[Ink, Pattern, CandidateKind], Kind]:
        """Return what drawings of a look mostly became in an event's sheets, by ink, pattern and shape."""
        query = (
            select(Candidate.ink, Candidate.pattern, Candidate.kind, MapFeature.kind, func.count())
            .join(MapFeature, MapFeature.candidate_id == Candidate.id)
            .join(SketchSheet, SketchSheet.id == Candidate.sheet_id)
            .where(SketchSheet.event_id == event_id, MapFeature.withdrawn_at.is_(None))
            .group_by(Candidate.ink, Candidate.pattern, Candidate.kind, MapFeature.kind)
        )
        counted: dict[tuple[Ink, Pattern, CandidateKind], Counter[Kind]] = {}
        for ink, pattern, shape, kind, count in self.session.execute(query):
            counted.setdefault((ink, pattern, shape), Counter())[kind] += count
        # The order of a tie must not change from one reading to the next.
        return {look: min(kinds, key=lambda kind: (-kinds[kind], kind.value)) for look, kinds in counted.items()}


def _chunks(values: Collection[_Value]) -> Iterator[list[_Value]]:
    wanted = sorted(values)
    for start in range(0, len(wanted), _AT_ONCE):
        yield wanted[start : start + _AT_ONCE]
