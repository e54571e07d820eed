"""Writing docs/vocabulary.md from the enums and the catalogue: ``python -m tests.geo.vocabulary_page``."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from pathlib import Path

from geo.domain.attendance import ParticipantRole, Sex
from geo.domain.attributes import FeatureAttributes
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
from geo.domain.labels import label, label_key
from geo.domain.linking import FeatureRole, LinkOrigin, LinkState
from geo.domain.local_matters import Competence
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
from geo.domain.vocabulary import KINDS_BY_LAYER, Condition, Layer, Supply, UserGroup
from geo.i18n import LANGUAGES, text

PAGE = Path(__file__).resolve().parents[2] / "docs" / "vocabulary.md"

OPENING = """\
# Vocabulary

Every code of the village map with its words in Kyrgyz, Russian and English. Codes are stored and exchanged; people
read the words, which live in `geo/i18n/locales/*/geo.po`. This page is written from both by
`python -m tests.geo.vocabulary_page`, and a test fails while it is out of date.
"""

SECTIONS: dict[str, type[Enum]] = {
    "Condition of an object": Condition,
    "Supply of a resource": Supply,
    "Who uses a place": UserGroup,
    "Ink of a stroke": Ink,
    "Kind of a traced candidate": CandidateKind,
    "How the stroke of a candidate runs": Pattern,
    "State of a candidate": CandidateState,
    "How an object came onto the map": FeatureSource,
    "What became of a match of several drawings": MatchStatus,
    "Where a matched object lies": CanonicalRule,
    "Method of placing a sheet": Method,
    "Origin of a control point": ControlPointSource,
    "Kind of event": EventKind,
    "Stage of a year": Stage,
    "How far a stage is": StageState,
    "Women and men in a group": GroupSex,
    "Sex of a person": Sex,
    "Role on the participant list": ParticipantRole,
    "Whose Venn diagram": Diagram,
    "Size of a circle": Importance,
    "How two circles lie": TieRelation,
    "Origin of a tie": TieOrigin,
    "Contentment with an institution": Satisfaction,
    "Influence and importance of a stakeholder": Weight,
    "Role of a stakeholder": StakeholderRole,
    "Topic of the village profile": ProfileTopic,
    "Whose list a problem stands on": ProblemLevel,
    "Who can solve a problem": Solvability,
    "Kind of municipality": MunicipalityKind,
    "Boundary of a settlement": BoundaryStatus,
    "Precision of a date": DatePrecision,
    "Words of the territory": TerritoryWord,
    "Role of an account in a municipality": Role,
    "What may be done with records": Action,
    "Records that are governed alike": Subject,
    "What an object has to do with a problem": FeatureRole,
    "State of a link": LinkState,
    "Origin of a link": LinkOrigin,
    "Grade of a visit's evidence": Grade,
    "Paper to hand in": FormKind,
    "File that a paper comes as": DocumentFormat,
    "What a monitoring visit looked at": VisitTopic,
    "How it was looked at": VisitMethod,
    "How much a finding matters": Severity,
    "Where a follow-up stands": FollowUpState,
    "Items of the service checklist": ChecklistItem,
    "Kind of indicator": IndicatorKind,
    "What an indicator's values are": Measure,
    "Which way an indicator is better": Direction,
    "Where an indicator stands": IndicatorState,
    "What the time of a photo rests on": PhotoTime,
    "Aspects of an exit poll": PollAspect,
    "Age of who was asked": AgeBand,
    "Step of a plan's approval": ApprovalStep,
    "Stage of an activity": ActivityStage,
    "Purpose of an activity": Purpose,
    "What an activity covers": Coverage,
    "Who answers for an activity": Responsible,
    "Source of a contribution": ContributionSource,
    "Form of a contribution": ContributionForm,
    "State of a contribution": ContributionState,
    "Currency": Currency,
    "Viability of an activity or plan": Viability,
    "Kind of group": GroupKind,
    "What a member of a group stands for": Standing,
    "Step of a microproject": MicroprojectStep,
    "Long work": JobKind,
    "State of long work": JobState,
}


def _table(rows: Iterable[tuple[str, str]]) -> list[str]:
    lines = ["| code | кыргызча | русский | English |", "|---|---|---|---|"]
    for code, key in rows:
        lines.append(f"| `{code}` | " + " | ".join(text(key, language) for language in LANGUAGES) + " |")
    return [*lines, ""]


def _members(members: Iterable[Enum]) -> list[str]:
    return _table((str(member.value), label_key(member)) for member in members)


def page() -> str:
    """Return the whole page."""
    lines = [OPENING, "## Layers", "", *_members(Layer), "## Kinds, by layer", ""]
    for layer, kinds in KINDS_BY_LAYER.items():
        lines += ["### " + " · ".join(label(layer, language) for language in LANGUAGES), "", *_members(kinds)]
    lines += ["## Attributes of an object", ""]
    lines += _table((name, f"attribute.{name}") for name in FeatureAttributes.model_fields)
    for title, enum in SECTIONS.items():
        lines += [f"## {title}", "", *_members(enum)]
    lines += ["## Competence: the 23 local matters (Law on local self-government, article 18) and others", ""]
    lines += _table((competence.code, competence.label_key) for competence in Competence.every())
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
