"""How many houses reach a service within a distance, when neither end is exactly where the map has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

__all__ = ["Reach", "Walk", "reach_of"]


@dataclass(frozen=True, slots=True)
class Walk:
    """A house and the services nearest to it.

    Parameters
    ----------
    distances_m
        To each service, with the sum of the position errors of house and service, metres; empty where there is none.
    """

    distances_m: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Reach:
    """Houses within a distance of a service.

    Parameters
    ----------
    houses
        How many houses are on the map.
    within
        How many have a service within the distance by the map as it is.
    certain
        How many do even if both positions err the wrong way, each by its error.
    possible
        How many do if they err the right way.
    median_m, mean_m
        Of the distance to the nearest service over the houses that have one; None without any.
    """

    houses: int
    within: int
    certain: int
    possible: int
    median_m: float | None
    mean_m: float | None


def reach_of(walks: Sequence[Walk], distance_m: float) -> Reach:
    """Count the houses that a service reaches.

    Parameters
    ----------
    distance_m
        How far the service reaches, metres.

    Examples
    --------
    >>> found = reach_of([Walk(((100, 30),)), Walk(((190, 30),)), Walk(((220, 30),)), Walk(())], 200)
    >>> found.houses, found.certain, found.within, found.possible, found.median_m
    (4, 1, 2, 3, 190)
    """
    nearest = [min(distance for distance, _ in walk.distances_m) for walk in walks if walk.distances_m]
    return Reach(
        houses=len(walks),
        within=sum(one <= distance_m for one in nearest),
        certain=sum(any(metres + error <= distance_m for metres, error in walk.distances_m) for walk in walks),
        possible=sum(any(metres - error <= distance_m for metres, error in walk.distances_m) for walk in walks),
        median_m=median(nearest) if nearest else None,
        mean_m=sum(nearest) / len(nearest) if nearest else None,
    )
