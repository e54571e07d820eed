"""The votes of Көк-Ирим aimak, two villages and nine problems (DOMAIN.md section 6): an example to count by."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pydantic import TypeAdapter

from geo.snapshots import Names

__all__ = ["KokIrim", "KokIrimProblem", "load_kok_irim"]


@dataclass(frozen=True, slots=True)
class KokIrimProblem:
    """A problem with its votes by village, in the order of `KokIrim.villages`; None where it was not named."""

    title: Names
    competence: str
    votes: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class KokIrim:
    """The example; head counts are known for the aimak only."""

    note: str
    municipality: Names
    year: int
    participants: int
    women: int
    villages: tuple[Names, ...]
    problems: tuple[KokIrimProblem, ...]


@cache
def load_kok_irim() -> KokIrim:
    """Return the example as plain values.

    >>> [sum(votes or 0 for votes in one.votes) for one in load_kok_irim().problems]
    [63, 45, 40, 36, 36, 32, 30, 16, 8]
    """
    return TypeAdapter(KokIrim).validate_json(files("geo.sample").joinpath("kok_irim.json").read_bytes())
