"""The symbol set: one line drawing a kind, on a grid of 24 by 24, in the colour of the text around it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from geo.domain.vocabulary import Kind

__all__ = ["symbol_markup", "symbol_path"]

_FOLDER = Path(__file__).parent / "symbols"
_BODY = re.compile(r"<svg\b[^>]*>(.*)</svg>", re.DOTALL)


def symbol_path(kind: Kind) -> Path:
    """Return the SVG file of a kind's symbol, for programs that read files."""
    return _FOLDER / f"{kind.value}.svg"


@cache
def symbol_markup(kind: Kind) -> str:
    """Return the inside of a kind's symbol: SVG shapes on a 24 by 24 grid, to be stroked 1.75 wide with round ends.

    >>> symbol_markup(Kind.CLINIC).startswith("<path d=")
    True
    """
    found = _BODY.search(symbol_path(kind).read_text(encoding="utf-8"))
    if found is None:
        raise ValueError(f"{symbol_path(kind).name} is not an SVG drawing")
    return re.sub(r"\s*\n\s*", "", found.group(1)).strip()
