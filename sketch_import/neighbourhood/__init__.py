"""Neighbourhood kept where metres fail: what was drawn left of the road, or inside the pasture, stays there."""

from sketch_import.neighbourhood.anchor_file import read_anchors
from sketch_import.neighbourhood.anchors import Anchor, AnchorShape, anchor_of
from sketch_import.neighbourhood.keeping import GivenUp, Keeping, Moved, WhyNot, keep_neighbourhood
from sketch_import.neighbourhood.relations import Relation, relation_to

__all__ = [
    "Anchor",
    "AnchorShape",
    "GivenUp",
    "Keeping",
    "Moved",
    "Relation",
    "WhyNot",
    "anchor_of",
    "keep_neighbourhood",
    "read_anchors",
    "relation_to",
]
