"""Transforms from sheet pixels to the ground, one file a method behind a small base."""

from sketch_import.transforms.base import Mapping, Transform
from sketch_import.transforms.degeneracy import coincident_pairs, flatness
from sketch_import.transforms.frame import BoolArray, FloatArray, Frame, determinants
from sketch_import.transforms.leaving_out import leave_one_out, leverages
from sketch_import.transforms.polynomial import polynomial_terms
from sketch_import.transforms.solving import fit
from sketch_import.transforms.thin_plate_spline import spline_kernel

__all__ = [
    "BoolArray",
    "FloatArray",
    "Frame",
    "Mapping",
    "Transform",
    "coincident_pairs",
    "determinants",
    "fit",
    "flatness",
    "leave_one_out",
    "leverages",
    "polynomial_terms",
    "spline_kernel",
]
