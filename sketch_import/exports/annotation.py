"""A IIIF Georeference Annotation (https://iiif.io/api/extension/georef/), as Allmaps reads it."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from geo.domain.georeference import Method
from geo.domain.labels import label_text
from geo.errors import Refused
from sketch_import.placing import Placement

__all__ = ["georeference_annotation"]

# Section 5 of the extension: its context comes before that of the Presentation API.
_CONTEXTS = (
    "http://iiif.io/api/extension/georef/1/context.json",
    "http://iiif.io/api/presentation/3/context.json",
)
# Section 3.6 names polynomial and thinPlateSpline and leaves others open; helmert and projective are Allmaps' words.
_TRANSFORMATIONS: MappingProxyType[Method, dict[str, Any]] = MappingProxyType(
    {
        Method.HELMERT: {"type": "helmert"},
        Method.AFFINE: {"type": "polynomial", "options": {"order": 1}},
        Method.POLYNOMIAL1: {"type": "polynomial", "options": {"order": 1}},
        Method.POLYNOMIAL2: {"type": "polynomial", "options": {"order": 2}},
        Method.POLYNOMIAL3: {"type": "polynomial", "options": {"order": 3}},
        Method.PROJECTIVE: {"type": "projective"},
        Method.TPS: {"type": "thinPlateSpline"},
    }
)
_DECIMALS = 9


def georeference_annotation(placement: Placement, *, image_id: str) -> dict[str, Any]:
    """Return the annotation of one sheet, ready for JSON.

    Resource coordinates are x right, y down from the top-left corner of the picture, as are ours. A reader solves
    the transformation anew from the control points, Allmaps (transform 1.0.0-beta.53) in Web Mercator. Against our
    solution in a UTM zone, on a sheet of 3 km: affine, polynomials and spline within 0.2 m; a similarity within 3 m,
    because Web Mercator is 0.4 % longer to the north than to the east; a projective one by metres, for Allmaps weighs
    the points differently.

    Parameters
    ----------
    placement
        Where the sheet lies.
    image_id
        Address of the upright picture's IIIF image service, or any URI that names the picture.

    Raises
    ------
    geo.errors.Refused
        ``sheet_export.smoothing``: the format has no word for a smoothed spline;
        ``sheet_export.image_id``: not a URI.
    """
    if placement.method is Method.TPS and placement.smoothing > 0:
        raise Refused("sheet_export.smoothing", method=label_text(placement.method))
    scheme, colon, rest = image_id.partition(":")
    named = colon and scheme.isalpha() and len(scheme) > 1 and rest.strip("/")
    if not named or any(letter.isspace() for letter in image_id):
        raise Refused("sheet_export.image_id", given=image_id[:80])
    width, height = placement.image_size
    outline = f"0,0 {width},0 {width},{height} 0,{height}"
    return {
        "@context": list(_CONTEXTS),
        "id": f"urn:uuid:{uuid5(NAMESPACE_URL, image_id)}",
        "type": "Annotation",
        "motivation": "georeferencing",
        "target": {
            "type": "SpecificResource",
            "source": {"id": image_id.rstrip("/"), "type": "ImageService3", "height": height, "width": width},
            "selector": {
                "type": "SvgSelector",
                "value": f'<svg width="{width}" height="{height}"><polygon points="{outline}" /></svg>',
            },
        },
        "body": {
            "type": "FeatureCollection",
            "transformation": _TRANSFORMATIONS[placement.method],
            "features": [
                {
                    "type": "Feature",
                    "properties": {"resourceCoords": [round(value, 4) for value in point.pixel]},
                    "geometry": {"type": "Point", "coordinates": [round(value, _DECIMALS) for value in point.lonlat]},
                }
                for point in placement.control_points
            ],
        },
    }
