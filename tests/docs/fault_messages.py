"""What the program says of each photo that the documentation shows."""

__all__ = ["SAID_OF"]

SAID_OF = {
    "good": "reading.good",
    "dark": "reading.dark",
    "glare": "reading.glare",
    "cut_off": "reading.cut_off",
    "no_edges": "reading.no_marks",
    "slanted": "reading.slanted",
    "blurred": "reading.code_unread",
    "small": "reading.code_unread",
    "mirrored": "reading.mirrored",
    "two_sheets": "reading.two_sheets",
}
"""Message keys by the name of the picture, ``photo_<name>.jpg``."""
