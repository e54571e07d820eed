"""Exit polls: what people say on leaving an office, without their names (DOMAIN.md sections 9 and 11).

The public reads one half-year at a time, as in a printed table that is never printed again: two sums a day apart would
tell what the one person said who was asked in between.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from geo.domain.attendance import Sex
from geo.domain.disclosure import LEAST_SHOWN, is_small, suppress_parts
from geo.domain.monitoring_codes import AgeBand, PollAspect
from geo.errors import Refused

__all__ = ["MOST_POINTS", "Answer", "Cell", "HalfYear", "Kept", "Summary", "check_answer", "printed", "summary"]

MOST_POINTS = 5


@dataclass(frozen=True, slots=True, order=True)
class HalfYear:
    """January to June (1) or July to December (2) of a year: a survey is held every half-year.

    >>> HalfYear.of(date(2014, 11, 20)), str(HalfYear(2014, 2)), HalfYear(2014, 2).next()
    (HalfYear(year=2014, half=2), '2014-2', HalfYear(year=2015, half=1))
    """

    year: int
    half: int

    @classmethod
    def of(cls, day: date) -> HalfYear:
        """Return the half-year of a day."""
        return cls(day.year, 1 if day.month <= 6 else 2)

    @classmethod
    def read(cls, word: str) -> HalfYear:
        """Return the half-year that a word such as ``2014-2`` names.

        Raises
        ------
        Refused
            It names none.
        """
        year, _, half = word.partition("-")
        if not (len(year) == 4 and year.isascii() and year.isdigit() and half in {"1", "2"} and int(year)):
            raise Refused("exit_poll.no_half_year", given=word[:20])
        return cls(int(year), int(half))

    def next(self) -> HalfYear:
        """Return the half-year after this one."""
        return HalfYear(self.year, 2) if self.half == 1 else HalfYear(self.year + 1, 1)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.half}"


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
class Kept:
    """An answer with the days on which it was given, entered and withdrawn (None: it stands)."""

    answer: Answer
    asked_on: date
    entered_on: date
    withdrawn_on: date | None = None


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

    def mean(values: Iterable[float | None]) -> float | None:
        known = [value for value in values if value is not None]
        return None if not known or (is_public and is_small(len(known))) else round(sum(known) / len(known), 2)

    count = None if is_public and is_small(len(answers)) else len(answers)
    results = [answer.has_result for answer in answers if answer.has_result is not None]
    with_result, without_result = _pair(sum(results), of=len(results), is_public=is_public)
    unofficial = [answer.unofficial_som for answer in answers if answer.unofficial_som is not None]
    paid, _ = _pair(sum(som > 0 for som in unofficial), of=len(unofficial), is_public=is_public)
    return Summary(
        count=count,
        means={aspect: mean(answer.scores.get(aspect) for answer in answers) for aspect in PollAspect},
        with_result=with_result,
        without_result=without_result,
        mean_official_som=mean(answer.official_som for answer in answers),
        mean_unofficial_som=mean(unofficial) if paid is not None or not is_public else None,
        paid_unofficially=paid,
        mean_related_som=mean(answer.related_som for answer in answers),
        cells=_cells(answers, is_public=is_public),
    )


def printed(kept: Sequence[Kept], half: HalfYear, *, today: date) -> tuple[Answer, ...] | None:
    """Return the answers that the public's table of a half-year is made of; None where it is not made yet.

    It is made once: at the end of the first half-year by which 5 answers had been entered. What is entered later is
    not in it, what is withdrawn later stays in it.

    Parameters
    ----------
    kept
        Every answer of one village and service, withdrawn ones too.
    today
        Day on which it is asked for.
    """
    asked = [one for one in kept if HalfYear.of(one.asked_on) == half]
    # No one is asked in days to come, so the first table is made of what was entered in the half-year itself.
    for made in sorted({max(half, HalfYear.of(one.entered_on)) for one in asked}):
        stood = [
            one.answer
            for one in asked
            if HalfYear.of(one.entered_on) <= made
            and (one.withdrawn_on is None or HalfYear.of(one.withdrawn_on) > made)
        ]
        if len(stood) >= LEAST_SHOWN:
            return tuple(stood) if HalfYear.of(today) > made else None
    return None


def _pair(part: int, *, of: int, is_public: bool) -> tuple[int | None, int | None]:
    """Return a part and its rest: the one hidden would follow from the other and the whole, so both or none."""
    if not is_public:
        return part, of - part
    told = suppress_parts({True: part, False: of - part}, of).values
    return (None, None) if None in told.values() else (part, of - part)


def _cells(answers: Sequence[Answer], *, is_public: bool) -> tuple[Cell, ...]:
    counts: dict[tuple[Sex | None, AgeBand | None], int] = defaultdict(int)
    for answer in answers:
        counts[answer.sex, answer.age] += 1
    order = sorted(counts, key=lambda key: (str(key[0] or "~"), str(key[1] or "~")))
    told = suppress_parts({key: counts[key] for key in order}, len(answers)).values if is_public else counts
    return tuple(Cell(sex, age, told[sex, age]) for sex, age in order)
