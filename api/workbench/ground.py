"""What the maps of the workbench are drawn with: paper or the base map of the settings, layers by kind, their signs."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from api.routes.access import Reader, serving
from api.workbench.base_ground import base_ground
from maps.style.palette import PALETTE, Role
from maps.web.map_signs import map_pictures
from maps.web.maplibre_style import feature_layers

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
_AN_HOUR = "public, max-age=3600"


@router.get("/work/ground.json")
def ground(request: Request, theme: str = "light") -> dict[str, Any]:
    """Answer the style of an empty map."""
    is_dark = theme == "dark"
    paper = PALETTE[Role.PAPER]
    layers: list[dict[str, Any]] = [
        {
            "id": "paper",
            "type": "background",
            "paint": {"background-color": paper.dark if is_dark else paper.light},
        }
    ]
    base = base_ground(serving(request).basemap)
    if base:
        # Pale, so that what people drew stands out; on a dark screen also dim.
        paint = {"raster-opacity": 0.55, "raster-saturation": -0.6, "raster-brightness-max": 0.5, "raster-contrast": 0}
        pale = {"raster-opacity": 0.75, "raster-saturation": -0.35, "raster-brightness-max": 1, "raster-contrast": -0.1}
        layers.append({"id": "basemap", "type": "raster", "source": "basemap", "paint": paint if is_dark else pale})
    return {
        "version": 8,
        "name": "Ayilmap",
        "sources": {"basemap": base.source()} if base else {},
        "layers": layers,
    }


@router.get("/work/layers.json")
def layers(
    source: Annotated[str, Query(pattern="^[a-z0-9_-]{1,40}$")],
    language: Reader,
    theme: str = "light",
    source_layer: Annotated[str, Query(pattern="^[a-z0-9_-]{0,40}$")] = "",
) -> list[dict[str, Any]]:
    """Answer the layers that draw features of a source by their kind."""
    return feature_layers(source, dark=theme == "dark", source_layer=source_layer, language=language)


@router.get("/work/signs.json")
def signs(response: Response, theme: str = "light") -> dict[str, str]:
    """Answer the signs and hatches that layers name, as SVG."""
    response.headers["Cache-Control"] = _AN_HOUR
    return dict(map_pictures(dark=theme == "dark"))
