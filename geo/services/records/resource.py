"""What a kind of record is: its table, what people fill in, whose it is, and the rules it keeps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy.orm import Session

from geo.domain.rights import Action, Subject
from geo.i18n import Text
from geo.models import Record

__all__ = ["Form", "Resource", "no_check"]

R = TypeVar("R", bound=Record)


class Form(BaseModel):
    """What people fill in. A field is a column of the same name; ``None`` means not known."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, arbitrary_types_allowed=True)


def no_check(_session: Session, _record: Any) -> tuple[Text, ...]:
    """Accept a record as it is."""
    return ()


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
        ``settlement_id`` from an event). A reference to a record that is not there raises `geo.errors.NotFound`.
    check
        Rules, asked once the fields are filled in and before anything is stored: raises `geo.errors.Refused` for what
        makes the record meaningless (reject), returns warnings of the method (warn).
    settled
        Called after the row is flushed, for what follows from it (a history entry, a derived row).
    filters, sorts
        Columns that a list may be narrowed and ordered by, beside ``id``, ``created_at`` and ``updated_at``.
    actions
        What can be done with single records; an append-only kind has no CHANGE.
    fixed
        Fields that are given when it is made and never changed.
    private
        Columns that only people with a role in its municipality see.
    counts
        Columns that count people: below 5 the public is told "fewer than 5".
    never_public
        Whole rows that the public never sees, published or not.
    derive
        Further, computed fields of records: a mapping for each, in order.
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
    filters: tuple[str, ...] = ()
    sorts: tuple[str, ...] = ()
    actions: frozenset[Action] = frozenset(Action)
    fixed: frozenset[str] = frozenset()
    private: frozenset[str] = frozenset()
    counts: frozenset[str] = frozenset()
    never_public: bool = False
    derive: Callable[[Session, Sequence[R]], Sequence[Mapping[str, Any]]] | None = None
    example: Mapping[str, Any] = field(default_factory=dict)

    @property
    def has_geometry(self) -> bool:
        """Whether its records are features with a geometry."""
        return "geometry" in self.form.model_fields

    @property
    def key(self) -> str:
        """Message key of its title: that of its table."""
        return f"table.{self.model.__tablename__}"
