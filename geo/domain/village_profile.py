"""What a village says of itself: topics of the village profile (DOMAIN.md sections 2 and 3)."""

from __future__ import annotations

from enum import StrEnum

from geo.errors import Refused

__all__ = ["EARLIEST_NOTE_YEAR", "LATEST_NOTE_YEAR", "ProfileTopic", "check_years"]

EARLIEST_NOTE_YEAR = -3000
"""Petroglyphs and burial mounds are part of a village's history."""
LATEST_NOTE_YEAR = 2100


class ProfileTopic(StrEnum):
    """Chapter of the profile."""

    HISTORY = "history"
    ECONOMY = "economy"
    RESOURCES = "resources"
    INFRASTRUCTURE = "infrastructure"
    SOCIAL_STRUCTURE = "social_structure"
    NEEDS = "needs"
    ORGANISATIONS = "organisations"
    OUTSIDE_AGENCIES = "outside_agencies"
    INFORMATION_CHANNELS = "information_channels"


def check_years(year_from: int | None, year_to: int | None) -> None:
    """Make sure that a time told in a note can be one.

    Raises
    ------
    Refused
        A year outside the possible ones, or an end before the beginning.
    """
    for year in (year_from, year_to):
        if year is not None and not EARLIEST_NOTE_YEAR <= year <= LATEST_NOTE_YEAR:
            raise Refused("profile.year", year=year, earliest=EARLIEST_NOTE_YEAR, latest=LATEST_NOTE_YEAR)
    if year_from is not None and year_to is not None and year_to < year_from:
        raise Refused("profile.years_reversed", year_from=year_from, year_to=year_to)
