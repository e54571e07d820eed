"""Control points: QGIS ``.points``, CSV and JSON in, ``.points`` out."""

from sketch_import.control_points.checking import check_degrees, check_points, looks_like_degrees
from sketch_import.control_points.points import (
    ControlPoint,
    PointRow,
    PointTable,
    ground_array,
    named,
    pixel_array,
    shortened,
)
from sketch_import.control_points.reading import (
    control_points_of,
    read_control_points,
    read_table,
    switched_off_points,
)
from sketch_import.control_points.writing import qgis_points

__all__ = [
    "ControlPoint",
    "PointRow",
    "PointTable",
    "check_degrees",
    "check_points",
    "control_points_of",
    "ground_array",
    "looks_like_degrees",
    "named",
    "pixel_array",
    "qgis_points",
    "read_control_points",
    "read_table",
    "shortened",
    "switched_off_points",
]
