"""What a map page is made of, whatever the map: marks and their looks, switches, the legend, lists beside the map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup
from shapely.geometry.base import BaseGeometry

from geo.snapshots import PhotoCopy, SheetSnapshot
from maps.style import Stroke, Tone

__all__ = [
    "ERROR",
    "LegendRow",
    "LegendSection",
    "Look",
    "MapContents",
    "Mark",
    "Option",
    "PanelItem",
    "PanelList",
    "PlacedSheet",
    "Step",
    "Switch",
]

ERROR = "\0"
"""As the words of a fact: the page itself puts the mark's position error into words."""

Fact = tuple[str, str]
"""Heading and words."""


@dataclass(frozen=True, slots=True)
class Look:
    """How marks are drawn.

    Parameters
    ----------
    row
        Key of the legend row that explains it.
    tone
        Colours.
    sign
        Of points: an inline SVG of class ``sign``.
    rank
        1 for what is looked for first, 3 for what there is a lot of: sizes of signs, and whose name gives way.
    strokes
        Of lines.
    fill
        Id of the pattern that fills areas.
    outline, outline_dash
        Of areas.
    size
        Width of the sign in pixels; 0: by rank.
    """

    row: str
    tone: Tone
    sign: Markup = field(default_factory=Markup)
    rank: int = 2
    strokes: tuple[Stroke, ...] = ()
    fill: str = ""
    outline: float = 1.75
    outline_dash: tuple[float, ...] = ()
    size: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the chain from votes to visits; what has not happened is said so as well."""

    heading: str
    words: tuple[str, ...]
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing that can be found, chosen and read about; without a geometry it stands in a list beside the map."""

    name: str
    kind: str
    look: str
    """Key of its look."""
    geometry: BaseGeometry | None
    tags: tuple[int, ...] = ()
    """For each switch of the page the number of its option; -1: not subject to it."""
    above: str = ""
    """What stands beside the kind, such as the layer."""
    error_m: float | None = None
    facts: tuple[Fact, ...] = ()
    chain: tuple[Step, ...] = ()
    photos: tuple[PhotoCopy, ...] = ()
    shift: tuple[int, int] | None = None
    """Pixels right and down of its place, where several stand at one."""
    side: int = 0
    """On which of two maps."""
    same: int = -1
    """Marks with one number are one thing, drawn by several."""
    background: bool = False
    """The first view need not show the whole of it."""
    quiet: bool = False
    """Its name is not written on the map: the name of something else says it."""


@dataclass(frozen=True, slots=True)
class Option:
    """A chip: its mark is a drawn check box, or empty for a plain one; one that is not offered holds its number."""

    value: str
    label: str
    count: int
    mark: Markup = field(default_factory=Markup)
    checked: bool = True
    offered: bool = True


@dataclass(frozen=True, slots=True)
class Switch:
    """A row of chips that show and hide."""

    name: str
    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class LegendRow:
    """One explained sign, with a sample for every way in which it is drawn on this map."""

    key: str
    label: str
    samples: tuple[Markup, ...]


@dataclass(frozen=True, slots=True)
class LegendSection:
    """Rows under a heading; those of a layer carry its code."""

    label: str
    rows: tuple[LegendRow, ...]
    layer: str = ""


@dataclass(frozen=True, slots=True)
class PanelItem:
    """A line of a list beside the map; with a mark it opens its card."""

    words: str
    number: str = ""
    """What stands large before the words, such as votes."""
    unit: str = ""
    """What the number counts, in one word under it."""
    note: str = ""
    mark: int | None = None
    sign: Markup = field(default_factory=Markup)
    level: int = 0
    """1: a heading of the list."""


@dataclass(frozen=True, slots=True)
class PanelList:
    """A list beside the map."""

    label: str
    items: tuple[PanelItem, ...]
    key: str = ""


@dataclass(frozen=True, slots=True)
class PlacedSheet:
    """A drawn sheet under the marks; it goes with an option of a switch."""

    sheet: SheetSnapshot
    option: int
    side: int = 0


@dataclass(frozen=True, slots=True)
class MapContents:
    """Everything of one page.

    Parameters
    ----------
    heading
        What the page is of, such as the village's name.
    title
        What kind of map it is.
    facts
        Words under the heading, each apart.
    centres
        Lon lat of what each map shows while nothing is drawn on it; two of them make two maps side by side.
    side_headings
        Above each of two maps.
    empty
        What is said where nothing is drawn.
    sheet_switch
        Name of the switch with whose options sheets go.
    definitions
        SVG definitions that looks refer to.
    """

    heading: str
    title: str
    marks: Sequence[Mark]
    looks: Mapping[str, Look]
    centres: tuple[tuple[float, float], ...]
    empty: str
    facts: tuple[str, ...] = ()
    iso_date: str = ""
    date: str = ""
    """Among the facts, that which says the date."""
    is_sample: bool = False
    switches: tuple[Switch, ...] = ()
    legend: tuple[LegendSection, ...] = ()
    lists: tuple[PanelList, ...] = ()
    sheets: tuple[PlacedSheet, ...] = ()
    sheet_switch: str = "group"
    side_headings: tuple[str, ...] = ()
    credits: tuple[str, ...] = ()
    definitions: Markup = field(default_factory=Markup)
