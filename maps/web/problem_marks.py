"""Problems by their votes, as marks and as lists beside a map."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from shapely.geometry.base import BaseGeometry

from geo.domain.local_matters import Competence
from geo.domain.vocabulary import Kind
from geo.errors import Refused
from geo.i18n import Language, text
from geo.snapshots import CycleSnapshot, ProblemSnapshot
from maps.style import style_of
from maps.web.chains import problem_chain
from maps.web.cycle_signs import votes_sign, votes_size
from maps.web.marks import LegendRow, Look, Mark, PanelItem
from maps.web.signs import hatch_reference

__all__ = ["problem_items", "problem_look", "problem_mark", "problems_row", "unpublished_items"]

_STYLE = style_of(Kind.PROBLEM)
_ROW = "problem-votes"


def problem_look(problem: ProblemSnapshot) -> tuple[str, Look]:
    """Return the look of a problem and its key: one for each number of votes."""
    look = Look(
        row=_ROW,
        tone=_STYLE.tone,
        sign=votes_sign(problem.votes),
        rank=1 if problem.is_priority else 2,
        strokes=_STYLE.strokes,
        fill=hatch_reference(Kind.PROBLEM),
        outline=_STYLE.area.outline,
        outline_dash=_STYLE.area.outline_dash,
        size=votes_size(problem.votes),
    )
    return f"votes.{problem.votes}.{look.rank}", look


def problem_mark(
    problem: ProblemSnapshot,
    cycle: CycleSnapshot,
    language: Language,
    *,
    geometry: BaseGeometry | None,
    tags: tuple[int, ...] = (),
    shift: tuple[int, int] | None = None,
) -> Mark:
    """Return the mark of a problem: its votes, its chain and the words it was written in.

    Parameters
    ----------
    geometry
        Where to draw it; None: it stands in a list alone.
    tags, shift
        See `Mark`.
    """
    settlement = cycle.settlement(problem.settlement_id)
    facts = [(text("web_map.place_of", language), settlement.names.best(language))] if settlement else []
    words = dict.fromkeys((*problem.merged_titles, *(one.wording for one in problem.statements)))
    words.pop(problem.title, None)
    if words:
        facts.append((text("web_map.statements", language), "; ".join(words)))
    if problem.competence:
        facts.append((text("web_map.competence", language), _competence(problem.competence, language)))
    if problem.geometry is None:
        facts.append((text("web_map.place_of", language), text("web_map.problem_no_place", language)))
    return Mark(
        name=problem.title,
        kind=text("web_map.problem", language),
        above=text("web_map.votes", language, number=problem.votes),
        look=problem_look(problem)[0],
        geometry=geometry,
        tags=tags,
        facts=tuple(facts),
        chain=problem_chain(problem, cycle, language),
        shift=shift,
    )


def _competence(code: str, language: Language) -> str:
    try:
        competence = Competence.from_code(code)
    except Refused:
        # A file of a later version may carry a code that this one does not know; the code says more than nothing.
        return code
    return text(competence.label_key, language)


def problem_items(
    problems: Sequence[ProblemSnapshot],
    mark_of: Callable[[ProblemSnapshot], int | None],
    cycle: CycleSnapshot,
    language: Language,
) -> tuple[PanelItem, ...]:
    """Return problems as lines of a list: votes, title, and the mark whose card they open."""
    return tuple(
        PanelItem(
            words=problem.title,
            number=str(problem.votes),
            unit=text("web_map.votes_unit", language, count=problem.votes),
            note=text("web_map.no_activity", language) if not cycle.is_answered(problem) else "",
            mark=mark_of(problem),
        )
        for problem in problems
    )


def unpublished_items(sessions: int, language: Language) -> tuple[PanelItem, ...]:
    """Return the line of a list that says how many sessions' votes are not in it; none where every one is published."""
    if not sessions:
        return ()
    return (PanelItem(text("snapshot.unpublished_sessions", language, count=sessions)),)


def problems_row(problems: Sequence[ProblemSnapshot], language: Language) -> LegendRow:
    """Return the legend row of problems by votes, with the most and the least of this map."""
    votes = sorted({problem.votes for problem in problems})
    shown = (votes[-1],) if len(votes) == 1 else (votes[-1], votes[0])
    return LegendRow(_ROW, text("web_map.problem_votes_row", language), tuple(votes_sign(number) for number in shown))
