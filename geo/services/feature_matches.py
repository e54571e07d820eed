"""The same object drawn by several groups: a person decides on what is proposed, and can take it back.

Drawings are never changed by a match. Who decided what and when is in the ledger, for good.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from geo.database.audit import ACTOR
from geo.database.canonicals import place_canonical
from geo.domain.labels import label_text
from geo.domain.match_status import CanonicalRule, MatchStatus
from geo.domain.vocabulary import Condition, Kind, layer_of
from geo.errors import Conflict, Refused
from geo.matches import MatchSnapshot
from geo.models import AppraisalEvent, FeatureMatch, FeatureMatchSource, MapFeature
from geo.models.base import now
from geo.repositories.appraisal import AppraisalRepository
from geo.repositories.feature_matches import NO_OBJECTS, FeatureMatchRepository
from geo.services.match_drawings import drawing_of
from geo.services.match_proposals import change, withdraw
from geo.snapshots import Names

__all__ = ["confirm", "find_match", "list_matches", "reject", "undo"]


def list_matches(
    session: Session, settlement_id: UUID, *, statuses: Collection[MatchStatus] = ()
) -> tuple[MatchSnapshot, ...]:
    """Return the matches of a village with their drawings, the surest first; of some statuses only, if given.

    Raises
    ------
    NotFound
        There is no such settlement.
    """
    repository = FeatureMatchRepository(session)
    repository.require_village(settlement_id)
    matches = repository.matches(settlement_id, *statuses)
    sources = repository.sources(matches)
    every = [one for match in matches for one in sources.get(match.id, ())]
    features = repository.features(every)
    events = AppraisalRepository(session).some({one.event_id for one in every})
    return tuple(_told(match, sources.get(match.id, []), features, events) for match in matches)


def find_match(session: Session, match_id: UUID) -> MatchSnapshot:
    """Return a match with its drawings.

    Raises
    ------
    NotFound
        There is none with this id.
    """
    repository = FeatureMatchRepository(session)
    match = repository.match(match_id)
    sources = repository.sources_of(match)
    return _snapshot(session, match, sources, repository.features(sources))


def confirm(
    session: Session,
    match_id: UUID,
    *,
    version: int | None = None,
    canonical: UUID | None = None,
    mean: bool = False,
    without: Collection[UUID] = (),
    names: Names | None = None,
    kind: Kind | None = None,
    condition: Condition | None = None,
    comment: str = "",
) -> MatchSnapshot:
    """Confirm that the drawings of a proposal show one object.

    Parameters
    ----------
    session
        Of the transaction.
    match_id
        The proposal.
    version
        Version of its row that the person saw; None takes the one that holds now.
    canonical
        The feature whose place and shape the object takes; None takes the one proposed.
    mean
        Put it in the middle of all its drawings instead, weighed by their position errors; ``canonical`` then gives
        the shape.
    without
        Features of the proposal that show another object. They stay on the map by themselves and are not proposed
        with the rest again.
    names, kind, condition
        What the object is called, is, and is like, where that is not as proposed; of ``names``, those that are not
        empty.
    comment
        For those who look at it later.

    Raises
    ------
    NotFound
        There is no such proposal.
    Conflict
        Somebody decided on it or changed it since, or a drawing was changed or deleted since it was proposed.
    Refused
        A feature named is none of its drawings, fewer than two are left, the kind is a problem or a wish, or a mean is
        asked for of lines.
    """
    repository = FeatureMatchRepository(session)
    match = _to_decide(repository, match_id, version, MatchStatus.PROPOSED)
    sources = repository.sources_of(match)
    features = repository.features(sources)
    for source in sources:
        feature = features.get(source.feature_id) if source.feature_id else None
        if feature is None or feature.version != source.feature_version:
            raise Conflict("match.drawings_changed", id=match_id)
    for named in (*without, *([canonical] if canonical else [])):
        if named not in features:
            raise Refused("match.not_a_drawing", feature=named, id=match_id)
    if canonical in without:
        raise Refused("match.canonical_left_out", feature=canonical)
    kept = {one: feature for one, feature in features.items() if one not in without}
    if len(kept) < 2:
        raise Refused("match.too_few", id=match_id)
    if kind is not None and layer_of(kind) in NO_OBJECTS:
        raise Refused("match.kind_no_object", kind=label_text(kind))
    before = repository.match(match.replaces_id, to_change=True) if match.replaces_id else None
    if before is not None:
        if before.status is not MatchStatus.CONFIRMED:
            raise Conflict("match.drawings_changed", id=match_id)
        before.status = MatchStatus.REPLACED
        _mark(repository.sources_of(before), MatchStatus.CONFIRMED, MatchStatus.REPLACED)
        session.flush()  # its drawings are free before another match takes them
    for source in sources:
        source.status = MatchStatus.REJECTED if source.feature_id in without else MatchStatus.CONFIRMED
    _describe(match, kept, canonical=canonical, mean=mean, names=names, kind=kind, condition=condition)
    _decide(session, match, MatchStatus.CONFIRMED, comment)
    return _snapshot(session, match, sources, features)


def reject(session: Session, match_id: UUID, *, reason: str, version: int | None = None) -> MatchSnapshot:
    """Say that the drawings of a proposal show different objects; no two of them are proposed together again.

    Raises
    ------
    NotFound
        There is no such proposal.
    Conflict
        Somebody decided on it or changed it since.
    Refused
        There is no reason.
    """
    if not reason.strip():
        raise Refused("match.no_reason")
    repository = FeatureMatchRepository(session)
    match = _to_decide(repository, match_id, version, MatchStatus.PROPOSED)
    sources = repository.sources_of(match)
    for source in sources:
        source.status = MatchStatus.REJECTED
    _decide(session, match, MatchStatus.REJECTED, reason)
    return _snapshot(session, match, sources, repository.features(sources))


def undo(session: Session, match_id: UUID, *, version: int | None = None, reason: str = "") -> MatchSnapshot:
    """Take a decision back: the drawings stand by themselves again, as they were, and can be proposed anew.

    A confirmed match that replaced an earlier one gives its place back to that one, which is undone too where fewer
    than two of its drawings are left.

    Raises
    ------
    NotFound
        There is no such match.
    Conflict
        Somebody changed it since.
    Refused
        Nothing was decided on it, or its decision was taken back or replaced already.
    """
    repository = FeatureMatchRepository(session)
    match = _to_decide(repository, match_id, version, MatchStatus.CONFIRMED, MatchStatus.REJECTED)
    sources = repository.sources_of(match)
    was_confirmed = match.status is MatchStatus.CONFIRMED
    for follower in repository.replacing(match):
        withdraw(session, follower, repository.sources_of(follower))
    for source in sources:
        source.status = MatchStatus.UNDONE
    _decide(session, match, MatchStatus.UNDONE, reason)
    if was_confirmed and match.replaces_id:
        _bring_back(session, repository.match(match.replaces_id, to_change=True))
    return _snapshot(session, match, sources, repository.features(sources))


def _to_decide(
    repository: FeatureMatchRepository, match_id: UUID, version: int | None, *expected: MatchStatus
) -> FeatureMatch:
    repository.hold_village(repository.match(match_id).settlement_id)
    match = repository.match(match_id, to_change=True)
    if version is not None and match.version != version:
        raise Conflict("match.changed_meanwhile", id=match_id, seen=version, current=match.version)
    if match.status in expected:
        return match
    # Who said which version was seen has been told above; the rest look at it and are told what became of it.
    said: dict[str, object] = {"id": match_id, "by": match.decided_by}
    if match.status is MatchStatus.PROPOSED:
        raise Refused("match.nothing_to_undo", **said)
    if match.status is MatchStatus.CONFIRMED:
        raise Conflict("match.confirmed_already", **said)
    if match.status is MatchStatus.REJECTED:
        raise Conflict("match.rejected_already", **said)
    if match.status is MatchStatus.REPLACED:
        raise Conflict("match.replaced_already", **said)
    raise Conflict("match.undone_already", **said)


def _decide(session: Session, match: FeatureMatch, status: MatchStatus, note: str) -> None:
    match.status = status
    match.note = note.strip()
    match.decided_by = session.info[ACTOR]
    match.decided_at = now()
    session.flush()


def _bring_back(session: Session, match: FeatureMatch) -> None:
    repository = FeatureMatchRepository(session)
    sources = repository.sources_of(match)
    held = repository.held([one.feature_id for one in sources if one.feature_id is not None])
    _mark([one for one in sources if one.feature_id not in held], MatchStatus.REPLACED, MatchStatus.CONFIRMED)
    left = repository.features([one for one in sources if one.status is MatchStatus.CONFIRMED])
    if len(left) < 2:
        # The rest was deleted, or is part of another object by now: one drawing alone is no match.
        _mark(sources, MatchStatus.CONFIRMED, MatchStatus.UNDONE)
        _mark(sources, MatchStatus.REPLACED, MatchStatus.UNDONE)
        _decide(session, match, MatchStatus.UNDONE, match.note)
        return
    match.status = MatchStatus.CONFIRMED
    place_canonical(match, left)
    session.flush()


def _mark(sources: Iterable[FeatureMatchSource], before: MatchStatus, after: MatchStatus) -> None:
    for source in sources:
        if source.status is before:
            source.status = after


def _describe(
    match: FeatureMatch,
    kept: dict[UUID, MapFeature],
    *,
    canonical: UUID | None,
    mean: bool,
    names: Names | None,
    kind: Kind | None,
    condition: Condition | None,
) -> None:
    """Write down what the person said of the object."""
    if canonical is not None:
        match.canonical_rule, match.canonical_feature_id = CanonicalRule.SOURCE, canonical
    elif match.canonical_feature_id not in kept:
        surest = min(kept.values(), key=lambda one: (one.position_error_m is None, one.position_error_m or 0.0))
        match.canonical_feature_id = surest.id
    if mean:
        match.canonical_rule = CanonicalRule.MEAN
    place_canonical(match, kept)
    if names is not None:
        said = {"name_ky": names.ky, "name_ru": names.ru, "name_en": names.en}
        change(match, {name: value.strip() for name, value in said.items() if value.strip()})
    if kind is not None:
        change(match, {"kind": kind, "layer": layer_of(kind)})
    if condition is not None:
        change(match, {"condition": condition})


def _snapshot(
    session: Session, match: FeatureMatch, sources: list[FeatureMatchSource], features: dict[UUID, MapFeature]
) -> MatchSnapshot:
    events = AppraisalRepository(session).some({one.event_id for one in sources})
    return _told(match, sources, features, events)


def _told(
    match: FeatureMatch,
    sources: list[FeatureMatchSource],
    features: Mapping[UUID, MapFeature],
    events: Mapping[UUID, AppraisalEvent],
) -> MatchSnapshot:
    drawn = [
        drawing_of(features.get(one.feature_id) if one.feature_id else None, events[one.event_id], one)
        for one in sources
    ]
    return MatchSnapshot(
        id=match.id,
        version=match.version,
        settlement_id=match.settlement_id,
        status=match.status,
        score=match.score,
        parts=match.parts,
        kind=match.kind,
        names=Names(match.name_ky, match.name_ru, match.name_en),
        condition=match.condition,
        canonical=match.canonical_rule,
        canonical_feature_id=match.canonical_feature_id,
        geometry=match.geometry,
        position_error_m=match.position_error_m,
        drawings=tuple(drawn),
        replaces=match.replaces_id,
        note=match.note,
        decided_by=match.decided_by,
        decided_at=match.decided_at,
    )
