"""Maps, drawings and charts that go into papers, and the words under them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from geo.domain.institutions import Diagram

__all__ = ["NO_PICTURES", "FormPictures"]


@dataclass(frozen=True, slots=True)
class FormPictures:
    """Pictures for a paper, each SVG, PNG or JPEG; what is not there is left out of the paper.

    Parameters
    ----------
    overview
        Map of the village, or of the municipality with the plan.
    venns
        Diagrams by event and by whose they are.
    venn_pairs
        Women's and men's diagrams in one picture, by event; it stands in place of the two.
    loaves
        The bread, perceived and actual, by event.
    votes
        Votes by group.
    money
        Money by source.
    progress
        Standing of the activities over time.
    """

    overview: bytes | None = None
    venns: Mapping[tuple[UUID, Diagram], bytes] = field(default_factory=dict)
    venn_pairs: Mapping[UUID, bytes] = field(default_factory=dict)
    loaves: Mapping[UUID, bytes] = field(default_factory=dict)
    votes: bytes | None = None
    money: bytes | None = None
    progress: bytes | None = None


NO_PICTURES = FormPictures()
