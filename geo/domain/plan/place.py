"""Where an activity takes place: its shape must be of the kind that it covers (DOMAIN.md section 8)."""

from __future__ import annotations

from geo.domain.plan_codes import Coverage
from geo.errors import Refused
from geo.i18n import Text

__all__ = ["coverage_of", "review_place"]

_SHAPES = {
    Coverage.POINT: ("Point", "MultiPoint"),
    Coverage.LINE: ("LineString", "MultiLineString"),
    Coverage.AREA: ("Polygon", "MultiPolygon"),
}


def coverage_of(shape: str) -> Coverage:
    """Return what a geometry of some type covers.

    Parameters
    ----------
    shape
        Name of the geometry type, such as ``"LineString"``.

    Raises
    ------
    Refused
        A type that is none of point, line and area.
    """
    for coverage, shapes in _SHAPES.items():
        if shape in shapes:
            return coverage
    raise Refused("activity.shape_unknown", shape=shape)


def review_place(coverage: Coverage, shape: str | None, *, has_settlement: bool, has_site: bool) -> tuple[Text, ...]:
    """Compare what an activity covers with its geometry.

    Parameters
    ----------
    coverage
        What it covers.
    shape
        Type of its geometry, None where it has none.
    has_settlement
        Whether it belongs to one settlement.
    has_site
        Whether it is tied to an object of the map, which then says where it is.

    Returns
    -------
    tuple of Text
        A warning where a place is told but not on the map yet.

    Raises
    ------
    Refused
        The geometry is of another type, a whole settlement is covered but none named, or something smaller than the
        municipality is drawn for all of it.
    """
    word = Text(f"coverage.{coverage}", code=coverage.value)
    if coverage is Coverage.SETTLEMENT and not has_settlement:
        raise Refused("activity.which_settlement")
    if coverage in _SHAPES:
        if shape is not None and shape not in _SHAPES[coverage]:
            raise Refused("activity.shape_differs", coverage=word, shape=shape)
        if shape is None and not has_site:
            return (Text("activity.no_place", {"coverage": word}),)
    elif shape is not None:
        raise Refused("activity.shape_not_needed", coverage=word)
    return ()
