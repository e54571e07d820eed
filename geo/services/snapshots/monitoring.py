"""Visits with what was found, agreed, scored and photographed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from geo.domain.evidence import Evidence
from geo.domain.monitoring.checklist import MOST_POINTS, Score, totals
from geo.domain.monitoring.comparison import Actual, Planned
from geo.domain.monitoring.follow_up import FollowUpEntry, standing
from geo.domain.rights import Subject
from geo.models import ChecklistScore, Finding, FollowUp, MonitoringVisit, VisitPhoto
from geo.models.governed import Governed
from geo.repositories.monitoring import MonitoringRepository
from geo.services.snapshots.reader import Reader
from geo.services.visit_evidence import places_of_visits
from geo.snapshots import AgreementSnapshot, FindingSnapshot, PhotoCopy, VisitSnapshot
from geo.storage import PictureStore

__all__ = ["read_visits"]

G = TypeVar("G", bound=Governed)


@dataclass(frozen=True, slots=True)
class _Contents:
    """What hangs on the visits, by chain."""

    findings: Mapping[UUID, Sequence[Finding]]
    agreements: Mapping[UUID, Sequence[FollowUp]]
    scores: Mapping[UUID, Sequence[ChecklistScore]]
    photos: Mapping[UUID, tuple[PhotoCopy, ...]]
    evidence: Mapping[UUID, Evidence]
    """By visit."""


def read_visits(reader: Reader, pictures: PictureStore, *, with_photos: bool) -> tuple[VisitSnapshot, ...]:
    """Return every visit to the cycle's activities, and those of its years to services and offices, newest first."""
    rows = reader.rows.visits()
    visits = MonitoringRepository(reader.session)
    chains = [one.chain_id for one in rows]

    def of(model: type[G]) -> dict[UUID, list[G]]:
        found: defaultdict[UUID, list[G]] = defaultdict(list)
        for chain_id, _, row in visits.of_chains(model, chains, reader.actor):
            found[chain_id].append(row)
        return found

    taken = of(VisitPhoto) if with_photos else {}
    places = places_of_visits(reader.session, rows, actor=reader.actor)
    contents = _Contents(
        findings=of(Finding),
        agreements=of(FollowUp),
        scores=of(ChecklistScore),
        photos={
            # The small copy has nothing of what the camera wrote (DOMAIN.md section 11).
            chain_id: tuple(PhotoCopy(pictures.get(one.small_sha256), one.caption) for one in some)
            for chain_id, some in taken.items()
        },
        evidence={one: found.evidence for one, found in places.items()},
    )
    names_monitors = reader.tells(Subject.MONITORING) and reader.tells(Subject.PEOPLE)
    return tuple(_visit(reader, one, contents, names_monitors=names_monitors) for one in rows)


def _visit(reader: Reader, one: MonitoringVisit, contents: _Contents, *, names_monitors: bool) -> VisitSnapshot:
    # In the order of the chain: a score given with a correction stands for the one before.
    given = {row.item: Score(row.item, row.score, row.comment) for row in contents.scores.get(one.chain_id, ())}
    scores = tuple(given[item] for item in MOST_POINTS if item in given)
    return VisitSnapshot(
        id=one.id,
        settlement_id=one.settlement_id,
        visited_at=one.visited_at,
        topic=one.topic,
        method=one.method,
        activity_id=one.activity_id,
        feature_id=one.feature_id,
        service=one.service,
        point=one.geometry,
        accuracy_m=one.accuracy_m,
        evidence=contents.evidence.get(one.id),
        member_count=one.member_count,
        members=tuple(one.members or ()) if names_monitors else (),
        planned=Planned(one.planned_quantity, one.planned_som, one.planned_on),
        actual=Actual(one.actual_quantity, one.actual_som, one.actual_on),
        quantity_unit=one.quantity_unit,
        standard_met=one.standard_met,
        summary=one.summary,
        recommendations=one.recommendations,
        findings=tuple(FindingSnapshot(row.severity, row.words) for row in contents.findings.get(one.chain_id, ())),
        agreements=_agreements(reader, contents.agreements.get(one.chain_id, ())),
        checklist=scores,
        checklist_totals=totals(scores) if scores else None,
        photos=contents.photos.get(one.chain_id, ()),
    )


def _agreements(reader: Reader, rows: Iterable[FollowUp]) -> tuple[AgreementSnapshot, ...]:
    # In the order in which they were stored, whichever entry of the chain they hang on.
    ordered = sorted(rows, key=lambda row: row.fid)
    found = []
    for first in ordered:
        if first.follows_id is None:
            entries = [
                FollowUpEntry(row.words, row.due_on, row.done_on)
                for row in ordered
                if first.id in (row.id, row.follows_id)
            ]
            now = standing(entries, today=reader.as_of)
            found.append(AgreementSnapshot(first.words, now.state, now.due_on, now.done_on))
    return tuple(found)
