"""Which problems of a list might be the same; a person decides, nothing is merged by itself."""

from __future__ import annotations

from itertools import combinations

from sqlalchemy.orm import Session

from geo.domain.gallery.likeness import ENOUGH, MOST_ADDED, likeness
from geo.domain.problems import ProblemLevel
from geo.gallery import MergeSuggestion, PriorityLine, PriorityList
from geo.repositories.gallery import GalleryRepository
from geo.spatial.gathering import gather
from geo.spatial.measuring import distance_m

__all__ = ["suggest_merges"]


def suggest_merges(session: Session, listed: PriorityList, *, least: float = ENOUGH) -> tuple[MergeSuggestion, ...]:
    """Return pairs of a list's problems that might be the same, the most alike first.

    Parameters
    ----------
    listed
        The list of a village or a municipality.
    least
        Score from which a pair is named.
    """
    statements = {one.id: one for one in GalleryRepository(session).statements(listed.cycle_id)}
    places = {line.problem_id: gather(statements[one.id].geometry for one in line.statements) for line in listed.lines}
    said = {line.problem_id: _wordings(line) for line in listed.lines}
    found = []
    for first, second in combinations(listed.lines, 2):
        mine, theirs = places[first.problem_id], places[second.problem_id]
        wordings = said[first.problem_id], said[second.problem_id]
        # Measuring takes longer than comparing words, and places alone make nothing alike.
        if likeness(*wordings).score + MOST_ADDED < least:
            continue
        metres = distance_m(mine, theirs) if mine is not None and theirs is not None else None
        alike = likeness(
            *wordings,
            distance_m=metres,
            competences=(first.competence, second.competence),
        )
        if alike.score >= least:
            found.append(
                MergeSuggestion(
                    first_id=first.problem_id,
                    first_title=first.title,
                    second_id=second.problem_id,
                    second_title=second.title,
                    level=_level(first, second),
                    score=round(alike.score, 3),
                    distance_m=None if metres is None else round(metres, 1),
                    reasons=alike.reasons,
                )
            )
    return tuple(sorted(found, key=lambda one: -one.score))


def _wordings(line: PriorityLine) -> tuple[str, ...]:
    return tuple(dict.fromkeys((line.title, *(one.wording for one in line.statements))))


def _level(first: PriorityLine, second: PriorityLine) -> ProblemLevel:
    alone = first.by_settlement.keys() == second.by_settlement.keys() and len(first.by_settlement) == 1
    is_village = first.level is ProblemLevel.SETTLEMENT and second.level is ProblemLevel.SETTLEMENT
    return ProblemLevel.SETTLEMENT if alone and is_village else ProblemLevel.MUNICIPALITY
