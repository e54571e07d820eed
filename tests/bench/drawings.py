"""How fast Venn diagrams are laid out: seconds of work for 15 and 30 circles.

``python -m tests.bench.drawings`` measures this alone.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator

from maps.venn import layout_venn
from tests.bench.rows import Row
from tests.maps.venn_diagrams import drawable

__all__ = ["measure_drawings"]

SEEDS = range(3)
KINDS = ((15, 12, 25, 2.0), (30, 20, 50, 6.0))
"""Circles, least and most ties, and the seconds that the slowest may take."""


def measure_drawings() -> Iterator[Row]:
    """Lay out diagrams that can be drawn; the slowest counts."""
    layout_venn(drawable(5, 2, 6, seed=0))  # the libraries are loaded once
    for circles, least, most, goal in KINDS:
        slowest, longest, lines = 0.0, 0.0, 0
        for seed in SEEDS:
            diagram = drawable(circles, least, most, seed=seed)
            begin, clock = time.process_time(), time.perf_counter()
            layout = layout_venn(diagram)
            slowest = max(slowest, time.process_time() - begin)
            longest = max(longest, time.perf_counter() - clock)
            lines += len(layout.lines)
        # One thread does the work, so that its seconds are those of the clock where nothing else runs.
        note = f"{least}–{most} ties; slowest of {len(SEEDS)}; {longest:.1f} s by the clock; {lines} ties by a line"
        yield Row(f"Venn diagram of {circles} circles laid out, processor", slowest, "s", goal=goal, note=note)


if __name__ == "__main__":
    measured = list(measure_drawings())
    print("\n".join(row.line() for row in measured))
    sys.exit(0 if all(row.met for row in measured) else 1)
