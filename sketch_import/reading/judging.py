"""How good a photo of a sheet is, in numbers, and what follows: pass, doubtful or refused, and what to do."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from geo.i18n import Text
from geo.sheet_layout import SheetLayout
from sketch_import.reading.locating import Located

__all__ = ["PhotoQuality", "Problem", "Verdict", "judge", "measure_photo", "worst_verdict"]

FloatArray = NDArray[np.float64]

_FOCAL = 0.78
"""Focal length of a phone's main camera over the long side of its picture."""
_MESH = 25
_CLIPPED = 252

_DOUBTFUL_MM, _REFUSED_MM = 1.5, 3.0
"""Expected error on paper, in all but the worst twentieth of the frame."""
_DOUBTFUL_MISS, _REFUSED_MISS = 1.5, 6.0
"""By how much marks are missed by the others, mm on paper: they stand further apart than any place from its marks."""
_DOUBTFUL_BLUR_MM, _REFUSED_BLUR_MM = 0.8, 1.5
"""Standard deviation of the blur on paper: a pen stroke is 1 to 5 mm wide."""
_DOUBTFUL_DETAIL, _REFUSED_DETAIL = 1.5, 0.8
"""Pixels a millimetre where the photo is coarsest."""
_DOUBTFUL_CONTRAST, _REFUSED_CONTRAST = 45.0, 18.0
"""Grey levels between ink and paper of the marks, of 255."""
_DOUBTFUL_SEEN, _REFUSED_SEEN = 0.97, 0.5
"""Share of the frame that is in the picture."""
_DOUBTFUL_GLARE = 0.12
"""Share of the frame that is overexposed: strokes there may be lost."""
_MANY_MARKS = 6
_FLAT_MM = 2.0
"""Bend of the paper up to which it counts as flat."""
_ALL_WHITE = 0.6
"""From this share on it is the paper that is white, not a spot of light on it."""
_STILL_BLACK = 60.0
"""Grey level of the marks' ink up to which no stray light lies on the sheet."""
_DOUBTFUL_TILT = 55.0


class Verdict(StrEnum):
    """What to do with a photographed sheet."""

    PASS = "pass"
    DOUBTFUL = "doubtful"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is not as it should be."""

    verdict: Verdict
    text: Text


@dataclass(frozen=True, slots=True)
class PhotoQuality:
    """Numbers of one photo. Lengths in mm are on paper."""

    marks_seen: tuple[int, ...]
    """Numbers of the marks that were fitted."""
    marks_expected: int
    sides: tuple[str, ...]
    """Sides of the sheet on which they stand."""
    marks_dropped: tuple[int, ...]
    """Numbers of those that contradict the others."""
    codes_read: int
    blur_px: float
    """Standard deviation of the blur, from the edges of the marks; median of the marks."""
    blur_mm: float
    """The same on paper, at the worst mark but one in ten."""
    px_per_mm: float
    """Where the photo of the frame is coarsest."""
    black: float
    white: float
    contrast: float
    """Grey levels of ink and paper, 0 to 255, and their difference at the weakest mark but one in ten."""
    overexposed: float
    """Share of the frame, as far as it is seen."""
    frame_seen: float
    """Share of the frame that is in the picture."""
    tilt: float
    """Degrees between the axis of the camera and the normal of the paper, for a phone's usual lens."""
    bend_mm: float
    """How far the paper, laid back onto a plane, seems moved at most: curl and folds."""
    residual_px: float
    residual_mm: float
    """Reprojection error of the marks, root mean square."""
    left_out_px: float
    left_out_mm: float
    """The same where each mark is foretold by the others alone."""
    error_mm: float
    """Expected error of a position, median over the frame."""
    worst_error_mm: float
    """The same, in all but the worst twentieth of the frame."""

    @property
    def flat_by_few_marks(self) -> bool:
        """Whether only a few marks are seen, on three sides at least, and those as on flat paper."""
        few = 3 <= len(self.marks_seen) < _MANY_MARKS
        return few and len(self.sides) >= 3 and not self.marks_dropped and self.bend_mm < _FLAT_MM

    @property
    def glare(self) -> float:
        """Share of the frame where too much light may hide strokes.

        Paper that is white nearly everywhere is a scan, or a bright photo, as long as black is still black.
        """
        evenly_white = self.overexposed > _ALL_WHITE and self.black < _STILL_BLACK
        return 0.0 if evenly_white else self.overexposed


def measure_photo(pixels: NDArray[np.uint8], located: Located, layout: SheetLayout, *, codes_read: int) -> PhotoQuality:
    """Measure a photo of a sheet.

    Parameters
    ----------
    pixels
        Upright photo, shape (h, w, 3).
    located
        Its marks and surface.
    layout
        The sheet.
    codes_read
        How many codes were read.
    """
    frame, surface, marks = layout.frame, located.surface, located.marks
    shares = (np.arange(_MESH) + 0.5) / _MESH
    mesh = np.stack(np.meshgrid(frame.x + shares * frame.width, frame.y + shares * frame.height), axis=-1).reshape(
        -1, 2
    )
    photo = surface.to_photo(mesh)
    height, width = pixels.shape[:2]
    seen = (photo >= 0).all(axis=1) & (photo < [width, height]).all(axis=1)
    there = mesh[seen] if seen.any() else mesh
    errors = surface.error_mm(there)
    columns, rows = photo[seen].astype(int).T
    bright = (pixels[rows, columns].min(axis=1) >= _CLIPPED) if seen.any() else np.zeros(1)
    places = {mark.number: mark.side for mark in layout.marks}
    return PhotoQuality(
        marks_seen=tuple(mark.mark.number for mark in marks),
        marks_expected=len(layout.marks),
        sides=tuple(sorted({places[mark.mark.number] for mark in marks})),
        marks_dropped=located.dropped,
        codes_read=codes_read,
        blur_px=float(np.median([mark.blur_px for mark in marks])),
        blur_mm=float(np.percentile([mark.blur_mm for mark in marks], 90)),
        px_per_mm=float(surface.px_per_mm(there).min()),
        black=float(np.median([mark.black for mark in marks])),
        white=float(np.median([mark.white for mark in marks])),
        contrast=float(np.percentile([mark.white - mark.black for mark in marks], 10)),
        overexposed=float(bright.mean()),
        frame_seen=float(seen.mean()),
        tilt=_tilt(surface.homography, (width, height)),
        bend_mm=surface.bend_mm,
        residual_px=_rms(surface.residual_px),
        residual_mm=_rms(surface.residual_mm),
        left_out_px=_rms(surface.left_out_px),
        left_out_mm=_rms(surface.left_out_mm),
        error_mm=float(np.median(errors)),
        worst_error_mm=float(np.percentile(errors, 95)),
    )


def judge(quality: PhotoQuality, *, alone: bool = True) -> tuple[Problem, ...]:
    """Name what is wrong with a photo, the worst first; nothing for a good one.

    Parameters
    ----------
    quality
        Its numbers.
    alone
        Whether all of the sheet must be in this photo, or other photos show the rest.
    """
    found = [
        _above(quality.blur_mm, _DOUBTFUL_BLUR_MM, _REFUSED_BLUR_MM, "reading.blurred", value=f"{quality.blur_mm:.1f}"),
        _below(
            quality.px_per_mm, _DOUBTFUL_DETAIL, _REFUSED_DETAIL, "reading.too_far", value=f"{quality.px_per_mm:.1f}"
        ),
        _below(
            quality.contrast, _DOUBTFUL_CONTRAST, _REFUSED_CONTRAST, "reading.dark", value=f"{quality.contrast:.0f}"
        ),
        _above(quality.glare, _DOUBTFUL_GLARE, math.inf, "reading.glare", value=f"{100 * quality.glare:.0f}"),
        _above(quality.tilt, _DOUBTFUL_TILT, math.inf, "reading.slanted", value=f"{quality.tilt:.0f}"),
    ]
    if alone:
        # A few marks cannot show whether paper is bent between them, so the error that is reckoned with is large
        # and one mark foretells another badly. Where they agree on flat paper, that is worth a warning, not a refusal.
        enough = quality.flat_by_few_marks
        found += [
            _above(
                quality.worst_error_mm,
                _DOUBTFUL_MM,
                math.inf if enough else _REFUSED_MM,
                "reading.inexact",
                value=f"{quality.worst_error_mm:.1f}",
            ),
            _below(
                quality.frame_seen,
                _DOUBTFUL_SEEN,
                _REFUSED_SEEN,
                "reading.cut_off",
                value=f"{100 * quality.frame_seen:.0f}",
            ),
        ]
        found.append(
            _above(
                quality.left_out_mm,
                _DOUBTFUL_MISS,
                math.inf if enough else _REFUSED_MISS,
                "reading.uneven",
                value=f"{quality.left_out_mm:.1f}",
            )
        )
        if len(quality.marks_seen) < 3:
            numbers = {"seen": len(quality.marks_seen), "expected": quality.marks_expected}
            found.append(Problem(Verdict.REFUSED, Text("reading.few_marks", numbers)))
    if len(quality.marks_dropped) > 1:
        found.append(Problem(Verdict.DOUBTFUL, Text("reading.contradicting", {"count": len(quality.marks_dropped)})))
    problems = [problem for problem in found if problem is not None]
    return tuple(sorted(problems, key=lambda problem: problem.verdict is not Verdict.REFUSED))


def worst_verdict(problems: Sequence[Problem]) -> Verdict:
    """Return the verdict that follows from the problems."""
    order = list(Verdict)
    return max((problem.verdict for problem in problems), key=order.index, default=Verdict.PASS)


def _above(number: float, doubtful: float, refused: float, key: str, /, **params: str) -> Problem | None:
    if number <= doubtful:
        return None
    return Problem(Verdict.REFUSED if number > refused else Verdict.DOUBTFUL, Text(key, params))


def _below(number: float, doubtful: float, refused: float, key: str, /, **params: str) -> Problem | None:
    return _above(-number, -doubtful, -refused, key, **params)


def _tilt(homography: FloatArray, size: tuple[int, int]) -> float:
    focal, middle = _FOCAL * max(size), np.array(size) / 2
    camera = np.array([[focal, 0, middle[0]], [0, focal, middle[1]], [0, 0, 1.0]])
    seen = np.linalg.solve(camera, homography)
    normal = np.cross(seen[:, 0], seen[:, 1])
    return math.degrees(math.acos(min(1.0, abs(float(normal[2])) / float(np.linalg.norm(normal)))))


def _rms(values: FloatArray) -> float:
    return float(np.sqrt((values**2).mean())) if len(values) else 0.0
