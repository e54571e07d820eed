"""Words of the territory: kinds of municipality, how sure a date or a boundary is (DOMAIN.md section 1)."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["BoundaryStatus", "DatePrecision", "MunicipalityKind", "TerritoryWord"]


class MunicipalityKind(StrEnum):
    """An aiyl aimak of one or more villages, or a town."""

    AIMAK = "aimak"
    TOWN = "town"


class DatePrecision(StrEnum):
    """How exactly a date is known; one known to the month or year is stored as the first day of it."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class BoundaryStatus(StrEnum):
    """A boundary is proposed by residents and approved by the council."""

    PROPOSED = "proposed"
    APPROVED = "approved"


class TerritoryWord(StrEnum):
    """Names of the levels and bodies of a territory, for headings and forms."""

    OBLAST = "oblast"
    RAYON = "rayon"
    MUNICIPALITY = "municipality"
    AIMAK = "aimak"
    TOWN = "town"
    SETTLEMENT = "settlement"
    VILLAGE = "village"
    QUARTER = "quarter"
    STREET = "street"
    SELF_GOVERNMENT_AREA = "self_government_area"
    AIYL_OKMOTU = "aiyl_okmotu"
    MAYORS_OFFICE = "mayors_office"
    AIYL_KENESH = "aiyl_kenesh"
    LOCAL_COUNCIL = "local_council"
    POPULATION = "population"
    HOUSEHOLDS = "households"
