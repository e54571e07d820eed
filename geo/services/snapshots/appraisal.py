"""What was drawn and said at the events of a cycle."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from shapely.geometry import Point
from sqlalchemy import func, select

from geo.domain.bread import BreadLine
from geo.domain.disclosure import suppress_table
from geo.domain.events import EventKind
from geo.domain.institutions import Diagram
from geo.domain.rights import Subject
from geo.domain.venn.diagram import Circle, Tie, standing_ties
from geo.domain.venn.drawn import DrawnCircle
from geo.domain.venn.synonyms import is_local_government
from geo.models import (
    AppraisalEvent,
    BudgetShare,
    InstitutionCircle,
    InstitutionTie,
    MapFeature,
    Participant,
    SketchSheet,
)
from geo.repositories.institutions import InstitutionRepository
from geo.repositories.visibility import visible
from geo.services.event_map import feature_snapshot, group_of, names_of, sheet_snapshot
from geo.services.snapshots.reader import Reader
from geo.snapshots import (
    BreadSnapshot,
    HeldEvent,
    InstitutionSnapshot,
    MatchSnapshot,
    Names,
    ParticipantSnapshot,
    SheetSnapshot,
    VennSnapshot,
)
from geo.storage import PictureStore

__all__ = ["read_events", "read_matches", "read_unpublished_sessions"]


@dataclass(frozen=True, slots=True)
class _Contents:
    """What was recorded in the events, by event."""

    features: Mapping[UUID, Sequence[MapFeature]]
    sheets: Mapping[UUID, Sequence[SketchSheet]]
    pictures: Mapping[UUID, tuple[SheetSnapshot, ...]]
    circles: Mapping[UUID, Sequence[InstitutionCircle]]
    ties: Mapping[UUID, Sequence[InstitutionTie]]
    places: Mapping[UUID, Point]
    shares: Mapping[UUID, Sequence[BudgetShare]]
    people: Mapping[UUID, Sequence[Participant]]
    counts: Mapping[UUID, Mapping[str, int | None]]
    """``participants`` and ``women``, as they may be told."""


def read_events(
    reader: Reader, pictures: PictureStore, *, with_features: bool, with_sheets: bool
) -> tuple[HeldEvent, ...]:
    """Return the events in the order of their days with what was drawn and said.

    Parameters
    ----------
    with_features, with_sheets
        Whether to read the objects of the map, and the placed sheets as pictures.
    """
    events = reader.rows.events()
    of_events = reader.rows.of_events
    sheets = of_events(SketchSheet) if with_features or with_sheets else {}
    ranking = InstitutionCircle.ranking
    circles = of_events(InstitutionCircle, ranking.is_(None), ranking)
    contents = _Contents(
        features=of_events(MapFeature) if with_features else {},
        sheets=sheets,
        pictures=_overlays(sheets, pictures) if with_sheets else {},
        circles=circles,
        ties=of_events(InstitutionTie),
        places=_places(reader, [one for some in circles.values() for one in some]),
        shares=of_events(BudgetShare, BudgetShare.ordinal),
        people={} if reader.is_public else of_events(Participant, Participant.number),
        counts=_counts(events, told=reader.tells(Subject.EVENTS)),
    )
    names_people = reader.tells(Subject.PEOPLE)
    return tuple(_event(one, contents, names_people=names_people) for one in events)


def read_matches(reader: Reader) -> tuple[MatchSnapshot, ...]:
    """Return the objects that several groups drew, the surest first."""
    return tuple(
        MatchSnapshot(
            id=match.id,
            feature_ids=drawings,
            agreement=match.score,
            geometry=match.geometry,
            canonical_feature_id=match.canonical_feature_id if match.canonical_feature_id in drawings else None,
        )
        for match, drawings in reader.rows.matches(all_of_them=reader.tells(Subject.FEATURES))
    )


def read_unpublished_sessions(reader: Reader) -> dict[UUID, int]:
    """Return how many sessions of the cycle everybody does not see, by village; nothing for an internal snapshot.

    Withdrawn sessions are none. The number is all that is told of them.
    """
    if not reader.is_public:
        return {}
    hidden = select(AppraisalEvent.settlement_id, func.count()).where(
        AppraisalEvent.cycle_id == reader.cycle.id,
        AppraisalEvent.kind == EventKind.SESSION,
        AppraisalEvent.withdrawn_at.is_(None),
        AppraisalEvent.published_at.is_(None),
    )
    if reader.rows.settlement_id is not None:
        hidden = hidden.where(AppraisalEvent.settlement_id == reader.rows.settlement_id)
    found = reader.session.execute(hidden.group_by(AppraisalEvent.settlement_id))
    return {settlement_id: count for settlement_id, count in found if settlement_id is not None}


def _event(event: AppraisalEvent, contents: _Contents, *, names_people: bool) -> HeldEvent:
    signatures = tuple(event.signatures or ()) if names_people else ()
    sheets = {one.id: one for one in contents.sheets.get(event.id, ())}
    place = event.place or {}
    return HeldEvent(
        id=event.id,
        kind=event.kind,
        settlement_id=event.settlement_id,
        held_on=event.held_on,
        group=group_of(event),
        place=Names(place.get("ky", ""), place.get("ru", ""), place.get("en", "")),
        participants=contents.counts[event.id]["participants"],
        women=contents.counts[event.id]["women"],
        facilitators=event.facilitators,
        facilitator_names=tuple(event.facilitator_names or ()) if names_people else (),
        minutes=event.minutes,
        programme=tuple(event.programme or ()),
        signatures=signatures,
        participant_list=tuple(_participant(one, signatures) for one in contents.people.get(event.id, ())),
        features=tuple(feature_snapshot(one, sheets) for one in contents.features.get(event.id, ())),
        sheets=contents.pictures.get(event.id, ()),
        venns=_venns(event.id, contents),
        bread=_bread(contents.shares.get(event.id, ()), incomplete=event.bread_incomplete),
    )


def _counts(events: Iterable[AppraisalEvent], *, told: bool) -> dict[UUID, Mapping[str, int | None]]:
    """Return the head counts as they may be told: a village's sessions are shown with their sum."""
    villages: defaultdict[UUID, list[AppraisalEvent]] = defaultdict(list)
    for one in events:
        villages[one.settlement_id].append(one)
    found: dict[UUID, Mapping[str, int | None]] = {}
    for held in villages.values():
        rows = [{"participants": one.participants, "women": one.women} for one in held]
        shown = rows if told else [one.values for one in suppress_table(rows)]
        found.update((one.id, row) for one, row in zip(held, shown, strict=True))
    return found


def _participant(one: Participant, signatures: Sequence[str]) -> ParticipantSnapshot:
    return ParticipantSnapshot(
        number=one.number,
        name=one.name,
        age=one.age,
        occupation=one.occupation,
        contact=one.contact,
        signed=one.name in signatures,
    )


def _overlays(
    sheets: Mapping[UUID, Sequence[SketchSheet]], pictures: PictureStore
) -> dict[UUID, tuple[SheetSnapshot, ...]]:
    return {
        event_id: tuple(sheet_snapshot(one, pictures) for one in some if one.overlay_sha256)
        for event_id, some in sheets.items()
    }


def _places(reader: Reader, circles: Sequence[InstitutionCircle]) -> dict[UUID, Point]:
    seen = visible(MapFeature, reader.actor, Subject.FEATURES)
    places = InstitutionRepository(reader.session).places(circles, seen)
    return {one: place if isinstance(place, Point) else place.representative_point() for one, place in places.items()}


def _venns(event_id: UUID, contents: _Contents) -> tuple[VennSnapshot, ...]:
    circles = contents.circles.get(event_id, ())
    ties = contents.ties.get(event_id, ())
    found = []
    for diagram in Diagram:
        drawn = [one for one in circles if one.diagram is diagram]
        known = [
            Tie(one.first_id, one.second_id, one.relation, one.origin, one.weak)
            for one in ties
            if one.diagram is diagram
        ]
        if drawn:
            holding = standing_ties([Circle(one.id, ()) for one in drawn], known)
            institutions = tuple(_institution(one, contents.places.get(one.id)) for one in drawn)
            found.append(VennSnapshot(event_id, diagram, institutions, tuple(holding.values())))
    return tuple(found)


def _institution(one: InstitutionCircle, place: Point | None) -> InstitutionSnapshot:
    names = names_of(one)
    drawn = None
    if one.pixel_x is not None and one.pixel_y is not None and one.pixel_radius is not None:
        drawn = DrawnCircle(one.id, one.pixel_x, one.pixel_y, one.pixel_radius)
    government = one.is_local_government
    if government is None:
        government = is_local_government(tuple(filter(None, (names.ky, names.ru, names.en))))
    return InstitutionSnapshot(
        id=one.id,
        names=names,
        kind=one.kind,
        importance=one.importance,
        ranking=one.ranking,
        satisfaction=one.satisfaction,
        satisfaction_reason=one.satisfaction_reason,
        serves=one.serves,
        women_take_part=one.women_take_part,
        local_government_role=one.local_government_role,
        is_local_government=government,
        influence=one.influence,
        stakeholder_importance=one.stakeholder_importance,
        lonlat=None if place is None else (place.x, place.y),
        drawn=drawn,
    )


def _bread(shares: Sequence[BudgetShare], *, incomplete: bool) -> BreadSnapshot | None:
    if not shares:
        return None
    names = tuple(map(names_of, shares))
    lines = tuple(
        BreadLine(
            name.ky or name.ru or name.en,
            share.perceived_percent,
            share.perceived_som,
            share.actual_percent,
            share.actual_som,
        )
        for name, share in zip(names, shares, strict=True)
    )
    return BreadSnapshot(lines, names, incomplete)
