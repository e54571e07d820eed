"""How evenly money follows votes: shares, and two indexes of their difference with the raw table beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

__all__ = ["Evenness", "Line", "Stake", "evenness"]

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Stake(Generic[K]):
    """What somebody voted and what they get."""

    key: K
    votes: float
    som: float
    beneficiaries: int | None = 0
    """None: not told."""


@dataclass(frozen=True, slots=True)
class Line(Generic[K]):
    """A line of the table; a share or a quotient is None where there is nothing to divide by."""

    key: K
    votes: float
    som: float
    beneficiaries: int | None
    vote_share: float | None
    som_share: float | None
    som_per_vote: float | None
    beneficiaries_per_vote: float | None


@dataclass(frozen=True, slots=True)
class Evenness(Generic[K]):
    """A table with its indexes.

    Parameters
    ----------
    lines
        In the order given.
    hoover
        Half the sum of the differences between share of money and share of votes: the part of the money that would
        have to go elsewhere for money to follow votes exactly (0 to 1). None without votes or money.
    gini
        Gini coefficient of money per vote, each vote counting once (0: every vote brings the same). None likewise.
    som_without_votes
        Money of lines that have no vote; it is in the table and in `hoover`, and no vote shares it in `gini`.
    """

    lines: tuple[Line[K], ...]
    hoover: float | None
    gini: float | None
    som_without_votes: float


def evenness(stakes: Sequence[Stake[K]]) -> Evenness[K]:
    """Compare shares of votes with shares of money.

    >>> found = evenness([Stake("a", 50, 100), Stake("b", 50, 300)])
    >>> found.hoover, found.gini
    (0.25, 0.25)
    >>> evenness([Stake("a", 10, 100), Stake("b", 30, 300)]).hoover
    0.0
    """
    votes, som = sum(one.votes for one in stakes), sum(one.som for one in stakes)
    lines = tuple(
        Line(
            one.key,
            one.votes,
            one.som,
            one.beneficiaries,
            one.votes / votes if votes else None,
            one.som / som if som else None,
            one.som / one.votes if one.votes else None,
            one.beneficiaries / one.votes if one.votes and one.beneficiaries is not None else None,
        )
        for one in stakes
    )
    without = sum(one.som for one in stakes if not one.votes)
    if not votes or not som:
        return Evenness(lines, None, None, without)
    hoover = sum(abs(one.som / som - one.votes / votes) for one in stakes) / 2
    return Evenness(lines, round(hoover, 6), _gini([one for one in stakes if one.votes]), without)


def _gini(stakes: Sequence[Stake[K]]) -> float | None:
    """Return twice the area between the Lorenz curve of money over votes and the diagonal, by trapezoids."""
    votes, som = sum(one.votes for one in stakes), sum(one.som for one in stakes)
    if not som:
        return None
    below, reached = 0.0, 0.0
    for one in sorted(stakes, key=lambda stake: stake.som / stake.votes):
        share = one.som / som
        below += one.votes / votes * (reached + share / 2)
        reached += share
    return round(max(0.0, 1 - 2 * below), 6)
