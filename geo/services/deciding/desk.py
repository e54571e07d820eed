"""Deciding about the drawings of a sheet: everything handed in takes effect together, and can be undone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol
from uuid import UUID

from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from geo.database.audit import ACTOR
from geo.domain.drawing import CandidateState
from geo.domain.identifiers import new_id
from geo.domain.provenance import FeatureSource
from geo.domain.rights import Actor
from geo.domain.vocabulary import Kind, layer_of
from geo.errors import AyilmapError, ChangedMeanwhile, Conflict, NotFound, Refused
from geo.i18n import Text
from geo.models import AppraisalEvent, Candidate, MapFeature, SketchSheet
from geo.models.base import now
from geo.placements import Solve
from geo.repositories.candidates import CandidateRepository
from geo.services.deciding import decisions as said
from geo.services.deciding.placing import Ground
from geo.services.deciding.shapes import cut, make_up, whole_of
from geo.services.event_contents import refuse_needed_features
from geo.services.feature_loading import check_values
from geo.services.records.reading import represent
from geo.services.resources.features import MAP_FEATURES
from geo.services.sheet_access import DECIDING, sheet_to_change
from geo.spatial.pixel_intake import take_pixels

__all__ = ["Decided", "Hand", "decide"]

_REASON = "candidate-decisions"
"""Why an object was withdrawn, where a decision about its drawing did it."""
_SAME_PX: Final = 0.01
"""How far apart corners of one drawing may be: pages round what they send."""
_LISTS: Final[Mapping[str, str]] = {
    "reopen": "ordinals",
    "reject": "ordinals",
    "erase": "feature_ids",
    "restore": "feature_ids",
}
"""What decisions of a kind list, and can list more of."""


class Hand(Protocol):
    """Knows how people draw things."""

    def is_line(self, kind: Kind) -> bool:
        """Return whether objects of a kind are drawn as lines."""
        ...

    def shape(self, kind: Kind | None, shapes: Sequence[BaseGeometry], *, longest_px: int) -> BaseGeometry:
        """Return the shape of one object from what was drawn of it, in pixels.

        Parameters
        ----------
        kind
            What it is; None where that is not said yet.
        shapes
            What was drawn.
        longest_px
            Longer side of the sheet's picture.
        """
        ...


@dataclass(slots=True)
class Decided:
    """What decisions did.

    Attributes
    ----------
    sheet
        The sheet.
    candidates
        Ordinals of the candidates that changed or are new.
    features
        Objects that are new, changed or stand again.
    withdrawn
        Ids of the objects that were withdrawn.
    undo
        Decisions that take these back, in the order in which they are to be handed in.
    warnings
        What was noticed.
    """

    sheet: SketchSheet
    candidates: set[int] = field(default_factory=set)
    features: dict[UUID, MapFeature] = field(default_factory=dict)
    withdrawn: list[UUID] = field(default_factory=list)
    undo: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[Text] = field(default_factory=list)


def decide(
    session: Session, sheet_id: UUID, decisions: Sequence[said.Decision], *, actor: Actor, solve: Solve, hand: Hand
) -> Decided:
    """Carry out decisions about the drawings of a sheet, all or none.

    Parameters
    ----------
    session
        Of the transaction.
    sheet_id, decisions, actor
        What is decided by whom.
    solve
        Solves the placement of the sheet.
    hand
        How people draw things.

    Raises
    ------
    NotFound, Forbidden
        The actor may not see the sheet, or not decide.
    Conflict
        Somebody decided otherwise about a candidate, or withdrew an object.
    ChangedMeanwhile
        Somebody changed an object since; carries both.
    Refused
        A decision cannot be; ``row`` says which one, counting from 1.
    """
    sheet, event = sheet_to_change(session, sheet_id, actor=actor, rights=DECIDING)
    desk = _Desk(session, sheet, event, actor=actor, solve=solve, hand=hand)
    desk.look_up(decisions)
    for row, decision in enumerate(decisions, start=1):
        try:
            with session.no_autoflush:
                desk.carry_out(decision)
        except AyilmapError as error:
            error.row = row
            raise
    desk.settle()
    desk.decided.undo.reverse()
    return desk.decided


class _Desk:
    """One sheet with the candidates and objects that decisions name."""

    def __init__(
        self, session: Session, sheet: SketchSheet, event: AppraisalEvent, *, actor: Actor, solve: Solve, hand: Hand
    ) -> None:
        self._session, self._sheet, self._event, self._hand = session, sheet, event, hand
        self._actor = actor
        self._repository = CandidateRepository(session)
        self._ground = Ground(session, sheet, event.settlement_id, solve)
        self._size = (sheet.width_px, sheet.height_px)
        self._candidates: dict[int, Candidate] = {}
        self._by_id: dict[UUID, Candidate] = {}
        self._features: dict[UUID, MapFeature] = {}
        self._versions: dict[UUID, int] = {}
        self._last = self._repository.last_ordinal(sheet.id)
        self.decided = Decided(sheet)

    def look_up(self, decisions: Iterable[said.Decision]) -> None:
        """Fetch all that decisions name, at once."""
        ordinals: set[int] = set()
        features: set[UUID] = set()
        for one in decisions:
            for name in ("ordinals", "take", "put"):
                ordinals.update(getattr(one, name, ()))
            ordinals.update({one.ordinal} if isinstance(one, said.Split) else ())
            features.update(getattr(one, "feature_ids", ()))
            features.update({one.feature_id} if isinstance(one, said.Change) else ())
            features.update({one.id} if isinstance(one, said.Draw) and one.id else ())
        self._keep(self._repository.by_ordinal(self._sheet.id, ordinals).values())
        found = self._repository.drawn_features(self._sheet.id, features, self._by_id)
        self._features = {one.id: one for one in found}
        # As they stood before these decisions: one that changes an object twice has seen it once.
        self._versions = {one.id: one.version for one in found}
        missing = {one.candidate_id for one in found if one.candidate_id} - self._by_id.keys()
        self._keep(self._repository.by_id(missing))

    def carry_out(self, decision: said.Decision) -> None:
        """Carry out one decision."""
        match decision:
            case said.Accept():
                self._accept(decision)
            case said.Reject():
                self._turn(self._open(decision.ordinals), CandidateState.REJECTED)
                self._undo(do="reopen", ordinals=decision.ordinals)
            case said.Reopen():
                self._reopen(decision.ordinals)
            case said.Merge():
                self._merge(self._open(decision.ordinals), None)
            case said.Split():
                self._split(decision)
            case said.Exchange():
                self._exchange(decision)
            case said.Draw():
                self._draw(decision)
            case said.Change():
                self._change(decision)
            case said.Erase():
                self._erase(decision.feature_ids)
            case said.Restore():
                self._restore(decision.feature_ids)

    def settle(self) -> None:
        """Hand what was decided so far to the store."""
        self._ground.settle()
        self._session.flush()

    def _accept(self, decision: said.Accept) -> None:
        chosen = self._open(decision.ordinals)
        as_one = decision.as_one
        if as_one is None:
            as_one = self._hand.is_line(decision.kind) and all(one.kind.value == "line" for one in chosen)
        if as_one and len(chosen) > 1:
            chosen = [self._merge(chosen, decision.kind)]
        for candidate in chosen:
            drawing = self._shape(decision.kind, [candidate])
            feature = self._new(decision, drawing, FeatureSource.CANDIDATE)
            feature.candidate_id, feature.ink = candidate.id, candidate.ink
        self._turn(chosen, CandidateState.ACCEPTED)
        self._undo(do="reopen", ordinals=[one.ordinal for one in chosen])

    def _reopen(self, ordinals: Collection[int]) -> None:
        chosen = self._known(ordinals)
        _refuse_others(chosen, CandidateState.REJECTED, CandidateState.ACCEPTED)
        rejected = [one for one in chosen if one.state is CandidateState.REJECTED]
        accepted = {one.id for one in chosen if one.state is CandidateState.ACCEPTED}
        features = [one for one in self._features.values() if one.candidate_id in accepted and not one.withdrawn_at]
        self._withdraw(features)
        self._turn(chosen, CandidateState.PROPOSED)
        if rejected:
            self._undo(do="reject", ordinals=[one.ordinal for one in rejected])
        if features:
            self._undo(do="restore", feature_ids=[str(one.id) for one in features])

    def _merge(self, pieces: Sequence[Candidate], kind: Kind | None) -> Candidate:
        if len(pieces) < 2:
            raise Refused("decisions.one_piece")
        geometry = self._shape(kind, pieces)
        whole = whole_of(pieces, geometry, ordinal=self._last + 1)
        self._add([whole])
        self._turn(pieces, CandidateState.MERGED)
        self._undo(do="exchange", take=[whole.ordinal], put=[one.ordinal for one in pieces])
        return whole

    def _split(self, decision: said.Split) -> None:
        (candidate,) = self._open([decision.ordinal])
        line, _ = take_pixels({"type": "LineString", "coordinates": decision.line}, self._size)
        pieces = cut(candidate, line, after=self._last)
        self._add(pieces)
        self._turn([candidate], CandidateState.MERGED)
        self._undo(do="exchange", take=[one.ordinal for one in pieces], put=[candidate.ordinal])

    def _exchange(self, decision: said.Exchange) -> None:
        take, put = self._open(decision.take), self._known(decision.put)
        _refuse_others(put, CandidateState.MERGED)
        if not make_up(take, put):
            raise Refused("decisions.not_a_whole")
        self._turn(take, CandidateState.MERGED)
        self._turn(put, CandidateState.PROPOSED)
        self._undo(do="exchange", take=decision.put, put=decision.take)

    def _draw(self, decision: said.Draw) -> None:
        drawing, warnings = take_pixels(decision.geometry, self._size)
        feature = self._drawn_before(decision, drawing) or self._new(decision, drawing, FeatureSource.DRAWN)
        self.decided.features[feature.id] = feature
        self.decided.warnings += warnings
        self._undo(do="erase", feature_ids=[str(feature.id)])

    def _drawn_before(self, decision: said.Draw, drawing: BaseGeometry) -> MapFeature | None:
        """Return the object that the same act drew, whose answer was lost; None where the id is free."""
        if decision.id is None:
            return None
        known = self._features.get(decision.id)
        if known is None:
            if self._repository.is_taken(decision.id):
                raise Conflict("record.exists", id=decision.id)
            return None
        if known.withdrawn_at is not None:
            raise Conflict("decisions.withdrawn_already")
        is_as_drawn = known.kind is decision.kind and drawing.equals_exact(known.pixel_geometry, tolerance=_SAME_PX)
        # What somebody made of it since does not make it another one.
        if known.source is not FeatureSource.DRAWN or (known.version == 1 and not is_as_drawn):
            raise Conflict("record.exists", id=decision.id)
        return known

    def _change(self, decision: said.Change) -> None:
        feature = self._standing([decision.feature_id])[0]
        self._refuse_changed(feature, decision)
        before: dict[str, Any] = {"do": "change", "feature_id": str(feature.id)}
        for name in ("kind", "name_ky", "name_ru", "name_en", "attributes"):
            value = getattr(decision, name)
            if value is not None and value != getattr(feature, name):
                before[name] = getattr(feature, name)
                setattr(feature, name, value)
        check_values(feature)
        if decision.geometry is not None:
            if feature.moved_by_hand or feature.pixel_geometry is None:
                raise Refused("decisions.moved_by_hand")
            drawing, warnings = take_pixels(decision.geometry, self._size)
            if not drawing.equals_exact(feature.pixel_geometry, tolerance=_SAME_PX):
                before["geometry"] = feature.pixel_geometry.__geo_interface__
                feature.pixel_geometry = drawing
                self._ground.put(feature)
            self.decided.warnings += warnings
        self.decided.features[feature.id] = feature
        self._undo(**before)

    def _refuse_changed(self, feature: MapFeature, decision: said.Change) -> None:
        held = self._versions.get(feature.id)
        if decision.version is None or held is None or decision.version == held:
            return
        wanted = decision.model_dump(exclude={"do", "feature_id", "version"}, exclude_none=True)
        if all(self._stands(feature, name, value) for name, value in wanted.items()):
            return  # it is as it is wanted: the answer to whoever sends a second time was lost
        current = represent(self._session, MAP_FEATURES, [feature], actor=self._actor)[0]
        raise ChangedMeanwhile(current=current, yours=wanted, seen=decision.version, version=held)

    def _stands(self, feature: MapFeature, name: str, value: Any) -> bool:
        if name != "geometry":
            return bool(getattr(feature, name) == value)
        drawn, (wanted, _) = feature.pixel_geometry, take_pixels(value, self._size)
        return drawn is not None and drawn.equals_exact(wanted, tolerance=_SAME_PX)

    def _erase(self, feature_ids: Collection[UUID]) -> None:
        features = self._standing(feature_ids)
        self._withdraw(features)
        made_from = [self._by_id[one.candidate_id] for one in features if one.candidate_id]
        self._turn([one for one in made_from if one.state is CandidateState.ACCEPTED], CandidateState.PROPOSED)
        self._undo(do="restore", feature_ids=[str(one.id) for one in features])

    def _restore(self, feature_ids: Collection[UUID]) -> None:
        features = self._found(feature_ids)
        standing = [one for one in features if one.withdrawn_at is None]
        if standing:
            raise Conflict("decisions.stands_already")
        for feature in features:
            candidate = self._by_id.get(feature.candidate_id) if feature.candidate_id else None
            if candidate is not None:
                _refuse_others([candidate], CandidateState.PROPOSED)
                self._turn([candidate], CandidateState.ACCEPTED)
            feature.withdrawn_at, feature.withdrawn_by, feature.withdrawn_reason = None, "", ""
            follows = feature.pixel_geometry is not None and not feature.moved_by_hand
            if follows and feature.georeference_version != self._sheet.georeference_version:
                self._ground.put(feature)
            self.decided.features[feature.id] = feature
            if feature.id in self.decided.withdrawn:
                self.decided.withdrawn.remove(feature.id)
        self._undo(do="erase", feature_ids=[str(one.id) for one in features])

    def _shape(self, kind: Kind | None, candidates: Sequence[Candidate]) -> BaseGeometry:
        return self._hand.shape(kind, [one.geometry for one in candidates], longest_px=max(self._size))

    def _new(self, meaning: said.Accept | said.Draw, drawing: BaseGeometry, source: FeatureSource) -> MapFeature:
        names = meaning.names
        feature = MapFeature(
            id=getattr(meaning, "id", None) or new_id(),
            settlement_id=self._event.settlement_id,
            event_id=self._event.id,
            layer=layer_of(meaning.kind),
            kind=meaning.kind,
            name_ky=names.ky,
            name_ru=names.ru,
            name_en=names.en,
            attributes=dict(meaning.attributes),
            source=source,
            sheet_id=self._sheet.id,
            pixel_geometry=drawing,
            moved_by_hand=False,
            is_sensitive=False,
        )
        check_values(feature)
        self._ground.put(feature)
        self._session.add(feature)
        self._features[feature.id] = self.decided.features[feature.id] = feature
        return feature

    def _withdraw(self, features: Sequence[MapFeature]) -> None:
        refuse_needed_features(self._session, features)
        moment = now()
        for feature in features:
            feature.withdrawn_at = moment
            feature.withdrawn_by = self._session.info[ACTOR]
            feature.withdrawn_reason = _REASON
            self.decided.features.pop(feature.id, None)
            self.decided.withdrawn.append(feature.id)

    def _turn(self, candidates: Iterable[Candidate], state: CandidateState) -> None:
        for one in candidates:
            one.state = state
            self.decided.candidates.add(one.ordinal)

    def _add(self, candidates: Sequence[Candidate]) -> None:
        self._session.add_all(candidates)
        self.settle()  # objects of the map will point at them
        self._keep(candidates)
        self._last = max(one.ordinal for one in candidates)
        self.decided.candidates.update(one.ordinal for one in candidates)

    def _keep(self, candidates: Iterable[Candidate]) -> None:
        for one in candidates:
            self._candidates[one.ordinal] = self._by_id[one.id] = one

    def _open(self, ordinals: Collection[int]) -> list[Candidate]:
        found = self._known(ordinals)
        _refuse_others(found, CandidateState.PROPOSED)
        return found

    def _known(self, ordinals: Collection[int]) -> list[Candidate]:
        unknown = [one for one in ordinals if one not in self._candidates]
        if unknown:
            raise NotFound("decisions.unknown_candidates", ordinals=_listed(unknown))
        return [self._candidates[one] for one in dict.fromkeys(ordinals)]

    def _standing(self, feature_ids: Collection[UUID]) -> list[MapFeature]:
        found = self._found(feature_ids)
        if any(one.withdrawn_at is not None for one in found):
            raise Conflict("decisions.withdrawn_already")
        return found

    def _found(self, feature_ids: Collection[UUID]) -> list[MapFeature]:
        unknown = [one for one in feature_ids if one not in self._features]
        if unknown:
            raise NotFound("decisions.unknown_feature", id=unknown[0])
        return [self._features[one] for one in dict.fromkeys(feature_ids)]

    def _undo(self, **decision: Any) -> None:
        undo = self.decided.undo
        listed = _LISTS.get(decision["do"], "")
        # A thousand decisions of one kind in a row are taken back by one.
        if listed and undo and undo[-1]["do"] == decision["do"] and _room(undo[-1][listed], decision[listed]):
            undo[-1][listed] = [*undo[-1][listed], *decision[listed]]
        else:
            undo.append(decision)


def _room(some: Sequence[object], more: Sequence[object]) -> bool:
    return len(some) + len(more) <= said.MOST_ORDINALS


def _refuse_others(candidates: Iterable[Candidate], *states: CandidateState) -> None:
    """Refuse candidates that are in another state: somebody decided about them meanwhile."""
    others: Mapping[int, CandidateState] = {one.ordinal: one.state for one in candidates if one.state not in states}
    if others:
        raise Conflict("decisions.decided_meanwhile", ordinals=_listed(others))


def _listed(ordinals: Iterable[int]) -> str:
    numbers = sorted(ordinals)
    return ", ".join(map(str, numbers[:20])) + (f" … ({len(numbers)})" if len(numbers) > 20 else "")
