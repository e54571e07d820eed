"""Learn from "this one is a road" what roads look like on a drawing, and propose the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from geo.domain.drawing import CandidateKind
from geo.domain.vocabulary import Kind
from sketch_import.candidate import Candidate
from sketch_import.legend.look import Look, likeness, look_of, width_unit_of

__all__ = ["Legend", "Meaning", "Proposal", "Source", "learn", "propose"]

_LEAST = 0.3
"""Looks less alike are another thing."""
_ONCE = 0.85
"""How much one example is worth; each further one halves the doubt."""
_IN_KEY = 0.9


class Source(StrEnum):
    """How it is known what a look means."""

    SAID = "said"
    """A person named a candidate."""
    KEY = "key"
    """It was drawn into the key of the sheet."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """A look and what it means."""

    look: Look
    kind: Kind
    source: Source
    examples: int = 1
    """How often it was named so."""

    @property
    def trust(self) -> float:
        """How sure it is that all that looks so is meant so, 0 to 1."""
        return _IN_KEY if self.source is Source.KEY else 1 - (1 - _ONCE) * 0.5 ** (self.examples - 1)


@dataclass(frozen=True, slots=True)
class Legend:
    """What the looks of a drawing mean."""

    meanings: tuple[Meaning, ...] = ()
    named: tuple[tuple[int, Kind], ...] = ()
    """Ordinals of the candidates that a person named, and as what."""

    @property
    def ambiguous(self) -> tuple[tuple[Look, tuple[Kind, ...]], ...]:
        """Looks that mean two kinds or more, for a person to tell apart; kinds in order of their codes."""
        kinds: dict[Look, set[Kind]] = {}
        for meaning in self.meanings:
            kinds.setdefault(meaning.look, set()).add(meaning.kind)
        return tuple((look, tuple(sorted(several))) for look, several in kinds.items() if len(several) > 1)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a candidate may be, for a person to confirm."""

    ordinal: int
    """Of the candidate."""
    kind: Kind
    confidence: float
    """0 to 1; 1 where a person named it."""
    rivals: tuple[Kind, ...] = ()
    """Other kinds that the legend allows for its look, likeliest first."""


def learn(candidates: Iterable[Candidate], labelled: Mapping[int, Kind]) -> Legend:
    """Learn what looks mean from candidates that a person named.

    Parameters
    ----------
    candidates
        All of the drawing: widths and sizes are judged beside each other.
    labelled
        Kind by ordinal of the candidate.

    Returns
    -------
    Legend
        A meaning for each look and kind, in the order they were named.

    Raises
    ------
    KeyError
        An ordinal is none of the candidates'.
    """
    known = {candidate.ordinal: candidate for candidate in candidates}
    unit = width_unit_of(known.values())
    counts: dict[tuple[Look, Kind], int] = {}
    for ordinal, kind in labelled.items():
        seen = look_of(known[ordinal], unit), kind
        counts[seen] = counts.get(seen, 0) + 1
    meanings = tuple(Meaning(look, kind, Source.SAID, count) for (look, kind), count in counts.items())
    return Legend(meanings, tuple(labelled.items()))


def propose(candidates: Iterable[Candidate], legend: Legend) -> tuple[Proposal, ...]:
    """Propose kinds for what looks like something in the legend.

    What a person named keeps its name. Writing gets none, and the sides of a road or the strokes of a
    hatching get none where the whole has one.

    Parameters
    ----------
    candidates
        All of the drawing.
    legend
        From `learn`, from `read_key`, or both joined.

    Returns
    -------
    tuple
        Proposals in the order of the candidates; a person confirms or rejects each.
    """
    offered = sorted(candidates, key=lambda candidate: candidate.ordinal)
    unit = width_unit_of(offered)
    named = dict(legend.named)
    found: dict[int, Proposal] = {}
    for candidate in offered:
        if candidate.ordinal in named:
            found[candidate.ordinal] = Proposal(candidate.ordinal, named[candidate.ordinal], 1.0)
        elif candidate.kind is not CandidateKind.TEXT:
            proposal = _likeliest(candidate, look_of(candidate, unit), legend)
            if proposal is not None:
                found[candidate.ordinal] = proposal
    within = {part for candidate in offered if candidate.ordinal in found for part in candidate.parts} - set(named)
    return tuple(proposal for ordinal, proposal in found.items() if ordinal not in within)


def _likeliest(candidate: Candidate, look: Look, legend: Legend) -> Proposal | None:
    weights: dict[Kind, float] = {}
    best = 0.0
    for meaning in legend.meanings:
        alike = likeness(look, meaning.look)
        if alike >= _LEAST:
            weights[meaning.kind] = max(weights.get(meaning.kind, 0.0), alike * meaning.trust)
            best = max(best, alike * meaning.trust)
    if not weights:
        return None
    order = sorted(weights, key=lambda kind: (-weights[kind], kind))
    # Kinds that look alike share the confidence; squared, so that a look hit exactly outweighs its neighbour.
    share = weights[order[0]] ** 2 / sum(weight**2 for weight in weights.values())
    # It may be no object at all.
    drawn = 0.5 + 0.5 * candidate.confidence
    return Proposal(candidate.ordinal, order[0], best * share * drawn, tuple(order[1:]))
