"""Propose control points: what is named on a sheet, found among known places that lie in the same arrangement.

A name alone is weak: there are two shops, and homonyms by the dozen. So names and kinds only say which pairs are
possible; a similarity from pixels to metres is sought under which as many of them as can be agree (consensus over
pairs of pairs, after Fischler and Bolles 1981), each drawn and each known place once. A person confirms them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from geo.domain.georeference import ControlPointSource
from sketch_import.control_points.likeness import names_alike, own_names
from sketch_import.control_points.points import ControlPoint
from sketch_import.placing.local_metres import LocalMetres
from sketch_import.transforms import BoolArray, FloatArray

__all__ = [
    "DrawnPlace",
    "KnownPlace",
    "LeftOut",
    "LeftOutReason",
    "Proposals",
    "ProposedPoint",
    "propose_points",
]

_SHARE = 0.15
"""How far a drawn place may be off, as a share of the drawing's diagonal; freehand maps are off by up to a fifth."""
_MOST_PAIRS = 400
_MOST_TRIALS = 20_000
_NEAREST_TWO = 0.1
"""Two places closer than this share of the diagonal say nothing about rotation and scale."""
_METRES_PER_PIXEL = (0.01, 500.0)
_KIND_ALONE = 0.6
_OTHER_KIND = 0.6
_NAME_ALONE = 0.95
_SURELY = 2.0
"""Log of how many times likelier one pairing must be than another, that they are told apart: seven times."""

ComplexArray = NDArray[np.complex128]


@dataclass(frozen=True, slots=True)
class DrawnPlace:
    """Something named on a sheet; the pixel is x right, y down of the upright photo."""

    id: str
    pixel: tuple[float, float]
    names: tuple[str, ...] = ()
    kind: str = ""


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """A place known on the ground, lon lat in degrees."""

    id: str
    lonlat: tuple[float, float]
    names: tuple[str, ...] = ()
    kind: str = ""
    error_m: float = 0.0
    """How well its position is known."""


@dataclass(frozen=True, slots=True)
class ProposedPoint:
    """A control point to be confirmed by a person."""

    point: ControlPoint
    drawn: DrawnPlace
    known: KnownPlace
    score: float
    """0–1: likeness of the names, fit of the place, and how many others agree."""
    miss_m: float
    """How far the known place is from where the arrangement of the others puts it."""


class LeftOutReason(StrEnum):
    """Why nothing is proposed for a drawn place."""

    UNKNOWN = "unknown"
    CONTRADICTS = "contradicts"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A drawn place for which nothing is proposed."""

    drawn: DrawnPlace
    reason: LeftOutReason
    known: KnownPlace | None = None
    """The most likely place that was turned down."""
    miss_m: float | None = None


@dataclass(frozen=True, slots=True)
class Proposals:
    """What was found.

    Attributes
    ----------
    points
        Best first.
    left_out
        Every other drawn place.
    metres_per_pixel, turn_degrees
        Scale of the drawing, and where its top points (clockwise from north); None where nothing agrees.
    is_ambiguous
        Another arrangement, elsewhere or turned, fits nearly as well; all scores are halved.
    looks_mirrored
        The mirror image of the drawing fits clearly better: the photo may be of the sheet's back.
    """

    points: tuple[ProposedPoint, ...]
    left_out: tuple[LeftOut, ...]
    metres_per_pixel: float | None
    turn_degrees: float | None
    is_ambiguous: bool
    looks_mirrored: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Pairs:
    drawn: NDArray[np.intp]
    known: NDArray[np.intp]
    likeness: FloatArray
    z: ComplexArray
    """Drawn place of each pair, as x − iy, so that the plane turns as the ground does."""
    w: ComplexArray
    """Known place of each pair, east + i north."""
    slack_m: FloatArray
    reach_px: float
    diagonal_px: float


@dataclass(frozen=True, slots=True)
class _Consensus:
    a: complex
    b: complex
    total: float
    is_ambiguous: bool


def propose_points(
    labelled: Sequence[DrawnPlace], known: Sequence[KnownPlace], *, share: float = _SHARE, seed: int = 0
) -> Proposals:
    """Propose control points for what is named on a sheet.

    Parameters
    ----------
    labelled
        What is written or said of the drawing.
    known
        Places of a gazetteer, a file, or earlier sheets.
    share
        How far a drawn place may be off, as a share of the diagonal of what is drawn.
    seed
        Of the trials, where there are too many to make all.

    Returns
    -------
    Proposals
        Points that agree with each other, and the rest with reasons; with fewer than two that agree, no point.
    """
    candidates = _candidates(labelled, known)
    metres = LocalMetres.around(np.array([place.lonlat for place in known])) if known else None
    pairs = _pairs(labelled, known, candidates, metres, share=share) if metres and candidates else None
    agreed = _agree(pairs, seed=seed) if pairs is not None else None
    if pairs is None or agreed is None:
        return Proposals((), _rest(labelled, known, candidates, {}, None), None, None, False, False)
    agreed, chosen = _settle(pairs, agreed)
    undecided = _undecided(pairs, agreed, chosen)
    mirrored = _mirrored(pairs, agreed, len(chosen), seed=seed)
    misses = np.abs(agreed.a * pairs.z + agreed.b - pairs.w)
    reach = pairs.reach_px * abs(agreed.a) + pairs.slack_m
    support = (1 - 0.6 * 0.5 ** (len(chosen) - 2)) * (0.5 if agreed.is_ambiguous else 1.0)
    points = []
    for index in chosen:
        if index in undecided:
            continue
        drawn, place = labelled[pairs.drawn[index]], known[pairs.known[index]]
        fit = 1 - 0.5 * float(misses[index] / reach[index]) ** 2
        name = next(iter((*drawn.names, *place.names)), "") or drawn.kind
        points.append(
            ProposedPoint(
                point=ControlPoint(
                    pixel=drawn.pixel, lonlat=place.lonlat, label=name, source=ControlPointSource.MATCHED
                ),
                drawn=drawn,
                known=place,
                score=round(float(pairs.likeness[index]) * max(fit, 0.0) * support, 3),
                miss_m=float(misses[index]),
            )
        )
    used = {labelled.index(point.drawn): point for point in points}
    doubtful = {int(pairs.drawn[index]): index for index in undecided}
    return Proposals(
        points=tuple(sorted(points, key=lambda point: -point.score)),
        left_out=_rest(labelled, known, candidates, doubtful, (pairs, misses), used=set(used)),
        metres_per_pixel=abs(agreed.a),
        turn_degrees=float(-np.degrees(np.angle(agreed.a)) % 360),
        is_ambiguous=agreed.is_ambiguous,
        looks_mirrored=mirrored,
    )


def _candidates(labelled: Sequence[DrawnPlace], known: Sequence[KnownPlace]) -> dict[tuple[int, int], float]:
    """Return every pair that names or kinds allow, with its likeness."""
    drawn_kinds = Counter(place.kind for place in labelled)
    known_kinds = Counter(place.kind for place in known)
    theirs = [own_names(place.names, place.kind) for place in known]
    found: dict[tuple[int, int], float] = {}
    for i, drawn in enumerate(labelled):
        ours = own_names(drawn.names, drawn.kind)
        for j, place in enumerate(known):
            same_kind = bool(drawn.kind) and drawn.kind == place.kind
            other_kind = bool(drawn.kind and place.kind) and not same_kind
            if ours and theirs[j]:
                likeness = names_alike(ours, theirs[j])
                likeness *= 1.0 if same_kind else _OTHER_KIND if other_kind else _NAME_ALONE
            elif same_kind:
                likeness = _KIND_ALONE / np.sqrt(drawn_kinds[drawn.kind] * known_kinds[place.kind])
            else:
                likeness = 0.0
            if likeness > 0:
                found[i, j] = float(likeness)
    best = sorted(found, key=lambda pair: -found[pair])[:_MOST_PAIRS]
    return {pair: found[pair] for pair in sorted(best)}


def _pairs(
    labelled: Sequence[DrawnPlace],
    known: Sequence[KnownPlace],
    candidates: dict[tuple[int, int], float],
    metres: LocalMetres,
    *,
    share: float,
) -> _Pairs:
    drawn, places = np.array(list(candidates), dtype=np.intp).T
    pixels = np.array([place.pixel for place in labelled], dtype=np.float64)
    ground = metres.from_lonlat(np.array([place.lonlat for place in known], dtype=np.float64))
    diagonal = float(np.hypot(*np.ptp(pixels[np.unique(drawn)], axis=0)))
    return _Pairs(
        drawn=drawn,
        known=places,
        likeness=np.array(list(candidates.values())),
        z=pixels[drawn, 0] - 1j * pixels[drawn, 1],
        w=ground[places, 0] + 1j * ground[places, 1],
        slack_m=np.array([known[place].error_m for place in places]),
        reach_px=share * diagonal,
        diagonal_px=diagonal,
    )


def _agree(pairs: _Pairs, *, seed: int) -> _Consensus | None:
    """Return the similarity under which most pairs agree."""
    first, second = np.triu_indices(len(pairs.drawn), 1)
    apart = np.abs(pairs.z[first] - pairs.z[second]) >= max(_NEAREST_TWO * pairs.diagonal_px, 1.0)
    keep = apart & (pairs.drawn[first] != pairs.drawn[second]) & (pairs.known[first] != pairs.known[second])
    first, second = first[keep], second[keep]
    if len(first) > _MOST_TRIALS:
        odds = pairs.likeness[first] * pairs.likeness[second]
        some = np.random.default_rng(seed).choice(len(first), _MOST_TRIALS, replace=False, p=odds / odds.sum())
        first, second = first[some], second[some]
    a = (pairs.w[second] - pairs.w[first]) / (pairs.z[second] - pairs.z[first])
    b = pairs.w[first] - a * pairs.z[first]
    likely = (np.abs(a) >= _METRES_PER_PIXEL[0]) & (np.abs(a) <= _METRES_PER_PIXEL[1])
    a, b = a[likely], b[likely]
    if not len(a):
        return None
    totals = np.concatenate([_totals(pairs, a[at : at + 512], b[at : at + 512]) for at in range(0, len(a), 512)])
    best = int(np.argmax(totals))
    # Another arrangement is one that puts the drawing elsewhere, or the other way round.
    middle = pairs.z.mean()
    moved = np.abs(a * middle + b - (a[best] * middle + b[best])) > 2 * pairs.reach_px * np.abs(a[best])
    turned = np.abs(np.angle(a / a[best])) > np.pi / 3
    rivals = totals[moved | turned]
    ambiguous = bool(len(rivals) and rivals.max() > 0.9 * totals[best])
    return _Consensus(complex(a[best]), complex(b[best]), float(totals[best]), ambiguous)


def _totals(pairs: _Pairs, a: ComplexArray, b: ComplexArray) -> FloatArray:
    """Return for each similarity how much agrees under it: the best pair of each drawn place, summed."""
    misses = np.abs(a[:, None] * pairs.z + b[:, None] - pairs.w)
    reach = pairs.reach_px * np.abs(a)[:, None] + pairs.slack_m
    worth = pairs.likeness * np.clip(1 - (misses / reach) ** 2, 0, None)
    starts = np.flatnonzero(np.diff(pairs.drawn, prepend=-1))
    totals: FloatArray = np.maximum.reduceat(worth, starts, axis=1).sum(axis=1)
    return totals


def _settle(pairs: _Pairs, agreed: _Consensus) -> tuple[_Consensus, list[int]]:
    """Fit to all that agree, and choose again, until the choice stays; returns it and the pairs chosen."""
    chosen: list[int] = []
    for _ in range(10):
        again = _choice(pairs, agreed)
        if again == chosen or len(again) < 2:
            break
        chosen = again
        weights = pairs.likeness[chosen]
        z, w = pairs.z[chosen], pairs.w[chosen]
        z0, w0 = np.average(z, weights=weights), np.average(w, weights=weights)
        spread = (weights * np.abs(z - z0) ** 2).sum()
        if spread <= 0:
            break
        a = complex((weights * (w - w0) * np.conj(z - z0)).sum() / spread)
        agreed = _Consensus(a, complex(w0 - a * z0), agreed.total, agreed.is_ambiguous)
    return agreed, chosen or _choice(pairs, agreed)


def _choice(pairs: _Pairs, agreed: _Consensus) -> list[int]:
    misses = np.abs(agreed.a * pairs.z + agreed.b - pairs.w)
    reach = pairs.reach_px * abs(agreed.a) + pairs.slack_m
    worth = pairs.likeness * np.clip(1 - (misses / reach) ** 2, 0, None)
    rows, row_of = np.unique(pairs.drawn, return_inverse=True)
    columns, column_of = np.unique(pairs.known, return_inverse=True)
    table, number = np.zeros((len(rows), len(columns))), np.full((len(rows), len(columns)), -1)
    table[row_of, column_of], number[row_of, column_of] = worth, np.arange(len(worth))
    taken = zip(*linear_sum_assignment(table, maximize=True), strict=True)
    return sorted(int(number[i, j]) for i, j in taken if table[i, j] > 0)


def _undecided(pairs: _Pairs, agreed: _Consensus, chosen: list[int]) -> set[int]:
    """Return the chosen pairs that another pairing fits about as well: two shops side by side."""
    squared = np.abs(agreed.a * pairs.z + agreed.b - pairs.w) ** 2
    least = 0.02 * pairs.diagonal_px * abs(agreed.a)
    # Of four numbers fitted, the misses of n points leave 2n - 4 free.
    sigma2 = max(float(squared[chosen].sum()) / max(2 * len(chosen) - 4, 2), least**2)
    evidence = np.log(pairs.likeness) - squared / (2 * sigma2)
    by_place = {(int(pairs.drawn[i]), int(pairs.known[i])): i for i in range(len(pairs.drawn))}
    owner = {int(pairs.known[index]): index for index in chosen}
    found: set[int] = set()
    for index in chosen:
        d, k = int(pairs.drawn[index]), int(pairs.known[index])
        for other in np.flatnonzero(pairs.drawn == d):
            if int(other) == index or _one_place(pairs, index, int(other), float(np.sqrt(sigma2))):
                continue
            rival = owner.get(int(pairs.known[other]))
            if rival is None:
                if evidence[index] - evidence[other] < _SURELY:
                    found.add(index)
                continue
            back = by_place.get((int(pairs.drawn[rival]), k))
            if back is None:
                continue
            if evidence[index] + evidence[rival] - evidence[other] - evidence[back] < _SURELY:
                found |= {index, rival}
    return found


def _one_place(pairs: _Pairs, first: int, second: int, sigma: float) -> bool:
    """Tell whether two known places are one, stored twice: the same school, drawn by two groups."""
    apart = abs(pairs.w[first] - pairs.w[second])
    return bool(apart <= max(float(pairs.slack_m[first] + pairs.slack_m[second]), 0.25 * sigma))


def _mirrored(pairs: _Pairs, agreed: _Consensus, count: int, *, seed: int) -> bool:
    seen_from_behind = _Pairs(
        pairs.drawn,
        pairs.known,
        pairs.likeness,
        np.conj(pairs.z),
        pairs.w,
        pairs.slack_m,
        pairs.reach_px,
        pairs.diagonal_px,
    )
    other = _agree(seen_from_behind, seed=seed)
    more: BoolArray | bool = other is not None and other.total > 1.25 * agreed.total
    return bool(more and other is not None and (count >= 3 or other.total >= 2))


def _rest(
    labelled: Sequence[DrawnPlace],
    known: Sequence[KnownPlace],
    candidates: dict[tuple[int, int], float],
    undecided: dict[int, int],
    measured: tuple[_Pairs, FloatArray] | None,
    *,
    used: set[int] | None = None,
) -> tuple[LeftOut, ...]:
    rest = []
    for number, drawn in enumerate(labelled):
        if used and number in used:
            continue
        own = [(likeness, j) for (i, j), likeness in candidates.items() if i == number]
        if not own:
            rest.append(LeftOut(drawn, LeftOutReason.UNKNOWN))
            continue
        if measured is None:
            rest.append(LeftOut(drawn, LeftOutReason.UNDECIDED, known[max(own)[1]]))
            continue
        pairs, misses = measured
        mine = np.flatnonzero(pairs.drawn == number)
        if number in undecided:
            index, reason = undecided[number], LeftOutReason.UNDECIDED
        else:
            alike = mine[pairs.likeness[mine] >= pairs.likeness[mine].max() - 1e-9]
            index, reason = int(alike[np.argmin(misses[alike])]), LeftOutReason.CONTRADICTS
        rest.append(LeftOut(drawn, reason, known[pairs.known[index]], float(misses[index])))
    return tuple(rest)
