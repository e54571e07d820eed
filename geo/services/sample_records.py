"""Records of the whole sample: made once through the forms that people fill in, found again by their keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.domain.rights import LOCAL
from geo.models import Plan, Problem, ProblemStatement
from geo.sample.whole import sample_id, sample_shape
from geo.services.records.registry import RESOURCES
from geo.services.records.writing import create, publish

__all__ = ["SampleRecords"]


@dataclass
class SampleRecords:
    """The sample in a store.

    Parameters
    ----------
    session
        Of the transaction.
    is_new
        Whether the sample was not there when loading began. What people decided since (published, merged, matched) is
        not done a second time.
    made
        Records made by this loading.
    """

    session: Session
    is_new: bool = False
    made: int = field(default=0)

    def __post_init__(self) -> None:
        self.is_new = not self.is_there(Plan, sample_id("plan"))

    def is_there(self, model: Any, record_id: UUID) -> bool:
        """Return whether there is a record, withdrawn or not."""
        query = select(model.fid).where(model.id == record_id).execution_options(with_withdrawn=True)
        return self.session.scalar(query) is not None

    def store(self, kind: str, key: str, fields: Mapping[str, Any], *, shown: bool = False) -> UUID:
        """Make a record of a kind where it is not there yet, and publish a new one if it is to be shown."""
        of_kind, record_id = RESOURCES[kind], sample_id(key)
        if not self.is_there(of_kind.model, record_id):
            form = of_kind.form.model_validate(self.resolved(fields))
            create(self.session, of_kind, form, actor=LOCAL, record_id=record_id)
            self.made += 1
            if shown:
                publish(self.session, of_kind, record_id, actor=LOCAL, seen=None, shown=True)
        return record_id

    def resolved(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Return fields with ids for keys (``@key``) and a geometry for a place told in metres."""
        values = {name: self._resolved(value) for name, value in fields.items() if name not in ("place", "origin")}
        place = fields.get("place")
        if isinstance(place, Mapping) and "origin" in fields:
            values["geometry"] = sample_shape(place, origin=fields["origin"])
        elif place is not None:
            values["place"] = place
        return values

    def problem_of(self, key: str) -> Problem:
        """Return a statement's own problem."""
        query = (
            select(Problem)
            .join(ProblemStatement, ProblemStatement.problem_id == Problem.id)
            .where(ProblemStatement.id == sample_id(key))
        )
        return self.session.scalars(query).one()

    def merged_above(self, key: str) -> list[Problem]:
        """Return a statement's own problem and those that it was merged into, the last one at the end."""
        path = [self.problem_of(key)]
        while (into := path[-1].merged_into_id) is not None:
            path.append(self.session.scalars(select(Problem).where(Problem.id == into)).one())
        return path

    def _resolved(self, value: Any) -> Any:
        if not (isinstance(value, str) and value.startswith("@")):
            return value
        which, _, key = value[1:].rpartition(":")
        if which == "head":  # the village's problem
            path = self.merged_above(key)
            return [one for one in path if one.settlement_id is not None][-1].id
        if which == "top":  # the problem that stands on the municipality's list
            return self.merged_above(key)[-1].id
        return sample_id(key)
