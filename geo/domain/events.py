"""Events of the cycle and the groups that meet in them (DOMAIN.md section 2)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from geo.errors import Refused
from geo.i18n import Language, text

__all__ = ["ADULT_AGE", "OLDEST_AGE", "STANDARD_GROUPS", "EventKind", "GroupSex", "SessionGroup"]

ADULT_AGE = 18
OLDEST_AGE = 120


class EventKind(StrEnum):
    """What kind of meeting an event is."""

    SESSION = "session"
    FOCUS_GROUP = "focus_group"
    PLANNING_MEETING = "planning_meeting"
    ASSEMBLY = "assembly"
    HEARING = "hearing"


class GroupSex(StrEnum):
    """Women and men together, or one of them alone."""

    MIXED = "mixed"
    WOMEN = "women"
    MEN = "men"


@dataclass(frozen=True, slots=True)
class SessionGroup:
    """The residents invited to an event.

    Parameters
    ----------
    age_from, age_to
        Ages in whole years, both inclusive; None leaves that side open.
    sex
        Women and men together, or one of them alone.
    other
        Any other grouping in the facilitator's words, such as one street or students.
    reason
        Why this grouping was chosen; a session outside the standard groups needs it.

    Raises
    ------
    Refused
        An age below 0 or above 120, or an upper age below the lower one.
    """

    age_from: int | None = None
    age_to: int | None = None
    sex: GroupSex = GroupSex.MIXED
    other: str = ""
    reason: str = ""

    def __post_init__(self) -> None:
        for age in (self.age_from, self.age_to):
            if age is not None and not 0 <= age <= OLDEST_AGE:
                raise Refused("group.age_impossible", age=age, oldest=OLDEST_AGE)
        if self.age_from is not None and self.age_to is not None and self.age_to < self.age_from:
            raise Refused("group.ages_reversed", age_from=self.age_from, age_to=self.age_to)

    @property
    def is_standard(self) -> bool:
        """Whether this is one of the method's three groups: 18-35, 36-55, 56 and older, women and men together."""
        plain = self.sex is GroupSex.MIXED and not self.other.strip()
        return plain and (self.age_from, self.age_to) in _STANDARD_AGES

    @property
    def is_open(self) -> bool:
        """Whether everybody is invited: no age, sex or other grouping."""
        return self == SessionGroup(reason=self.reason)

    def label(self, language: Language) -> str:
        """Return the group in words, such as ``18–35 жаш`` or ``Аялдар, 56+ жаш``.

        >>> SessionGroup(18, 35).label(Language.RU)
        '18–35 лет'
        """
        parts = [self.other.strip()] if self.other.strip() else []
        if self.sex is not GroupSex.MIXED:
            parts.append(text(f"group_sex.{self.sex}", language))
        if self.age_from is not None and self.age_to is not None:
            parts.append(text("group.ages", language, age_from=self.age_from, age_to=self.age_to))
        elif self.age_from is not None:
            parts.append(text("group.ages_from", language, age_from=self.age_from))
        elif self.age_to is not None:
            parts.append(text("group.ages_to", language, age_to=self.age_to))
        return ", ".join(parts) or text("group.everybody", language)


_STANDARD_AGES = ((18, 35), (36, 55), (56, None))
STANDARD_GROUPS: tuple[SessionGroup, ...] = tuple(SessionGroup(low, high) for low, high in _STANDARD_AGES)
