"""Read models: what a map or a document may know, free of sessions and engines.

Services fill them, `maps` draws them, so that a map can be drawn in a test without a database.
All geometries are shapely, EPSG:4326, lon lat. Money is whole som.
"""

from geo.snapshots.appraisal import (
    BreadSnapshot,
    CausesSnapshot,
    HeldEvent,
    InstitutionSnapshot,
    ParticipantSnapshot,
    ProblemSnapshot,
    StatementSnapshot,
    VennSnapshot,
)
from geo.snapshots.cycle import Audience, CycleSnapshot, MatchSnapshot
from geo.snapshots.events import EventSnapshot, FeatureSnapshot, GroupSnapshot, SheetSnapshot
from geo.snapshots.monitoring import AgreementSnapshot, FindingSnapshot, PhotoCopy, VisitSnapshot
from geo.snapshots.names import Names
from geo.snapshots.plan import (
    ActivitySnapshot,
    ContributionSnapshot,
    GoalSnapshot,
    MemberSnapshot,
    PeopleGroupSnapshot,
    PlanSnapshot,
    StatusSnapshot,
    TaskSnapshot,
)
from geo.snapshots.sheets import (
    AnchorSnapshot,
    ControlPointSnapshot,
    ListedSheet,
    PhotoSnapshot,
    PlacementSnapshot,
    PrintedSnapshot,
)
from geo.snapshots.territory import MunicipalitySnapshot, SettlementSnapshot

__all__ = [
    "ActivitySnapshot",
    "AgreementSnapshot",
    "AnchorSnapshot",
    "Audience",
    "BreadSnapshot",
    "CausesSnapshot",
    "ContributionSnapshot",
    "ControlPointSnapshot",
    "CycleSnapshot",
    "EventSnapshot",
    "FeatureSnapshot",
    "FindingSnapshot",
    "GoalSnapshot",
    "GroupSnapshot",
    "HeldEvent",
    "InstitutionSnapshot",
    "ListedSheet",
    "MatchSnapshot",
    "MemberSnapshot",
    "MunicipalitySnapshot",
    "Names",
    "ParticipantSnapshot",
    "PeopleGroupSnapshot",
    "PhotoCopy",
    "PhotoSnapshot",
    "PlacementSnapshot",
    "PlanSnapshot",
    "PrintedSnapshot",
    "ProblemSnapshot",
    "SettlementSnapshot",
    "SheetSnapshot",
    "StatementSnapshot",
    "StatusSnapshot",
    "TaskSnapshot",
    "VennSnapshot",
    "VisitSnapshot",
]
