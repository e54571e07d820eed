"""Tables of the house, one SQLAlchemy model for GeoPackage and PostGIS."""

from geo.models.appraisal import AppraisalEvent
from geo.models.base import Base, Record
from geo.models.feature import MapFeature
from geo.models.feature_match import FeatureMatch, FeatureMatchSource
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
    "AppraisalEvent",
    "AuditAction",
    "AuditEvent",
    "Base",
    "Candidate",
    "ControlPoint",
    "Cycle",
    "FeatureMatch",
    "FeatureMatchSource",
    "MapFeature",
    "Membership",
    "Municipality",
    "Record",
    "Settlement",
    "SettlementBoundary",
    "SheetPhoto",
    "SheetPlacement",
    "SketchSheet",
    "Term",
]
