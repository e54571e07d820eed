"""What a form is asked for, and what of the record it is about."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from uuid import UUID

from geo.domain.events import EventKind
from geo.domain.labels import label_text
from geo.errors import NotFound, Refused
from geo.i18n import Language
from geo.snapshots import Audience, CycleSnapshot, HeldEvent, SettlementSnapshot
from maps.documents.pictures import NO_PICTURES, FormPictures

__all__ = ["FormRequest"]


@dataclass(frozen=True, slots=True)
class FormRequest:
    """A form to fill, or to print before there is anything to fill it with.

    Parameters
    ----------
    cycle
        None only for a blank form.
    blank
        Names of places, the day and the group stand on it as far as they are known; everything else is left to be
        written by hand.
    """

    cycle: CycleSnapshot | None
    language: Language
    event_id: UUID | None = None
    settlement_id: UUID | None = None
    blank: bool = False
    pictures: FormPictures = NO_PICTURES

    @property
    def is_public(self) -> bool:
        """Whether everybody may read it. A blank form holds nothing that anybody may not."""
        return not self.blank and self.cycle is not None and self.cycle.audience is Audience.PUBLIC

    @property
    def filled(self) -> CycleSnapshot:
        """The record.

        Raises
        ------
        Refused
            There is none, and the form is not to be blank.
        """
        if self.cycle is None:
            raise Refused("documents.nothing_to_fill_with")
        return self.cycle

    @property
    def shown(self) -> CycleSnapshot | None:
        """The record as far as it is to stand on the form; None: nothing of it."""
        return None if self.blank else self.filled

    def event(self, kinds: Collection[EventKind]) -> HeldEvent | None:
        """Return the event that the form is about; None for a blank form that names none.

        Raises
        ------
        NotFound
            The record has no such event.
        Refused
            It is of another kind, there is none, or there are several to choose from.
        """
        if self.blank and (self.cycle is None or self.event_id is None):
            return None
        kinds_in_words = label_text(next(iter(kinds)))
        if self.event_id is not None:
            found = next((one for one in self.filled.events if one.id == self.event_id), None)
            if found is None:
                raise NotFound("documents.event_unknown", id=self.event_id)
            if found.kind not in kinds:
                raise Refused("documents.event_of_other_kind", kind=label_text(found.kind), wanted=kinds_in_words)
            return _unwritten(found) if self.blank else found
        fitting = [
            one for one in self.filled.events if one.kind in kinds and self.settlement_id in (None, one.settlement_id)
        ]
        if not fitting:
            raise Refused("documents.no_event", kind=kinds_in_words, year=self.filled.year)
        if len(fitting) > 1:
            raise Refused("documents.which_event", kind=kinds_in_words, count=len(fitting))
        return fitting[0]

    def settlement(self, event: HeldEvent | None = None) -> SettlementSnapshot | None:
        """Return the village that the form is about: that of the event, the one asked for, or the only one.

        Raises
        ------
        NotFound
            The municipality has no such village.
        """
        if self.cycle is None:
            return None
        wanted = event.settlement_id if event else self.settlement_id
        if wanted is not None:
            found = self.cycle.settlement(wanted)
            if found is None:
                raise NotFound("documents.settlement_unknown", id=wanted)
            return found
        villages = self.cycle.municipality.settlements
        return villages[0] if len(villages) == 1 else None


def _unwritten(event: HeldEvent) -> HeldEvent:
    """What is known of an event before it is held."""
    return replace(
        event,
        participants=None,
        women=None,
        facilitators=None,
        facilitator_names=(),
        minutes=None,
        signatures=(),
        participant_list=(),
        features=(),
        sheets=(),
        venns=(),
        bread=None,
    )
