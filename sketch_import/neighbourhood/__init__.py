"""Neighbourhood kept where metres fail: what was drawn left of the road, or inside the pasture, stays there."""

from sketch_import.neighbourhood.anchor_file import RealShape, anchors_of, read_anchors, read_real_shapes
from sketch_import.neighbourhood.anchors import Anchor, AnchorShape, anchor_of
from sketch_import.neighbourhood.drawings import PlacedDrawings, place_drawings
from sketch_import.neighbourhood.keeping import GivenUp, Keeping, Moved, WhyNot, keep_neighbourhood
from sketch_import.neighbourhood.relations import Relation, relation_to

__all__ = [
    "Anchor",
    "AnchorShape",
    "GivenUp",
    "Keeping",
    "Moved",
    "PlacedDrawings",
    "RealShape",
    "Relation",
    "WhyNot",
    "anchor_of",
    "anchors_of",
    "keep_neighbourhood",
    "place_drawings",
    "read_anchors",
    "read_real_shapes",
    "relation_to",
]
