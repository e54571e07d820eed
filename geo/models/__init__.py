"""Tables of the house, one SQLAlchemy model for GeoPackage and PostGIS."""

from geo.models.accounts import AccessToken, Account, FailedSignIn, PageSession, RoleGrant
from geo.models.appraisal import AppraisalEvent
from geo.models.base import Base, Record
from geo.models.feature import MapFeature
from geo.models.feature_match import FeatureMatch, FeatureMatchSource
from geo.models.gallery import CauseAnalysis, Problem, ProblemMerge, ProblemMergeSource, ProblemStatement
from geo.models.ledger import AuditAction, AuditEvent, Term
from geo.models.sketch import Candidate, ControlPoint, SheetPhoto, SheetPlacement, SketchSheet
from geo.models.territory import (
    Cycle,
    Membership,
    Municipality,
    Settlement,
    SettlementBoundary,
)

__all__ = [
    "AccessToken",
    "Account",
    "AppraisalEvent",
    "AuditAction",
    "AuditEvent",
    "Base",
    "Candidate",
    "CauseAnalysis",
    "ControlPoint",
    "Cycle",
    "FailedSignIn",
    "FeatureMatch",
    "FeatureMatchSource",
    "MapFeature",
    "Membership",
    "Municipality",
    "PageSession",
    "Problem",
    "ProblemMerge",
    "ProblemMergeSource",
    "ProblemStatement",
    "Record",
    "RoleGrant",
    "Settlement",
    "SettlementBoundary",
    "SheetPhoto",
    "SheetPlacement",
    "SketchSheet",
    "Term",
]
