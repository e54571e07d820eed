"""Exit polls: what people say on leaving an office, without their names (DOMAIN.md sections 9 and 11)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from geo.domain.attendance import Sex
from geo.domain.monitoring_codes import AgeBand, PollAspect
from geo.errors import Refused

__all__ = ["LEAST_SHOWN", "MOST_POINTS", "Answer", "Cell", "Summary", "check_answer", "summary"]

LEAST_SHOWN = 5
"""Counts by sex and age below this are not public."""
MOST_POINTS = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """What one person said; what was not answered is None."""

    scores: Mapping[PollAspect, int | None]
    has_result: bool | None = None
    official_som: int | None = None
    unofficial_som: int | None = None
    related_som: int | None = None
    sex: Sex | None = None
    age: AgeBand | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """Answers of people of one sex and age; ``count`` None: fewer than 5, and the numbers stay hidden."""

    sex: Sex | None
    age: AgeBand | None
    count: int | None


@dataclass(frozen=True, slots=True)
class Summary:
    """An exit poll in numbers; what is None is not known or not shown."""

    count: int | None
    means: Mapping[PollAspect, float | None]
    with_result: int | None
    without_result: int | None
    mean_official_som: float | None
    mean_unofficial_som: float | None
    paid_unofficially: int | None
    mean_related_som: float | None
    cells: tuple[Cell, ...]


def check_answer(answer: Answer) -> None:
    """Refuse an answer that is none.

    Raises
    ------
    Refused
        A score outside 1 to 5, a negative sum, or no answer at all.
    """
    for points in answer.scores.values():
        if points is not None and not 1 <= points <= MOST_POINTS:
            raise Refused("exit_poll.out_of_scale", points=points, most=MOST_POINTS)
    sums = (answer.official_som, answer.unofficial_som, answer.related_som)
    for som in sums:
        if som is not None and som < 0:
            raise Refused("exit_poll.negative_sum", som=som)
    said = (*answer.scores.values(), *sums, answer.has_result)
    if all(one is None for one in said):
        raise Refused("exit_poll.empty")


def summary(answers: Sequence[Answer], *, is_public: bool) -> Summary:
    """Return an exit poll in numbers.

    Parameters
    ----------
    is_public
        Hide what could tell who said something: a number that rests on fewer than 5 people, and so many cells of sex
        and age that no hidden one follows from the total.
    """
    least = LEAST_SHOWN if is_public else 1

    def mean(values: Iterable[float | None]) -> float | None:
        known = [value for value in values if value is not None]
        return round(sum(known) / len(known), 2) if len(known) >= least else None

    count = _shown(len(answers), least)
    results = [answer.has_result for answer in answers if answer.has_result is not None]
    with_result, without_result = _pair(sum(results), least, of=len(results))
    unofficial = [answer.unofficial_som for answer in answers if answer.unofficial_som is not None]
    paid, _ = _pair(sum(som > 0 for som in unofficial), least, of=len(unofficial))
    return Summary(
        count=count,
        means={aspect: mean(answer.scores.get(aspect) for answer in answers) for aspect in PollAspect},
        with_result=with_result,
        without_result=without_result,
        mean_official_som=mean(answer.official_som for answer in answers),
        mean_unofficial_som=mean(unofficial) if paid is not None or not is_public else None,
        paid_unofficially=paid,
        mean_related_som=mean(answer.related_som for answer in answers),
        cells=_cells(answers, least),
    )


def _shown(count: int, least: int) -> int | None:
    return count if count >= least or count == 0 else None


def _pair(part: int, least: int, *, of: int) -> tuple[int | None, int | None]:
    """Return a part and its rest: the one hidden would follow from the other and the whole, so both or none."""
    shown = _shown(part, least), _shown(of - part, least)
    return (None, None) if None in shown else shown


def _cells(answers: Sequence[Answer], least: int) -> tuple[Cell, ...]:
    counts: dict[tuple[Sex | None, AgeBand | None], int] = defaultdict(int)
    for answer in answers:
        counts[answer.sex, answer.age] += 1
    order = sorted(counts, key=lambda key: (str(key[0] or "~"), str(key[1] or "~")))
    hidden = {key for key in order if counts[key] < least}
    # What is hidden must not follow from the total: together at least `least` people, in at least two cells.
    for key in sorted(set(order) - hidden, key=lambda key: counts[key]):
        if not hidden or (len(hidden) > 1 and sum(counts[one] for one in hidden) >= least):
            break
        hidden.add(key)
    return tuple(Cell(sex, age, None if (sex, age) in hidden else counts[sex, age]) for sex, age in order)
