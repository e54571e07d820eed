"""Codes of the Joint Action Plan, its groups and its microprojects (DOMAIN.md sections 2, 8 and 9)."""

from __future__ import annotations

from enum import StrEnum

__all__ = [
    "ActivityStage",
    "ApprovalStep",
    "ContributionForm",
    "ContributionSource",
    "ContributionState",
    "Coverage",
    "Currency",
    "GroupKind",
    "MicroprojectStep",
    "Purpose",
    "Responsible",
    "Standing",
    "Viability",
]


class ApprovalStep(StrEnum):
    """The path of a plan, in order: from the meeting that wrote it to the budget that pays for it."""

    PLANNING_MEETING = "planning_meeting"
    ASSEMBLY = "assembly"
    COUNCIL_SESSION = "council_session"
    LOCAL_BUDGET = "local_budget"


class ActivityStage(StrEnum):
    """How far an activity has come."""

    PLANNED = "planned"
    FUNDED = "funded"
    UNDER_WAY = "under_way"
    DONE = "done"
    STOPPED = "stopped"


class Purpose(StrEnum):
    """What an activity is for: two activities with one purpose at one place may be the same work planned twice."""

    DRINKING_WATER = "drinking_water"
    IRRIGATION = "irrigation"
    SEWERAGE = "sewerage"
    DRAINAGE = "drainage"
    ROADS = "roads"
    BRIDGES = "bridges"
    TRANSPORT = "transport"
    LIGHTING = "lighting"
    ELECTRICITY = "electricity"
    HEATING = "heating"
    WASTE = "waste"
    GREENING = "greening"
    ECOLOGY = "ecology"
    RECREATION = "recreation"
    SPORT = "sport"
    PRESCHOOL = "preschool"
    SCHOOL = "school"
    YOUTH = "youth"
    CULTURE = "culture"
    FOLK_ART = "folk_art"
    LIBRARY = "library"
    HERITAGE = "heritage"
    HEALTH = "health"
    SOCIAL_CARE = "social_care"
    HOUSEHOLD_SERVICES = "household_services"
    CEMETERY = "cemetery"
    MUNICIPAL_PROPERTY = "municipal_property"
    LAND_USE = "land_use"
    PASTURE = "pasture"
    FARMING = "farming"
    BUSINESS = "business"
    BUDGET_INFORMATION = "budget_information"
    COMMUNICATION = "communication"
    ADVERTISING = "advertising"
    PUBLIC_ORDER = "public_order"
    EMERGENCIES = "emergencies"
    SUBSOIL = "subsoil"
    OTHER = "other"


class Coverage(StrEnum):
    """What of the ground an activity covers; the last two need no drawing."""

    POINT = "point"
    LINE = "line"
    AREA = "area"
    SETTLEMENT = "settlement"
    MUNICIPALITY = "municipality"


class Responsible(StrEnum):
    """Who answers for an activity."""

    LOCAL_GOVERNMENT = "local_government"
    INITIATIVE_GROUP = "initiative_group"
    TOGETHER = "together"


class ContributionSource(StrEnum):
    """Where a contribution comes from."""

    LOCAL_BUDGET = "local_budget"
    COMMUNITY = "community"
    SPONSOR = "sponsor"
    INVESTOR = "investor"
    """An investor or donor."""
    STATE = "state"
    SEVERAL = "several"
    """Several together, where the papers give one sum only."""


class ContributionForm(StrEnum):
    """What is given; materials and labour are valued in som."""

    CASH = "cash"
    MATERIALS = "materials"
    LABOUR = "labour"


class ContributionState(StrEnum):
    """A promise, or what came."""

    PROMISED = "promised"
    RECEIVED = "received"


class Currency(StrEnum):
    """Money of the plans: sums are of one currency only."""

    KGS = "KGS"


class Viability(StrEnum):
    """Whether the financial gap lets a plan be carried out."""

    VIABLE = "viable"
    NOT_VIABLE = "not_viable"
    UNKNOWN = "unknown"
    """The need is not known, or what there is to meet it."""


class GroupKind(StrEnum):
    """Groups of people in the cycle."""

    INITIATIVE = "initiative"
    WORKING = "working"
    MONITORING = "monitoring"
    INVESTMENT_COMMITTEE = "investment_committee"


class Standing(StrEnum):
    """What a member of a group stands for."""

    COMMUNITY = "community"
    LOCAL_GOVERNMENT = "local_government"
    COUNCIL = "council"
    MOBILISER = "mobiliser"


class MicroprojectStep(StrEnum):
    """The way of a microproject, in order."""

    FIRST_MEETING = "first_meeting"
    COMMITTEE = "committee"
    SECOND_MEETING = "second_meeting"
    CONTRIBUTION = "contribution"
    AGREEMENT = "agreement"
    WORK = "work"
    COMPLETION = "completion"
