"""Codes of monitoring: what was looked at and how, how bad it is, and what became of it (DOMAIN.md section 9)."""

from __future__ import annotations

from enum import StrEnum

__all__ = [
    "AgeBand",
    "ChecklistItem",
    "Direction",
    "FollowUpState",
    "IndicatorKind",
    "IndicatorState",
    "Measure",
    "PhotoTime",
    "PollAspect",
    "Severity",
    "VisitMethod",
    "VisitTopic",
]


class VisitTopic(StrEnum):
    """What a visit looked at."""

    ACTIVITY = "activity"
    SERVICE = "service"
    LOCAL_GOVERNMENT = "local_government"
    SOCIAL_PROBLEM = "social_problem"


class VisitMethod(StrEnum):
    """How it was looked at."""

    SURVEY = "survey"
    INTERVIEW = "interview"
    """With beneficiaries, on site."""
    DOCUMENTS = "documents"
    TAKING_PART = "taking_part"
    """In tenders and events."""
    OBSERVATION = "observation"


class Severity(StrEnum):
    """How much a finding matters."""

    GOOD = "good"
    """Worth telling others."""
    NOTE = "note"
    MINOR = "minor"
    MAJOR = "major"
    DANGER = "danger"
    """To people's life or health."""


class FollowUpState(StrEnum):
    """Where something agreed on a visit stands."""

    OPEN = "open"
    OVERDUE = "overdue"
    DONE = "done"
    DONE_LATE = "done_late"


class ChecklistItem(StrEnum):
    """The 18 points of a municipal service standard that a checklist asks about, in their order."""

    NAME = "name"
    PROVIDER = "provider"
    RECIPIENTS = "recipients"
    LEGAL_BASIS = "legal_basis"
    RESULT = "result"
    CONDITIONS = "conditions"
    TIME_LIMIT = "time_limit"
    INFORMER = "informer"
    INFORMING = "informing"
    CONDUCT = "conduct"
    CONFIDENTIALITY = "confidentiality"
    DOCUMENTS = "documents"
    PRICE = "price"
    QUALITY = "quality"
    DELIVERY = "delivery"
    REFUSAL = "refusal"
    APPEAL = "appeal"
    REVIEW = "review"


class IndicatorKind(StrEnum):
    """At which point of the work an indicator speaks."""

    BASELINE = "baseline"
    FINAL = "final"
    IMPACT = "impact"


class Measure(StrEnum):
    """What the values of an indicator are."""

    NUMBER = "number"
    PERCENT = "percent"


class Direction(StrEnum):
    """Which way is better."""

    HIGHER = "higher"
    LOWER = "lower"


class IndicatorState(StrEnum):
    """Where an indicator stands between baseline and target."""

    NO_VALUES = "no_values"
    WORSE = "worse"
    """Than the baseline."""
    UNCHANGED = "unchanged"
    ON_THE_WAY = "on_the_way"
    NOT_REACHED = "not_reached"
    """And how far it has come cannot be said."""
    REACHED = "reached"
    BEYOND = "beyond"


class PhotoTime(StrEnum):
    """What the time of a photo rests on."""

    SATELLITE = "satellite"
    CAMERA_WITH_ZONE = "camera_with_zone"
    CAMERA = "camera"
    """Its clock names no zone: taken for the time of Kyrgyzstan."""


class PollAspect(StrEnum):
    """What people leaving an office are asked to score from 1 to 5."""

    CONDITIONS = "conditions"
    STAFF = "staff"
    INFORMATION = "information"
    REQUIREMENTS = "requirements"
    TIMING = "timing"


class AgeBand(StrEnum):
    """Age in whole years, both ends inclusive."""

    FROM_17 = "17-21"
    FROM_22 = "22-35"
    FROM_36 = "36-60"
    FROM_61 = "61-75"
    FROM_76 = "76+"
