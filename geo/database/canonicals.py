"""Objects of several drawings follow their drawings: a sheet placed otherwise moves the objects confirmed from it.

Done by an event of the session, as the ledger is, so that no service can forget it. What a person decided
(which drawings are one object, its name, kind and condition) stays as it is.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from typing import Any
from uuid import UUID

from sqlalchemy import event, inspect, select
from sqlalchemy.orm import Session, UOWTransaction

from geo.domain.match_status import CanonicalRule, MatchStatus
from geo.errors import Refused
from geo.models import FeatureMatch, FeatureMatchSource, MapFeature
from geo.spatial.canonical import mean_geometry

__all__ = ["place_canonical", "watch"]

_AT_WORK = (MatchStatus.PROPOSED, MatchStatus.CONFIRMED)


def watch(session: Session) -> None:
    """Keep the places of matched objects true; before the ledger, which then tells of them too."""
    event.listen(session, "before_flush", _follow)


def place_canonical(match: FeatureMatch, sources: dict[UUID, MapFeature]) -> None:
    """Put a matched object where its rule says; it stays where it is if the drawing it hangs on is gone.

    Parameters
    ----------
    match
        The object.
    sources
        The drawings that still are, by id.

    Raises
    ------
    Refused
        A mean is asked for and there is a line among them.
    """
    chosen = sources.get(match.canonical_feature_id) if match.canonical_feature_id else None
    if chosen is None:
        return
    place, error = chosen.geometry, chosen.position_error_m
    if match.canonical_rule is CanonicalRule.MEAN:
        drawn = list(sources.values())
        shapes, errors = [one.geometry for one in drawn], [one.position_error_m for one in drawn]
        place, error = mean_geometry(shapes, errors, shape=drawn.index(chosen))
    if match.geometry != place:
        match.geometry = place
    if match.position_error_m != error:
        match.position_error_m = error


def _follow(session: Session, _context: UOWTransaction, _instances: Any) -> None:
    moved = {feature.id for feature in session.dirty if isinstance(feature, MapFeature) and _has_moved(feature)}
    if not moved:
        return
    villages = {feature.settlement_id for feature in session.dirty if isinstance(feature, MapFeature)}
    rows = session.execute(
        select(FeatureMatch, MapFeature)
        .join(FeatureMatchSource, FeatureMatchSource.match_id == FeatureMatch.id)
        .join(MapFeature, MapFeature.id == FeatureMatchSource.feature_id)
        .where(
            FeatureMatch.settlement_id.in_(villages),
            FeatureMatch.status.in_(_AT_WORK),
            FeatureMatchSource.status == FeatureMatch.status,
        )
        .order_by(FeatureMatchSource.fid)
    ).all()
    sources: dict[FeatureMatch, dict[UUID, MapFeature]] = defaultdict(dict)
    for match, feature in rows:
        sources[match][feature.id] = feature
    for match, drawn in sources.items():
        if moved & drawn.keys():
            # Redrawn as a line, a drawing leaves no mean: the object stays where it was, and the change is stored.
            with suppress(Refused):
                place_canonical(match, drawn)


def _has_moved(feature: MapFeature) -> bool:
    state = inspect(feature).attrs
    return state.geometry.history.has_changes() or state.position_error_m.history.has_changes()
