"""What was kept of the neighbourhood, as plain values with a sentence."""

from __future__ import annotations

from collections import Counter
from typing import Any

from geo.i18n import Language, Text
from sketch_import.neighbourhood.keeping import Keeping, WhyNot

__all__ = ["kept_in_words", "neighbourhood_of"]


def kept_in_words(keeping: Keeping) -> Text:
    """Return how many of the drawn relations hold, as a sentence."""
    numbers = {"total": keeping.relations, "before": keeping.before, "after": keeping.after}
    given_up = len(keeping.given_up)
    key = "neighbourhood.kept" if not given_up else "neighbourhood.kept_some"
    return Text(key, {**numbers, "moved": len(keeping.moved), "given_up": given_up})


def neighbourhood_of(keeping: Keeping, *, language: Language) -> dict[str, Any]:
    """Return what ``quality.json`` says of the neighbourhood.

    ``kept_before`` counts the drawn relations that hold where the control points put things, ``kept_carried`` those
    after everything went along with its anchors, ``kept_after`` those in the end. ``metres`` are distances from where
    the control points put an object.
    """
    reasons = Counter(one.why for one in keeping.given_up)
    return {
        "anchors": keeping.anchors,
        "relations": keeping.relations,
        "kept_before": keeping.before,
        "kept_carried": keeping.carried,
        "kept_after": keeping.after,
        "reason": kept_in_words(keeping)(language),
        "moved": [
            {"id": one.candidate, "metres": round(one.metres, 1), "nudged_m": round(one.nudged_m, 1)}
            for one in keeping.moved
        ],
        "given_up": [
            {
                "id": one.candidate,
                "anchor": one.anchor,
                "relation": one.relation.value,
                "why": one.why.value,
                "text": Text(f"neighbourhood.{one.why.value}", {"id": one.candidate, "anchor": one.anchor})(language),
            }
            for one in keeping.given_up
        ],
        "given_up_by_reason": {why.value: reasons[why] for why in WhyNot if reasons[why]},
        "contradicting_anchors": [list(pair) for pair in keeping.contradicting],
    }
