"""Tables of the house, one SQLAlchemy model for GeoPackage and PostGIS."""

from geo.models.accounts import AccessToken, Account, FailedSignIn, PageSession, RoleGrant
from geo.models.appraisal import AppraisalEvent
from geo.models.attendance import Participant
from geo.models.base import Base, Record
from geo.models.feature import MapFeature
from geo.models.feature_match import FeatureMatch, FeatureMatchSource
from geo.models.gallery import (
    CauseAnalysis,
    Problem,
    ProblemDistinction,
    ProblemMerge,
    ProblemMergeSource,
    ProblemStatement,
)
from geo.models.indicator import ExitPollAnswer, Indicator, IndicatorValue
from geo.models.institutions import InstitutionCircle, InstitutionTie
from geo.models.job import Job
from geo.models.ledger import AuditAction, AuditEvent, Term
from geo.models.links import ProblemActivity, ProblemFeature, SiteProposal
from geo.models.monitoring import ChecklistScore, Finding, FollowUp, MonitoringVisit, VisitPhoto
from geo.models.people_group import GroupMember, Microproject, PeopleGroup
from geo.models.plan import Activity, ActivityStatus, Contribution, Plan, PlanApproval, PlanGoal, Task
from geo.models.sketch import Candidate, ControlPoint, EventLegend, SheetPhoto, SheetPlacement, SketchSheet
from geo.models.territory import (
    Cycle,
    Membership,
    Municipality,
    Settlement,
    SettlementBoundary,
)
from geo.models.village import BudgetShare, VillageNote

__all__ = [
    "AccessToken",
    "Account",
    "Activity",
    "ActivityStatus",
    "AppraisalEvent",
    "AuditAction",
    "AuditEvent",
    "Base",
    "BudgetShare",
    "Candidate",
    "CauseAnalysis",
    "ChecklistScore",
    "Contribution",
    "ControlPoint",
    "Cycle",
    "EventLegend",
    "ExitPollAnswer",
    "FailedSignIn",
    "FeatureMatch",
    "FeatureMatchSource",
    "Finding",
    "FollowUp",
    "GroupMember",
    "Indicator",
    "IndicatorValue",
    "InstitutionCircle",
    "InstitutionTie",
    "Job",
    "MapFeature",
    "Membership",
    "Microproject",
    "MonitoringVisit",
    "Municipality",
    "PageSession",
    "Participant",
    "PeopleGroup",
    "Plan",
    "PlanApproval",
    "PlanGoal",
    "Problem",
    "ProblemActivity",
    "ProblemDistinction",
    "ProblemFeature",
    "ProblemMerge",
    "ProblemMergeSource",
    "ProblemStatement",
    "Record",
    "RoleGrant",
    "Settlement",
    "SettlementBoundary",
    "SheetPhoto",
    "SheetPlacement",
    "SiteProposal",
    "SketchSheet",
    "Task",
    "Term",
    "VillageNote",
    "VisitPhoto",
]
