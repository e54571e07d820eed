"""What a kind of record is: its table, what people fill in, whose it is, and the rules it keeps."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    ModelWrapValidatorHandler,
    PrivateAttr,
    model_validator,
)
from pydantic_core import PydanticCustomError
from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from geo.domain.rights import Action, Actor, Subject
from geo.errors import Refused
from geo.i18n import Text
from geo.models import Record
from geo.models.governed import Withdrawable
from geo.spatial.intake import take_geojson, take_geometry

__all__ = ["Form", "Moment", "Resource", "check_storable", "no_check", "returns_alone"]

R = TypeVar("R", bound=Record)


_UNUSABLE = re.compile("[\0\ud800-\udfff]")
_LONGEST = 100_000
"""Characters of a text: minutes of a long day have some thirty thousand."""
_GREATEST = 2**53
"""Whole numbers beyond it are not the same in every program that reads JSON (RFC 8259, clause 6)."""


class Form(BaseModel):
    """What people fill in. A field is a column of the same name; ``None`` means not known.

    A field ``geometry`` takes a shapely geometry or GeoJSON, lon lat, by the policy of `geo.spatial.intake`.
    """

    model_config = ConfigDict(
        extra="forbid", str_strip_whitespace=True, arbitrary_types_allowed=True, allow_inf_nan=False
    )
    _warnings: tuple[Text, ...] = PrivateAttr(default=())

    @property
    def warnings(self) -> tuple[Text, ...]:
        """What was noticed while the form was read."""
        return self._warnings

    @classmethod
    def changed(cls, before: Mapping[str, Any], values: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return all fields after some were given anew; a form lets those follow that hang on them."""
        return {**before, **values}

    @model_validator(mode="wrap")
    @classmethod
    def _take(cls, values: Any, handler: ModelWrapValidatorHandler[Form]) -> Form:
        warnings: tuple[Text, ...] = ()
        if isinstance(values, Mapping):
            check_storable(values)
            given = values.get("geometry")
            if "geometry" in cls.model_fields and given is not None:
                if isinstance(given, BaseGeometry):
                    shape, warnings = take_geometry(given)
                elif isinstance(given, Mapping):
                    shape, warnings = take_geojson(given)
                else:
                    raise Refused("geometry.unreadable")
                values = {**values, "geometry": shape}
        form = handler(values)
        form._warnings = warnings
        return form


def check_storable(value: Any) -> None:
    """Make sure that both engines can keep a value of JSON as it is.

    Raises
    ------
    Refused
        Text with a NUL or half a character, or far too much of it; or a number that is too great.
    """
    if isinstance(value, str):
        if _UNUSABLE.search(value):
            raise Refused("record.text_unusable")
        if len(value) > _LONGEST:
            raise Refused("record.text_too_long", length=len(value), most=_LONGEST)
    elif isinstance(value, int | float):
        if abs(value) > _GREATEST and not isinstance(value, bool):
            raise Refused("record.number_too_great", number=str(value)[:40])
    elif isinstance(value, Mapping):
        for name, one in value.items():
            check_storable(name)
            if name != "geometry":
                check_storable(one)
    elif isinstance(value, list | tuple):
        for one in value:
            check_storable(one)


def _in_calendar(moment: datetime) -> datetime:
    try:
        moment.astimezone(UTC)
    except OverflowError as error:
        raise PydanticCustomError("datetime_out_of_calendar", "before the year 1 or after 9999 in UTC") from error
    return moment


Moment = Annotated[AwareDatetime, AfterValidator(_in_calendar)]
"""A moment that can be kept: with its time zone, and in UTC too within the calendar."""


def no_check(_session: Session, _record: Any) -> tuple[Text, ...]:
    """Accept a record as it is."""
    return ()


def returns_alone(_session: Session, _record: Any) -> None:
    """Put nothing else back: of kinds that are withdrawn only where nothing hangs on them."""


@dataclass(frozen=True, kw_only=True)
class Resource(Generic[R]):
    """A kind of record.

    Parameters
    ----------
    name
        Plural, with hyphens: the collection's name in addresses, such as ``problem-statements``.
    subject
        By which rights it is governed.
    model
        Its table.
    form
        Fields that people write; every field is a column.
    owner
        Returns the municipality of a record whose fields are filled in (and may fill in what follows from them, such as
        ``settlement_id`` from an event). A reference to a record that is not there raises `geo.errors.NotFound`. Asked
        anew at every change.
    check
        Rules, asked once the fields are filled in and before anything is stored: raises `geo.errors.Refused` for what
        makes the record meaningless (reject), returns warnings of the method (warn). Its queries see the store without
        the new record, and with the changed one as it was before.
    settled
        Called after the row is flushed, new or changed, for what follows from it (a history entry, a derived row).
    leaving
        Called before the row is withdrawn: refuses, or withdraws what hangs on it.
    returning
        Called once a withdrawn row stands again: puts back what ``leaving`` withdrew. A kind with ``leaving`` and
        without it is never put back.
    owners
        Owner and rules of many new records at once, with no query for each of them: returns their municipalities in
        order; an error says in ``row`` which record it is about. Goes with ``load``.
    load
        Stores many checked records at once, faster than one by one, and notes it in the ledger.
    latest
        Returns the condition that a row is the latest entry of its chain that an actor may see: lists can be narrowed
        to those by ``standing=true``.
    filters, sorts
        Columns that a list may be narrowed and ordered by, beside ``id``, ``created_at`` and ``updated_at``.
    actions
        What can be done with single records; an append-only kind has no CHANGE.
    fixed
        Fields that are given when it is made and never changed.
    private
        Columns that only people with a role in its municipality see.
    people
        Columns that name people: only who reads people (`Subject.PEOPLE`) in its municipality sees them.
    unshown
        Columns that nobody sees.
    counts
        Columns that count people: below 5 the public is told "fewer than 5".
    never_public
        Whole rows that the public never sees, published or not.
    derive
        Further, computed fields of records: a mapping for each, in order.
    derive_for
        The same, of what the reader may see.
    example
        A form filled in, for the documentation.
    """

    name: str
    subject: Subject
    model: type[R]
    form: type[Form]
    owner: Callable[[Session, R], UUID | None]
    check: Callable[[Session, R], Sequence[Text]] = no_check
    settled: Callable[[Session, R], None] | None = None
    leaving: Callable[[Session, R], None] | None = None
    returning: Callable[[Session, R], None] | None = None
    owners: Callable[[Session, Sequence[R]], Sequence[UUID | None]] | None = None
    load: Callable[[Session, Sequence[R]], None] | None = None
    latest: Callable[[Actor], ColumnElement[bool]] | None = None
    filters: tuple[str, ...] = ()
    sorts: tuple[str, ...] = ()
    actions: frozenset[Action] = frozenset(Action)
    fixed: frozenset[str] = frozenset()
    private: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    unshown: frozenset[str] = frozenset()
    counts: frozenset[str] = frozenset()
    never_public: bool = False
    derive: Callable[[Session, Sequence[R]], Sequence[Mapping[str, Any]]] | None = None
    derive_for: Callable[[Session, Sequence[R], Actor], Sequence[Mapping[str, Any]]] | None = None
    example: Mapping[str, Any] = field(default_factory=dict)

    @property
    def has_geometry(self) -> bool:
        """Whether its records are features with a geometry."""
        return "geometry" in self.form.model_fields

    @property
    def can_return(self) -> bool:
        """Whether a withdrawal can be taken back."""
        can_leave = Action.WITHDRAW in self.actions and issubclass(self.model, Withdrawable)
        return can_leave and (self.leaving is None or self.returning is not None)

    @property
    def key(self) -> str:
        """Message key of its title: that of its table."""
        return f"table.{self.model.__tablename__}"
