"""Who may do what: roles, actions and subjects; what no line allows is denied (DESIGN.md section 3, DOMAIN.md 11).

A right always concerns one municipality. Whether the public reads a row depends on the row as well: it must be
published.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

__all__ = [
    "EVERYWHERE_ONLY",
    "LOCAL",
    "PUBLIC",
    "PUBLIC_SUBJECTS",
    "RIGHTS",
    "Action",
    "Actor",
    "Role",
    "Subject",
    "is_allowed",
    "is_public_subject",
]


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
    """Municipalities, settlements and their boundaries, cycles."""
    MEMBERSHIP = "membership"
    """Which settlement belongs to which municipality: who can change that, reaches the records of others."""
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
_RECORD = (Subject.PROBLEMS, Subject.PLANS, Subject.GROUPS, Subject.MONITORING, Subject.LINKS)
_OPEN = (Subject.TERRITORY, Subject.MEMBERSHIP, *_SESSION, *_RECORD)

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

EVERYWHERE_ONLY = frozenset({Subject.MEMBERSHIP})
"""What only a role held everywhere changes: whoever could take a village in would come by its people's records."""

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
    read_only
        Whether it is a program whose token only reads.
    """

    name: str
    account_id: UUID | None = None
    roles: Mapping[UUID, frozenset[Role]] = field(default_factory=dict)
    everywhere: frozenset[Role] = frozenset()
    read_only: bool = False

    @property
    def is_public(self) -> bool:
        """Whether it sees no more than the public: nobody has signed in, or somebody without a role."""
        return not self.roles and not self.everywhere

    @property
    def ledger_name(self) -> str:
        """Who it is for the ledger: the account's name and, as names can be given anew, its id."""
        return self.name if self.account_id is None else f"{self.name} ({self.account_id})"

    def municipalities(self, action: Action, subject: Subject) -> frozenset[UUID] | None:
        """Return where an action is allowed; None stands for every municipality."""
        if self.read_only and action is not Action.READ:
            return frozenset()
        if _allows(self.everywhere, action, subject):
            return None
        if subject in EVERYWHERE_ONLY and action is not Action.READ:
            return frozenset()
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


def is_public_subject(subject: Subject) -> bool:
    """Return whether published rows of a subject are for everybody."""
    return subject in PUBLIC_SUBJECTS


def _allows(roles: frozenset[Role], action: Action, subject: Subject) -> bool:
    return any(action in RIGHTS[role].get(subject, frozenset()) for role in roles)
