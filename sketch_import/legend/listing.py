"""Write proposals into the candidates' GeoJSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sketch_import.candidate import candidate_id
from sketch_import.legend.meaning import Proposal

__all__ = ["add_proposals"]


def add_proposals(collection: dict[str, Any], proposals: Iterable[Proposal]) -> dict[str, Any]:
    """Return the collection with what is proposed for each feature.

    Parameters
    ----------
    collection
        From `candidates_to_geojson`.
    proposals
        From `propose`.

    Returns
    -------
    dict
        The same features; those with a proposal have the properties ``proposed_kind``, ``proposed_confidence`` (0 to 1)
        and ``proposed_rivals`` (kinds that look the same) besides.
    """
    by_id = {candidate_id(proposal.ordinal): _properties(proposal) for proposal in proposals}
    features = [
        {**feature, "properties": {**feature["properties"], **by_id.get(feature["id"], {})}}
        for feature in collection["features"]
    ]
    return {**collection, "features": features}


def _properties(proposal: Proposal) -> dict[str, object]:
    return {
        "proposed_kind": proposal.kind.value,
        "proposed_confidence": round(proposal.confidence, 3),
        "proposed_rivals": [kind.value for kind in proposal.rivals],
    }
