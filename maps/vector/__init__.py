"""Drawings in millimetres that are written as SVG, PDF or PNG: what Venn diagrams and charts are drawn with.

A drawing is a list of shapes and words, so that a test can ask it what overlaps. The words are measured with the font
that they are printed in.
"""

from maps.vector.drawing import Anchor, Box, Disc, Drawing, Look, Outline, Sign, Words
from maps.vector.lettering import line_width, wrap
from maps.vector.paper import PictureFormat, to_pdf, to_picture, to_png
from maps.vector.svg import to_svg

__all__ = [
    "Anchor",
    "Box",
    "Disc",
    "Drawing",
    "Look",
    "Outline",
    "PictureFormat",
    "Sign",
    "Words",
    "line_width",
    "to_pdf",
    "to_picture",
    "to_png",
    "to_svg",
    "wrap",
]
