"""Placing a sheet on the ground: control points in, a transform with an honest error out."""

from sketch_import.placing.comparison import METHODS_BY_SIMPLICITY, MethodReport
from sketch_import.placing.converting import Converter, converter_of
from sketch_import.placing.folding import Folding, Turning, examine
from sketch_import.placing.local_metres import LocalMetres
from sketch_import.placing.placement import Placement, Verdict, place

__all__ = [
    "METHODS_BY_SIMPLICITY",
    "Converter",
    "Folding",
    "LocalMetres",
    "MethodReport",
    "Placement",
    "Turning",
    "Verdict",
    "converter_of",
    "examine",
    "place",
]
