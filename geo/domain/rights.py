"""Who may do what: roles, actions and subjects; what no line allows is denied (DESIGN.md section 3, DOMAIN.md section 11).

A right always concerns one municipality. Whether the public reads a row depends on the row as well: it must be published.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

__all__ = ["LOCAL", "PUBLIC", "RIGHTS", "Action", "Actor", "Role", "Subject", "is_allowed"]


class Role(StrEnum):
    """What a person does for a municipality."""

    FACILITATOR = "facilitator"
    PLANNER = "planner"
    MONITOR = "monitor"
    COUNCIL_MEMBER = "council_member"
    ADMINISTRATOR = "administrator"


class Action(StrEnum):
    """What may be done with records."""

    READ = "read"
    CREATE = "create"
    CHANGE = "change"
    WITHDRAW = "withdraw"
    PUBLISH = "publish"


class Subject(StrEnum):
    """Records that are governed alike."""

    TERRITORY = "territory"
    EVENTS = "events"
    PEOPLE = "people"
    """Participant lists, members of groups, monitors, contacts: never public."""
    SHEETS = "sheets"
    FEATURES = "features"
    INSTITUTIONS = "institutions"
    BUDGET = "budget"
    PROFILE = "profile"
    PROBLEMS = "problems"
    PLANS = "plans"
    GROUPS = "groups"
    MONITORING = "monitoring"
    LINKS = "links"
    JOBS = "jobs"
    LEDGER = "ledger"
    ACCOUNTS = "accounts"


_READ = frozenset({Action.READ})
_WRITE = frozenset({Action.READ, Action.CREATE, Action.CHANGE, Action.WITHDRAW})
_ALL = frozenset(Action)
_SESSION = (Subject.EVENTS, Subject.SHEETS, Subject.FEATURES, Subject.INSTITUTIONS, Subject.BUDGET, Subject.PROFILE)
_OPEN = (*_SESSION, Subject.TERRITORY, Subject.PROBLEMS, Subject.PLANS, Subject.GROUPS, Subject.MONITORING, Subject.LINKS)

RIGHTS: Mapping[Role, Mapping[Subject, frozenset[Action]]] = MappingProxyType(
    {
        Role.FACILITATOR: {
            **dict.fromkeys(_OPEN, _READ),
            **dict.fromkeys((*_SESSION, Subject.PROBLEMS, Subject.LINKS), _ALL),
            **dict.fromkeys((Subject.PEOPLE, Subject.GROUPS, Subject.JOBS), _WRITE),
        },
        Role.PLANNER: {
            **dict.fromkeys(_OPEN, _READ),
            **dict.fromkeys((Subject.PLANS, Subject.GROUPS, Subject.LINKS), _ALL),
            **dict.fromkeys((Subject.PROBLEMS, Subject.FEATURES, Subject.PEOPLE, Subject.JOBS), _WRITE),
        },
        Role.MONITOR: {
            **dict.fromkeys(_OPEN, _READ),
            Subject.MONITORING: _WRITE,
            Subject.PEOPLE: _READ,
            Subject.JOBS: _WRITE,
        },
        Role.COUNCIL_MEMBER: dict.fromkeys(_OPEN, _READ),
        Role.ADMINISTRATOR: {
            **dict.fromkeys(Subject, _ALL),
            Subject.LEDGER: _READ,
        },
    }
)
"""Role by subject: the actions allowed in the role's own municipality."""

PUBLIC_SUBJECTS = frozenset(_OPEN) - {Subject.SHEETS}
"""What the public reads once it is published; the territory always."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody at work: a person signed in, a program with a token, this laptop's user, or the public.

    Parameters
    ----------
    name
        For the ledger.
    account_id
        None for the public and for this laptop's user.
    roles
        Roles by municipality, earlier municipalities of the same villages included.
    everywhere
        Roles in every municipality.
    """

    name: str
    account_id: UUID | None = None
    roles: Mapping[UUID, frozenset[Role]] = field(default_factory=dict)
    everywhere: frozenset[Role] = frozenset()

    @property
    def is_public(self) -> bool:
        """Whether nobody has signed in."""
        return not self.roles and not self.everywhere

    def municipalities(self, action: Action, subject: Subject) -> frozenset[UUID] | None:
        """Return where an action is allowed; None stands for every municipality."""
        if _allows(self.everywhere, action, subject):
            return None
        return frozenset(one for one, roles in self.roles.items() if _allows(roles, action, subject))


PUBLIC = Actor("public")
LOCAL = Actor("local", everywhere=frozenset({Role.ADMINISTRATOR}))
"""The user of a laptop that serves nobody else."""


def is_allowed(action: Action, subject: Subject, actor: Actor, municipality_id: UUID | None = None) -> bool:
    """Return whether an actor may do something to a subject's records of a municipality.

    Without a municipality (a settlement of none, a new municipality) only a role held everywhere counts. What the
    public may read is a matter of rows: see `geo.repositories.visibility`.
    """
    allowed = actor.municipalities(action, subject)
    return allowed is None or (municipality_id is not None and municipality_id in allowed)


def _allows(roles: frozenset[Role], action: Action, subject: Subject) -> bool:
    return any(action in RIGHTS[role].get(subject, frozenset()) for role in roles)
