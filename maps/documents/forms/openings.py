"""What stands at the top and at the foot of every form: where, when, who, and who signs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from geo.domain.events import EventKind
from geo.domain.labels import label
from geo.i18n import text
from geo.snapshots import CycleSnapshot, HeldEvent, Names, SettlementSnapshot
from maps.documents.forms.empty_parts import without_lines_to_fill
from maps.documents.model import Block, Document, Field, Fields, Orientation, Paragraph, Section, Signatures, Tone
from maps.documents.request import FormRequest
from maps.documents.wording import number_in_words
from maps.words import date_in_words, day_in_words

__all__ = [
    "count_words",
    "event_fields",
    "head_count_fields",
    "notes_on_reading",
    "paper",
    "place_fields",
    "signatures",
    "unpublished_note",
    "written",
]

_FOOTER_LETTERS = 50
"""A longer name is cut in the footer, which has one line."""


def written(names: Names | None, request: FormRequest) -> str:
    """Return a name in the reader's language; empty where there is none."""
    return names.best(request.language) if names else ""


def count_words(count: int | None, request: FormRequest) -> str:
    """Write a count of people; a dash where the public is not told it, nothing where it is to be written by hand."""
    if count is None:
        return "—" if request.is_public else ""
    return number_in_words(count, request.language)


def place_fields(request: FormRequest, settlement: SettlementSnapshot | None, *, village: bool = True) -> list[Field]:
    """Return oblast, rayon, municipality and village."""
    language, town = request.language, request.cycle.municipality if request.cycle else None
    fields = [
        Field(text("documents.rayon", language), _rayon(request)),
        Field(text("documents.municipality", language), written(town.names if town else None, request)),
    ]
    if village:
        fields.append(
            Field(text("documents.village", language), written(settlement.names if settlement else None, request))
        )
    return fields


def _rayon(request: FormRequest) -> str:
    if request.cycle is None:
        return ""
    town = request.cycle.municipality
    return ", ".join(filter(None, (written(town.oblast, request), written(town.rayon, request))))


def event_fields(request: FormRequest, event: HeldEvent | None, *, group: bool = True) -> list[Field]:
    """Return kind, group, day and place of an event."""
    language = request.language
    fields = [
        Field(text("documents.day", language), date_in_words(event.held_on, language) if event else ""),
        Field(text("documents.place", language), written(event.place, request) if event else ""),
    ]
    if group:
        fields.append(Field(text("documents.group", language), event.group.label(language) if event else ""))
    return fields


def head_count_fields(request: FormRequest, event: HeldEvent | None) -> list[Field]:
    """Return how many came, and how many of them were women."""
    language = request.language
    return [
        Field(text("documents.participants", language), count_words(event.participants if event else None, request)),
        Field(text("documents.women_among", language), count_words(event.women if event else None, request)),
    ]


def facilitator_field(request: FormRequest, event: HeldEvent | None) -> list[Field]:
    """Return who led the event; left out of what everybody reads."""
    if request.is_public:
        return []
    names = ", ".join(event.facilitator_names) if event else ""
    return [Field(text("documents.facilitators", request.language), names)]


def signatures(
    request: FormRequest, *, people: Sequence[tuple[str, str]] = (), offices: Sequence[str] = ()
) -> list[Block]:
    """Return places to sign.

    Parameters
    ----------
    people
        What somebody did, and the name where it is known; left out of what everybody reads.
    offices
        Officials, who sign the public version too.
    """
    language = request.language
    lines = [*(() if request.is_public else people), *((text(key, language), "") for key in offices)]
    if not lines:
        return []
    return [
        Signatures(
            tuple(lines),
            signature=text("documents.signature", language),
            name=text("documents.signed_name", language),
            day=text("documents.signed_on", language),
        )
    ]


def notes_on_reading(request: FormRequest) -> list[Block]:
    """Return what a reader of the public version has to know."""
    if not request.is_public:
        return []
    return [Paragraph(text("documents.public_version", request.language), Tone.NOTE)]


def unpublished_note(request: FormRequest, cycle: CycleSnapshot | None) -> list[Block]:
    """Return, for votes that stand there, how many sessions' votes are not among them; nothing where none is missing.

    Parameters
    ----------
    cycle
        The record that the votes are of: the municipality's, or one village's of it.
    """
    sessions = cycle.unpublished_sessions if cycle and not request.blank else 0
    if not sessions:
        return []
    return [Paragraph(text("snapshot.unpublished_sessions", request.language, count=sessions), Tone.NOTE)]


def paper(
    request: FormRequest,
    title: str,
    parts: Sequence[tuple[Orientation, Sequence[Block]]],
    *,
    subtitle: str = "",
    as_of: date | None = None,
) -> Document:
    """Put a paper together; neighbouring parts that lie the same way become one section.

    Lines to write on are for those who work with the record: what everybody reads has none.
    """
    language = request.language
    sections: list[Section] = []
    if request.is_public:
        parts = without_lines_to_fill(parts)
    for orientation, blocks in parts:
        if not blocks:
            continue
        if sections and sections[-1].orientation is orientation:
            sections[-1] = Section((*sections[-1].blocks, *blocks), orientation)
        else:
            sections.append(Section(tuple(blocks), orientation))
    day = as_of or (request.cycle.as_of if request.cycle and not request.blank else None)
    place = written(request.cycle.municipality.names, request) if request.cycle else ""
    if len(place) > _FOOTER_LETTERS:
        place = f"{place[:_FOOTER_LETTERS]}…"
    said = text("documents.as_of", language, day=day_in_words(day, language)) if day else ""
    footer = " · ".join(filter(None, (title, place, said)))
    return Document(title, language, tuple(sections), subtitle=subtitle, as_of=day, footer=footer)


def event_title(request: FormRequest, kind: EventKind) -> str:
    """Return a kind of event as the subject of a paper."""
    return label(kind, request.language)


def fields(*groups: Sequence[Field], columns: int = 1) -> Fields:
    """Return several groups of questions as one block."""
    return Fields(tuple(item for group in groups for item in group), columns)
