"""Objects that several groups drew, and the drawings that can be compared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from uuid import UUID

from shapely.geometry.base import BaseGeometry
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.domain.match_status import MatchStatus
from geo.domain.vocabulary import Layer
from geo.errors import NotFound
from geo.models import AppraisalEvent, FeatureMatch, FeatureMatchSource, MapFeature, Settlement

__all__ = ["NO_OBJECTS", "FeatureMatchRepository"]

NO_OBJECTS = (Layer.PROBLEM, Layer.DESIRED)
"""Problems are merged by their votes (DOMAIN.md section 6), and a wish stands for nothing that is there."""
_IDS_AT_ONCE = 900
"""Values of one IN clause; SQLite takes 999 at least."""


class FeatureMatchRepository:
    """Queries on matches."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def hold_village(self, settlement_id: UUID) -> Settlement:
        """Return a settlement and make other writers of its matches wait until this transaction ends.

        Raises
        ------
        NotFound
            There is none with this id.
        """
        found = self.session.scalar(select(Settlement).where(Settlement.id == settlement_id).with_for_update())
        if found is None:
            raise NotFound("settlement.unknown", id=settlement_id)
        return found

    def require_village(self, settlement_id: UUID) -> None:
        """Make sure that there is such a settlement.

        Raises
        ------
        NotFound
            There is none.
        """
        if self.session.scalar(select(Settlement.id).where(Settlement.id == settlement_id)) is None:
            raise NotFound("settlement.unknown", id=settlement_id)

    def drawn(self, settlement_id: UUID) -> Sequence[tuple[MapFeature, AppraisalEvent]]:
        """Return the objects that events of a village drew, each with its event; no problems and no wishes."""
        rows = self.session.execute(
            select(MapFeature, AppraisalEvent)
            .join(AppraisalEvent, AppraisalEvent.id == MapFeature.event_id)
            .where(MapFeature.settlement_id == settlement_id, MapFeature.layer.not_in(NO_OBJECTS))
            .order_by(AppraisalEvent.held_on, AppraisalEvent.fid, MapFeature.fid)
        )
        return [(feature, event) for feature, event in rows]

    def match(self, match_id: UUID, *, to_change: bool = False) -> FeatureMatch:
        """Return a match; ``to_change`` makes other writers wait until this transaction ends.

        Raises
        ------
        NotFound
            There is none with this id.
        """
        query = select(FeatureMatch).where(FeatureMatch.id == match_id)
        if to_change:
            query = query.with_for_update().execution_options(populate_existing=True)
        found = self.session.scalar(query)
        if found is None:
            raise NotFound("match.unknown", id=match_id)
        return found

    def matches(self, settlement_id: UUID, *statuses: MatchStatus) -> Sequence[FeatureMatch]:
        """Return the matches of a village, the surest first; of some statuses only, where any are given."""
        query = select(FeatureMatch).where(FeatureMatch.settlement_id == settlement_id)
        if statuses:
            query = query.where(FeatureMatch.status.in_(statuses))
        return self.session.scalars(query.order_by(FeatureMatch.score.desc(), FeatureMatch.fid)).all()

    def sources(self, matches: Collection[FeatureMatch]) -> dict[UUID, list[FeatureMatchSource]]:
        """Return the drawings of matches of one village, in the order in which they were entered."""
        found: dict[UUID, list[FeatureMatchSource]] = defaultdict(list)
        villages = {match.settlement_id for match in matches}
        wanted = {match.id for match in matches}
        query = (
            select(FeatureMatchSource)
            .join(FeatureMatch, FeatureMatch.id == FeatureMatchSource.match_id)
            .where(FeatureMatch.settlement_id.in_(villages))
            .order_by(FeatureMatchSource.fid)
        )
        for source in self.session.scalars(query):
            if source.match_id in wanted:
                found[source.match_id].append(source)
        return found

    def sources_of(self, match: FeatureMatch) -> list[FeatureMatchSource]:
        """Return the drawings of one match."""
        query = select(FeatureMatchSource).where(FeatureMatchSource.match_id == match.id)
        return list(self.session.scalars(query.order_by(FeatureMatchSource.fid)))

    def features(self, sources: Collection[FeatureMatchSource]) -> dict[UUID, MapFeature]:
        """Return the features of drawings by id, without those that were deleted."""
        wanted = [source.feature_id for source in sources if source.feature_id is not None]
        rows = self.session.scalars(select(MapFeature).where(MapFeature.id.in_(wanted))).all()
        by_id = {feature.id: feature for feature in rows}
        return {one: by_id[one] for one in wanted if one in by_id}

    def shapes(self, match_ids: Collection[UUID]) -> dict[UUID, dict[UUID, BaseGeometry]]:
        """Return the places of the drawings of matches, lon lat, by match and feature; without deleted ones."""
        found: dict[UUID, dict[UUID, BaseGeometry]] = defaultdict(dict)
        wanted = list(match_ids)
        for start in range(0, len(wanted), _IDS_AT_ONCE):
            query = (
                select(FeatureMatchSource.match_id, MapFeature.id, MapFeature.geometry)
                .join(MapFeature, MapFeature.id == FeatureMatchSource.feature_id)
                .where(FeatureMatchSource.match_id.in_(wanted[start : start + _IDS_AT_ONCE]))
                .order_by(FeatureMatchSource.fid)
            )
            for match_id, feature_id, geometry in self.session.execute(query):
                found[match_id][feature_id] = geometry
        return found

    def held(self, feature_ids: Collection[UUID]) -> set[UUID]:
        """Return which of some features belong to a confirmed match."""
        query = select(FeatureMatchSource.feature_id).where(
            FeatureMatchSource.feature_id.in_(feature_ids), FeatureMatchSource.status == MatchStatus.CONFIRMED
        )
        return {one for one in self.session.scalars(query) if one is not None}

    def replacing(self, match: FeatureMatch) -> Sequence[FeatureMatch]:
        """Return the open proposals that add drawings to a match."""
        return self.session.scalars(
            select(FeatureMatch).where(
                FeatureMatch.replaces_id == match.id, FeatureMatch.status == MatchStatus.PROPOSED
            )
        ).all()
