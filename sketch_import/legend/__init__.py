"""The legend of a drawing: which look means which kind, said once or drawn in the key, and what else looks so."""

from sketch_import.legend.key import BoxReading, KeyReading, key_of, read_boxes, read_key
from sketch_import.legend.listing import add_proposals
from sketch_import.legend.look import Look, SizeClass, WidthClass, likeness, look_of, width_unit_of
from sketch_import.legend.meaning import Legend, Meaning, Proposal, Source, learn, propose

__all__ = [
    "BoxReading",
    "KeyReading",
    "Legend",
    "Look",
    "Meaning",
    "Proposal",
    "SizeClass",
    "Source",
    "WidthClass",
    "add_proposals",
    "key_of",
    "learn",
    "likeness",
    "look_of",
    "propose",
    "read_boxes",
    "read_key",
    "width_unit_of",
]
