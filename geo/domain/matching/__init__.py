"""The same real object drawn by several groups: proposals for a person, nothing is merged by itself."""

from geo.domain.matching.differences import Difference, DifferenceKind
from geo.domain.matching.evidence import Agreement
from geo.domain.matching.feature import DrawnBy, MatchFeature
from geo.domain.matching.kinds import kind_likeness
from geo.domain.matching.names import name_likeness
from geo.domain.matching.proposing import DrawnAlone, ProposedMatch, drawn_alone, propose_matches

__all__ = [
    "Agreement",
    "Difference",
    "DifferenceKind",
    "DrawnAlone",
    "DrawnBy",
    "MatchFeature",
    "ProposedMatch",
    "drawn_alone",
    "kind_likeness",
    "name_likeness",
    "propose_matches",
]
