"""Placing a sheet on the ground: control points in, a transform with an honest error out."""

from sketch_import.placing.comparison import METHODS_BY_SIMPLICITY, MethodReport
from sketch_import.placing.converting import Converter, converter_of
from sketch_import.placing.distortion import Distortion, distortion, distortion_to_geojson
from sketch_import.placing.error_field import ErrorField
from sketch_import.placing.folding import Folding, Turning, examine
from sketch_import.placing.local_metres import LocalMetres
from sketch_import.placing.placement import Placement, Verdict, place
from sketch_import.placing.suspects import Suspects

__all__ = [
    "METHODS_BY_SIMPLICITY",
    "Converter",
    "Distortion",
    "ErrorField",
    "Folding",
    "LocalMetres",
    "MethodReport",
    "Placement",
    "Suspects",
    "Turning",
    "Verdict",
    "converter_of",
    "distortion",
    "distortion_to_geojson",
    "examine",
    "place",
]
