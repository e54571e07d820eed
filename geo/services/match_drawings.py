"""What the events of a village drew, as it is compared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from uuid import UUID

from sqlalchemy.orm import Session

from geo.domain.match_decisions import PlannedMatch, groups_of, main_group, plan_matches
from geo.domain.match_status import MatchStatus
from geo.domain.matching import MatchFeature
from geo.domain.vocabulary import Condition
from geo.matches import DrawingSnapshot
from geo.models import AppraisalEvent, FeatureMatch, FeatureMatchSource, MapFeature
from geo.repositories.feature_matches import FeatureMatchRepository
from geo.services.event_map import group_of, names_of
from geo.snapshots import Names
from geo.spatial.canonical import UNKNOWN_ERROR_M

__all__ = ["Drawings", "condition_of", "drawing_of", "drawings_of", "planned"]


@dataclass(frozen=True, slots=True)
class Drawings:
    """The objects that the events of a village drew, and what was decided on them."""

    features: dict[UUID, MapFeature]
    events: dict[UUID, AppraisalEvent]
    """Events that drew something."""
    compared: tuple[MatchFeature, ...]
    matches: tuple[FeatureMatch, ...]
    """Of any status."""
    sources: dict[UUID, list[FeatureMatchSource]]
    """By match."""

    def with_status(self, status: MatchStatus) -> list[FeatureMatch]:
        """Return the matches of a status."""
        return [match for match in self.matches if match.status is status]

    def members(self, match: FeatureMatch) -> list[UUID]:
        """Return the features that are drawings of a match now."""
        drawn = [one.feature_id for one in self.sources.get(match.id, ()) if one.status is match.status]
        return [one for one in drawn if one is not None and one in self.features]


def drawings_of(session: Session, settlement_id: UUID) -> Drawings:
    """Return what the events of a village drew, without problems and wishes."""
    repository = FeatureMatchRepository(session)
    drawn = repository.drawn(settlement_id)
    matches = tuple(repository.matches(settlement_id))
    return Drawings(
        features={feature.id: feature for feature, _ in drawn},
        events={event.id: event for _, event in drawn},
        compared=tuple(_compared(feature, event) for feature, event in drawn),
        matches=matches,
        sources=repository.sources(matches),
    )


def planned(drawings: Drawings) -> tuple[PlannedMatch, ...]:
    """Return what is to be proposed beside the decisions that hold; nothing is stored."""
    confirmed = {
        match.id: [str(one) for one in drawings.members(match)] for match in drawings.with_status(MatchStatus.CONFIRMED)
    }
    return plan_matches(drawings.compared, confirmed=confirmed, apart=_told_apart(drawings))


def condition_of(feature: MapFeature) -> Condition | None:
    """Return the condition of an object, None where nobody said it."""
    code = feature.attributes.get("condition")
    return Condition(code) if code in set(Condition) else None


def drawing_of(
    feature: MapFeature | None, event: AppraisalEvent, source: FeatureMatchSource | None = None
) -> DrawingSnapshot:
    """Return how an event drew an object, as a value."""
    return DrawingSnapshot(
        feature_id=feature.id if feature else None,
        event_id=event.id,
        held_on=event.held_on,
        group=group_of(event),
        groups=groups_of(group_of(event)),
        kind=feature.kind if feature else None,
        names=names_of(feature) if feature else Names(),
        condition=condition_of(feature) if feature else None,
        status=source.status if source else MatchStatus.PROPOSED,
        changed=source is not None and (feature is None or feature.version != source.feature_version),
    )


def _compared(feature: MapFeature, event: AppraisalEvent) -> MatchFeature:
    error = feature.position_error_m
    names = (feature.name_ky, feature.name_ru, feature.name_en)
    return MatchFeature(
        id=str(feature.id),
        event=str(event.id),
        group=main_group(group_of(event)),
        kind=feature.kind,
        geometry=feature.geometry,
        position_error_m=UNKNOWN_ERROR_M if error is None else error,
        names=tuple(name for name in names if name),
        condition=condition_of(feature),
    )


def _told_apart(drawings: Drawings) -> frozenset[frozenset[str]]:
    """Return the pairs of features of which a person said that they are different objects."""
    apart: set[frozenset[str]] = set()
    for match in drawings.matches:
        sources = [one for one in drawings.sources.get(match.id, ()) if one.feature_id is not None]
        out = [one.feature_id for one in sources if one.status is MatchStatus.REJECTED]
        if match.status is MatchStatus.CONFIRMED:  # drawings left out of it
            rest = [one.feature_id for one in sources if one.status is MatchStatus.CONFIRMED]
            apart |= _pairs((one, other) for one in out for other in rest)
        elif match.status is MatchStatus.REJECTED:
            known = (
                {one.feature_id for one in drawings.sources.get(match.replaces_id, ())} if match.replaces_id else set()
            )
            # What was confirmed to be one object stays one, although a further drawing of it was refused.
            apart |= _pairs(pair for pair in combinations(out, 2) if not set(pair) <= known)
    return frozenset(apart)


def _pairs(pairs: Iterable[tuple[UUID | None, UUID | None]]) -> set[frozenset[str]]:
    return {frozenset((str(one), str(other))) for one, other in pairs}
