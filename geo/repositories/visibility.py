"""Who may see a row, as a condition of the query (DESIGN.md section 3): what no line lets through is not seen.

People with a role see the rows of their municipalities, earlier municipalities of the same villages included (they are
in `Actor.roles`), and what hangs on a village that is theirs today. Everybody sees what is published, except rows that
give away the home of a vulnerable household: such a row is left out, not moved, for whoever can ask for the objects in
a box finds a moved one by making the box smaller.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, and_, exists, false, inspect, or_, select, true

from geo.domain.clock import local_today
from geo.domain.rights import Action, Actor, Subject, is_public_subject
from geo.models import AccessToken, Account, Base, Cycle, MapFeature, RoleGrant
from geo.repositories.memberships import villages_of

__all__ = ["SUBJECT_OF", "leads_to_homes", "of_municipalities", "published", "subject_of", "visible"]

_PLAN = ("plan", "plan_approval", "plan_goal", "task", "activity", "activity_status", "contribution", "microproject")
_MERGES = ("problem_merge", "problem_merge_source", "problem_distinction")
_GALLERY = ("problem", "problem_statement", *_MERGES, "cause_analysis")
_VISITS = ("monitoring_visit", "finding", "follow_up", "checklist_score", "visit_photo")
_MEASURES = ("indicator", "indicator_value", "exit_poll_answer")

SUBJECT_OF: Mapping[str, Subject] = MappingProxyType(
    {
        **dict.fromkeys(("municipality", "settlement", "settlement_boundary", "cycle"), Subject.TERRITORY),
        "membership": Subject.MEMBERSHIP,
        "appraisal_event": Subject.EVENTS,
        **dict.fromkeys(("participant", "group_member"), Subject.PEOPLE),
        **dict.fromkeys(
            ("sketch_sheet", "sheet_photo", "sheet_placement", "control_point", "candidate", "event_legend"),
            Subject.SHEETS,
        ),
        **dict.fromkeys(("map_feature", "feature_match", "feature_match_source"), Subject.FEATURES),
        **dict.fromkeys(("institution_circle", "institution_tie"), Subject.INSTITUTIONS),
        "budget_share": Subject.BUDGET,
        "village_note": Subject.PROFILE,
        **dict.fromkeys(_GALLERY, Subject.PROBLEMS),
        **dict.fromkeys(_PLAN, Subject.PLANS),
        "people_group": Subject.GROUPS,
        **dict.fromkeys((*_VISITS, *_MEASURES), Subject.MONITORING),
        **dict.fromkeys(("problem_feature", "problem_activity", "site_proposal"), Subject.LINKS),
        "job": Subject.JOBS,
        "audit_event": Subject.LEDGER,
        **dict.fromkeys(("account", "role_grant", "access_token"), Subject.ACCOUNTS),
    }
)
"""By which rights the rows of a table are governed; one that is not here is seen by nobody without being named."""

_LEADING = frozenset({"activity", "monitoring_visit", "institution_circle"})
"""Tables over whose rows others lead to an object of the map."""

_FOR_ALL = frozenset({Subject.TERRITORY, Subject.MEMBERSHIP})
"""Facts that are nobody's records."""


def subject_of(model: Any) -> Subject | None:
    """Return by which rights a table's rows are governed, None where nobody sees them."""
    return SUBJECT_OF.get(_table(model).name)


def visible(
    model: Any,
    actor: Actor,
    subject: Subject | None = None,
    *,
    never_public: bool = False,
    today: date | None = None,
) -> ColumnElement[bool]:
    """Return the condition that an actor may see a row.

    Parameters
    ----------
    model
        Its table, or an alias of it.
    actor
        Who asks.
    subject
        By which rights it is governed; without, that of `SUBJECT_OF`.
    never_public
        Whether publishing does not show it to the public.
    today
        Day by which villages belong to municipalities; without, today.
    """
    subject = subject or subject_of(model)
    if subject is None:
        return false()
    if subject in _FOR_ALL:
        return true()
    allowed = actor.municipalities(Action.READ, subject)
    if allowed is None:
        return true()
    ways = [_own(model, actor)]
    if allowed:
        ways.append(of_municipalities(model, allowed, today=today))
    if is_public_subject(subject) and not never_public:
        ways.append(published(model))
    return or_(*ways)


def _own(model: Any, actor: Actor) -> ColumnElement[bool]:
    """Whether a row is of the actor's own account."""
    table = _table(model)
    if actor.account_id is None or table not in {Account.__table__, RoleGrant.__table__, AccessToken.__table__}:
        return false()
    own: ColumnElement[bool] = (model.id if table is Account.__table__ else model.account_id) == actor.account_id
    return own


def of_municipalities(
    model: Any, municipalities: Collection[UUID], *, today: date | None = None
) -> ColumnElement[bool]:
    """Return the condition that a row belongs to one of some municipalities, or to a village that is theirs today."""
    table = _table(model)
    today = today or local_today()
    if table is AccessToken.__table__:
        return false()  # a token is its owner's; who administers an account can only shut it
    ways: list[ColumnElement[bool]] = []
    if table is Account.__table__:
        ways.append(model.id.in_(select(RoleGrant.account_id).where(RoleGrant.municipality_id.in_(municipalities))))
    elif "municipality_id" in table.c:
        ways.append(model.municipality_id.in_(municipalities))
    elif "cycle_id" in table.c:
        ways.append(model.cycle_id.in_(select(Cycle.id).where(Cycle.municipality_id.in_(municipalities))))
    # A member's village is where the person lives: its municipality has no part in the group.
    if "settlement_id" in table.c and SUBJECT_OF.get(table.name) is not Subject.PEOPLE:
        ways.append(model.settlement_id.in_(villages_of(municipalities, today)))
    if not ways:
        ways += [
            getattr(model, name).in_(select(parent.id).where(of_municipalities(parent, municipalities, today=today)))
            for name, parent in _whole_of(table)
        ]
    return or_(false(), *ways)


def published(model: Any) -> ColumnElement[bool]:
    """Return the condition that everybody may see a row.

    A row without a say of its own, such as a source of a merge, is as public as what it is a part of.
    """
    table = _table(model)
    if "published_at" in table.c:
        shown: ColumnElement[bool] = model.published_at.is_not(None)
    else:
        shown = or_(
            false(),
            *(
                getattr(model, name).in_(select(parent.id).where(published(parent), _stands(parent)))
                for name, parent in _whole_of(table)
            ),
        )
    if table is MapFeature.__table__:
        return and_(shown, model.is_sensitive.is_(False))
    return and_(shown, *(~way for way in _ways_to_homes(table, lambda name: getattr(model, name))))


@cache
def leads_to_homes(model: type[Base]) -> bool:
    """Return whether rows can lead to a home over others: who sees them then changes with other tables' rows."""
    table = _table(model)
    return bool(_ways_to_homes(table, table.c.__getitem__))


def _ways_to_homes(table: Table, column: Callable[[str], Any]) -> list[ColumnElement[bool]]:
    """Return the conditions that a row leads to the home of a vulnerable household, each over one of its references.

    A finding leads there over its visit, and that over the activity whose site it is. Withdrawn rows lead there too.
    """
    found: list[ColumnElement[bool]] = []
    for name, target in _references(table):
        row = target.alias()
        if target is MapFeature.__table__:
            found.append(exists().where(row.c.id == column(name), row.c.is_sensitive.is_(True)))
        elif target is not table and target.name in _LEADING and (ways := _ways_to_homes(target, row.c.__getitem__)):
            found.append(exists().where(row.c.id == column(name), or_(*ways)))
    return found


def _references(table: Table) -> list[tuple[str, Table]]:
    return [(one.name, key.column.table) for one in table.columns for key in one.foreign_keys]


def _stands(model: Any) -> ColumnElement[bool]:
    stands: ColumnElement[bool] = model.withdrawn_at.is_(None) if "withdrawn_at" in _table(model).c else true()
    return stands


def _whole_of(table: Table) -> list[tuple[str, Any]]:
    """Return what a row is a part of: its first reference that must be there, with the record that it points at."""
    records = {mapper.local_table: mapper.class_ for mapper in Base.registry.mappers}
    for column in table.columns:
        for key in column.foreign_keys:
            if not column.nullable and key.column.table is not table:
                return [(column.name, records[key.column.table])]
    return []


def _table(model: Any) -> Table:
    table = inspect(model).mapper.local_table
    assert isinstance(table, Table)
    return table
