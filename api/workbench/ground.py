"""What the maps of the workbench are drawn with: an empty ground, the base map of the settings, layers by kind."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from maps.style.palette import PALETTE, Role
from maps.web.maplibre_style import feature_layers

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@router.get("/work/ground.json")
def ground(theme: str = "light") -> dict[str, Any]:
    """Answer the style of an empty map."""
    paper = PALETTE[Role.PAPER]
    colour = paper.dark if theme == "dark" else paper.light
    return {
        "version": 8,
        "name": "Ayilmap",
        "sources": {},
        "layers": [{"id": "paper", "type": "background", "paint": {"background-color": colour}}],
    }


@router.get("/work/layers.json")
def layers(
    source: Annotated[str, Query(pattern="^[a-z0-9_-]{1,40}$")],
    theme: str = "light",
    source_layer: Annotated[str, Query(pattern="^[a-z0-9_-]{0,40}$")] = "",
) -> list[dict[str, Any]]:
    """Answer the layers that draw features of a source by their kind."""
    return feature_layers(source, dark=theme == "dark", source_layer=source_layer)
