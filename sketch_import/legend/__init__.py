"""The legend of a drawing: which look means which kind, said once or drawn in the key, and what else looks so."""

from sketch_import.legend.key import KeyReading, read_key
from sketch_import.legend.listing import add_proposals
from sketch_import.legend.look import Look, SizeClass, WidthClass, likeness, look_of, width_unit_of
from sketch_import.legend.meaning import Legend, Meaning, Proposal, Source, learn, propose

__all__ = [
    "KeyReading",
    "Legend",
    "Look",
    "Meaning",
    "Proposal",
    "SizeClass",
    "Source",
    "WidthClass",
    "add_proposals",
    "learn",
    "likeness",
    "look_of",
    "propose",
    "read_key",
    "width_unit_of",
]
