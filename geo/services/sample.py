"""Loading the sample municipality into a store."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from shapely.geometry import Point
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.domain.membership import check_memberships
from geo.domain.names import search_text
from geo.models import AppraisalEvent, Cycle, Membership, Municipality, Record, Settlement
from geo.sample import Sample, SampleEvent, SampleMembership, SampleMunicipality, SampleSettlement, load_sample
from geo.snapshots import Names

__all__ = ["store_sample"]


def store_sample(session: Session, sample: Sample | None = None) -> UUID:
    """Store the sample municipality; rows that are there already stay as they are.

    Returns
    -------
    UUID
        Id of the sample event.
    """
    sample = sample or load_sample()
    check_memberships(membership.as_membership() for membership in sample.memberships)
    records: list[Record] = [
        *map(_municipality, sample.municipalities),
        *map(_settlement, sample.settlements),
        *map(_membership, sample.memberships),
        Cycle(id=sample.cycle.id, municipality_id=sample.cycle.municipality_id, year=sample.cycle.year),
        _event(sample.event),
    ]
    for record in records:
        kind = type(record)
        if session.scalar(select(kind.fid).where(kind.id == record.id)) is None:
            session.add(record)
            session.flush()  # one refers to the other, and nothing but the order says so
    return sample.event.id


def _in_languages(field: str, names: Names) -> dict[str, str]:
    return {f"{field}_{language}": name for language, name in asdict(names).items()}


def _municipality(one: SampleMunicipality) -> Municipality:
    return Municipality(
        id=one.id,
        kind=one.kind,
        population_over=one.population_over,
        note=one.note,
        **_in_languages("name", one.names),
        **_in_languages("rayon", one.rayon),
        **_in_languages("oblast", one.oblast),
    )


def _settlement(one: SampleSettlement) -> Settlement:
    return Settlement(
        id=one.id,
        source=one.source,
        note=one.note,
        is_sample=one.is_sample,
        is_uncertain=one.is_uncertain,
        search_name=search_text(filter(None, asdict(one.names).values())),
        geometry=Point(one.lon, one.lat),
        **_in_languages("name", one.names),
        **_in_languages("rayon", one.rayon),
        **_in_languages("oblast", one.oblast),
    )


def _membership(one: SampleMembership) -> Membership:
    return Membership(
        id=one.id,
        settlement_id=one.settlement_id,
        municipality_id=one.municipality_id,
        valid_from=one.valid_from,
        valid_to=one.valid_to,
        precision=one.precision,
        note=one.note,
    )


def _event(one: SampleEvent) -> AppraisalEvent:
    return AppraisalEvent(
        id=one.id,
        cycle_id=one.cycle_id,
        settlement_id=one.settlement_id,
        kind=one.kind,
        held_on=one.held_on,
        place=asdict(one.place),
        group_age_from=one.group.age_from,
        group_age_to=one.group.age_to,
        group_sex=one.group.sex,
        group_other=one.group.other,
        group_reason=one.group.reason,
        participants=one.people.participants,
        women=one.people.women,
        facilitators=one.people.facilitators,
        minutes={
            "number": one.minutes.number,
            "agenda": [asdict(item) for item in one.minutes.agenda],
            "text": asdict(one.minutes.text),
        },
    )
