"""What can be made, as which files, and what has to be said for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

__all__ = ["OFFERS", "Chart", "Offer", "PosterPaper", "RenderingFormat", "RenderingKind"]


class RenderingKind(StrEnum):
    """A map, drawing or paper."""

    SESSION_MAP = "session_map"
    VILLAGE_MAP = "village_map"
    MUNICIPALITY_MAP = "municipality_map"
    PLAN_MAP = "plan_map"
    MONITORING_MAP = "monitoring_map"
    VENN_MAP = "venn_map"
    GROUPS_COMPARED = "groups_compared"
    YEARS_COMPARED = "years_compared"
    VENN = "venn"
    VENN_PAIR = "venn_pair"
    CHART = "chart"
    POSTER = "poster"
    FORM = "form"


class RenderingFormat(StrEnum):
    """What a rendering is written as."""

    HTML = "html"
    SVG = "svg"
    PNG = "png"
    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"

    @property
    def media_type(self) -> str:
        """Media type of its files."""
        return _MEDIA_TYPES[self]


class Chart(StrEnum):
    """Which chart."""

    VOTES = "votes"
    BREAD = "bread"
    MONEY = "money"
    STATUS = "status"


class PosterPaper(StrEnum):
    """Paper that a poster is read from at a distance; A4 pages are glued to one of these."""

    A0 = "A0"
    A1 = "A1"
    A2 = "A2"
    A3 = "A3"


_OFFICE = "application/vnd.openxmlformats-officedocument."
_MEDIA_TYPES: Mapping[RenderingFormat, str] = MappingProxyType(
    {
        RenderingFormat.HTML: "text/html; charset=utf-8",
        RenderingFormat.SVG: "image/svg+xml; charset=utf-8",
        RenderingFormat.PNG: "image/png",
        RenderingFormat.PDF: "application/pdf",
        RenderingFormat.DOCX: f"{_OFFICE}wordprocessingml.document",
        RenderingFormat.XLSX: f"{_OFFICE}spreadsheetml.sheet",
    }
)


@dataclass(frozen=True, slots=True)
class Offer:
    """What a kind can be written as, first the usual, and which parameters it must and may have."""

    formats: tuple[RenderingFormat, ...]
    needs: frozenset[str] = frozenset()
    takes: frozenset[str] = frozenset()
    with_photos: bool = False
    """Whether photos are on it, which take a while to read."""
    public_only: bool = False
    """Whether it is always as everybody may see it, such as what hangs on a wall."""


_HTML = (RenderingFormat.HTML,)
_DRAWN = (RenderingFormat.SVG, RenderingFormat.PDF, RenderingFormat.PNG)
_PAPERS = (RenderingFormat.PDF, RenderingFormat.DOCX, RenderingFormat.XLSX)
_EVENT = frozenset({"event_id"})
_PLACE = frozenset({"municipality_id", "settlement_id", "year"})
_VILLAGE = frozenset({"settlement_id"})
_YEAR = frozenset({"municipality_id", "year"})

OFFERS: Mapping[RenderingKind, Offer] = MappingProxyType(
    {
        RenderingKind.SESSION_MAP: Offer(_HTML, needs=_EVENT),
        RenderingKind.VILLAGE_MAP: Offer(_HTML, needs=_VILLAGE, takes=_YEAR, with_photos=True),
        RenderingKind.MUNICIPALITY_MAP: Offer(_HTML, takes=_PLACE, with_photos=True),
        RenderingKind.PLAN_MAP: Offer(_HTML, takes=_PLACE, with_photos=True),
        RenderingKind.MONITORING_MAP: Offer(_HTML, takes=_PLACE, with_photos=True),
        RenderingKind.VENN_MAP: Offer(_HTML, needs=_EVENT, takes=frozenset({"diagram"})),
        RenderingKind.GROUPS_COMPARED: Offer(_HTML, needs=frozenset({"event_id", "other_event_id"})),
        RenderingKind.YEARS_COMPARED: Offer(
            _HTML, needs=frozenset({"settlement_id", "other_year"}), takes=_YEAR, with_photos=True
        ),
        RenderingKind.VENN: Offer(_DRAWN, needs=_EVENT, takes=frozenset({"diagram"})),
        RenderingKind.VENN_PAIR: Offer(_DRAWN, needs=_EVENT),
        RenderingKind.CHART: Offer((RenderingFormat.SVG,), needs=frozenset({"chart"}), takes=_PLACE | _EVENT),
        RenderingKind.POSTER: Offer(
            (RenderingFormat.PDF,), takes=_PLACE | {"paper", "orientation", "tiled"}, public_only=True
        ),
        RenderingKind.FORM: Offer(
            _PAPERS, needs=frozenset({"form"}), takes=_PLACE | _EVENT | {"blank"}, with_photos=True
        ),
    }
)
