"""Which message key names a code of the vocabulary."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from types import MappingProxyType

from geo.domain.attendance import ParticipantRole, Sex
from geo.domain.drawing import CandidateKind, CandidateState, Ink, Pattern
from geo.domain.events import EventKind, GroupSex
from geo.domain.evidence import Grade
from geo.domain.forms import DocumentFormat, FormKind
from geo.domain.georeference import ControlPointSource, Method
from geo.domain.institutions import (
    Diagram,
    Importance,
    Satisfaction,
    StakeholderRole,
    TieOrigin,
    TieRelation,
    Weight,
)
from geo.domain.jobs import JobKind, JobState
from geo.domain.linking import FeatureRole, LinkOrigin, LinkState
from geo.domain.local_matters import CompetenceLevel, LocalMatter
from geo.domain.match_status import CanonicalRule, MatchStatus
from geo.domain.monitoring_codes import (
    AgeBand,
    ChecklistItem,
    Direction,
    FollowUpState,
    IndicatorKind,
    IndicatorState,
    Measure,
    PhotoTime,
    PollAspect,
    Severity,
    VisitMethod,
    VisitTopic,
)
from geo.domain.plan_codes import (
    ActivityStage,
    ApprovalStep,
    ContributionForm,
    ContributionSource,
    ContributionState,
    Coverage,
    Currency,
    GroupKind,
    MicroprojectStep,
    Purpose,
    Responsible,
    Standing,
    Viability,
)
from geo.domain.problems import ProblemLevel, Solvability
from geo.domain.provenance import FeatureSource
from geo.domain.rights import Action, Role, Subject
from geo.domain.stages import Stage, StageState
from geo.domain.territory import BoundaryStatus, DatePrecision, MunicipalityKind, TerritoryWord
from geo.domain.village_profile import ProfileTopic
from geo.domain.vocabulary import Condition, Kind, Layer, Supply, UserGroup
from geo.i18n import Language, Text, Texts, text

__all__ = ["LABELLED", "label", "label_key", "label_text", "label_texts"]

LABELLED: Mapping[type[Enum], str] = MappingProxyType(
    {
        Layer: "layer",
        Kind: "kind",
        Condition: "condition",
        Supply: "supply",
        UserGroup: "user",
        Ink: "ink",
        CandidateKind: "candidate_kind",
        CandidateState: "candidate_state",
        Pattern: "pattern",
        Method: "method",
        ControlPointSource: "point_source",
        FeatureSource: "feature_source",
        MatchStatus: "match_status",
        CanonicalRule: "canonical",
        EventKind: "event_kind",
        Stage: "year_stage",
        StageState: "year_state",
        GroupSex: "group_sex",
        Sex: "sex",
        ParticipantRole: "participant_role",
        Diagram: "diagram",
        Importance: "importance",
        TieRelation: "tie_relation",
        TieOrigin: "tie_origin",
        Satisfaction: "satisfaction",
        Weight: "weight",
        StakeholderRole: "stakeholder",
        ProfileTopic: "profile_topic",
        LocalMatter: "local_matter",
        CompetenceLevel: "competence",
        ProblemLevel: "problem_level",
        Solvability: "solvability",
        JobKind: "job_kind",
        JobState: "job_state",
        MunicipalityKind: "municipality_kind",
        BoundaryStatus: "boundary_status",
        DatePrecision: "precision",
        TerritoryWord: "territory",
        Role: "role",
        Action: "right_action",
        Subject: "right_subject",
        VisitTopic: "visit_topic",
        VisitMethod: "visit_method",
        Severity: "severity",
        FollowUpState: "follow_up_state",
        ChecklistItem: "checklist_item",
        IndicatorKind: "indicator_kind",
        Measure: "measure",
        Direction: "direction",
        IndicatorState: "indicator_state",
        PhotoTime: "photo_time",
        PollAspect: "poll_aspect",
        AgeBand: "age_band",
        ApprovalStep: "approval_step",
        ActivityStage: "stage",
        Purpose: "purpose",
        Coverage: "coverage",
        Responsible: "responsible",
        ContributionSource: "contribution_source",
        ContributionForm: "contribution_form",
        ContributionState: "contribution_state",
        Currency: "currency",
        Viability: "viability",
        GroupKind: "group_kind",
        Standing: "standing",
        MicroprojectStep: "microproject_step",
        FeatureRole: "feature_role",
        LinkState: "link_state",
        LinkOrigin: "link_origin",
        Grade: "evidence_grade",
        FormKind: "form",
        DocumentFormat: "document_format",
    }
)
"""Every enum that people read, with the first part of its message keys."""


def label_key(member: Enum) -> str:
    """Return the message key of a code's label.

    >>> from geo.domain.vocabulary import Kind
    >>> label_key(Kind.SCHOOL)
    'kind.school'
    """
    return f"{LABELLED[type(member)]}.{member.value}"


def label(member: Enum, language: Language) -> str:
    """Return a code's label.

    >>> from geo.domain.vocabulary import Kind
    >>> label(Kind.CEMETERY, Language.KY)
    'Көрүстөн'
    """
    return text(label_key(member), language)


def label_text(member: Enum) -> Text:
    """Return a code's label as a parameter of a message: put into words with it, in the language of its reader.

    >>> from geo.domain.georeference import Method
    >>> str(label_text(Method.TPS)), label_text(Method.TPS)(Language.EN)
    ('tps', 'Thin plate spline')
    """
    return Text(label_key(member), code=str(member.value))


def label_texts(members: Iterable[Enum]) -> Texts:
    """Return the labels of several codes as one parameter of a message."""
    return Texts(tuple(label_text(member) for member in members))
