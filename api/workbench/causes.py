"""Causes and effects: a table for each priority of the village, filled in where it stands."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api.workbench.frame import AtPlace, Frame, Room
from geo.domain.local_matters import Competence
from geo.domain.problems import Solvability
from geo.domain.rights import Action, Subject
from geo.i18n import LANGUAGES, text
from geo.models import CauseAnalysis
from geo.services.cause_tables import CauseTable, CauseTables, cause_tables

__all__ = ["LISTS", "WORDS", "router"]

router = APIRouter(include_in_schema=False)

LISTS: Final = ("causes", "effects_seen", "effects_to_come", "solutions")
"""Cells with a line for each thing said."""
WORDS: Final = ("contribution_ao", "contribution_ak", "contribution_community", "contribution_others")
"""Cells with running text."""


@router.get("/work/{settlement_id}/{year}/causes", response_class=HTMLResponse)
def causes(frame: AtPlace, another: UUID | None = None) -> HTMLResponse:
    """Show the cause and effect tables of the village's priorities.

    ``another`` is a problem of which one more discussion is written down.
    """
    place = frame.place
    assert place is not None
    found = CauseTables((), ())
    tables: list[dict[str, Any]] = []
    if place.cycle_id is not None:
        with frame.store.read() as session:
            found = cause_tables(session, place.settlement_id, place.cycle_id, frame.actor)
            tables = [sheet for one in found.tables for sheet in _sheets(one, found, another)]
    may_write = frame.may(Action.CHANGE, Subject.PROBLEMS)
    matters = _matters(frame)
    return frame.show(
        "work/causes.html",
        room=Room.CAUSES,
        title=frame.say("causetable.title"),
        scripts=["causes"],
        styles=["causes"],
        words=("causetable.",),
        data={
            "lists": LISTS,
            "may_write": may_write,
        },
        tables=tables,
        another=another,
        groups=found.focus_groups,
        lists=LISTS,
        texts=WORDS,
        solvabilities=Solvability,
        matters=matters,
        matter_words={one["code"]: one["text"] for one in matters},
        may_write=may_write,
    )


def _sheets(table: CauseTable, found: CauseTables, another: UUID | None) -> list[dict[str, Any]]:
    """Return the sheets of a problem: one for each discussion of it, an empty one where there is none or one more."""
    is_more = bool(table.analyses) and table.line.problem_id == another
    analyses = (*table.analyses, *((None,) if is_more or not table.analyses else ()))
    known = {one.event_id for one in table.analyses}
    free = next((one.event_id for one in found.focus_groups if one.event_id not in known), None)
    return [
        {
            "line": table.line,
            "id": analysis.id if analysis else "",
            "version": analysis.version if analysis else "",
            "event_id": free if analysis is None else analysis.event_id if analysis.event_id in found.events else None,
            "solvable_by": analysis.solvable_by if analysis else None,
            "cells": _cells(analysis),
            "can_go_on": analysis is not None and analysis is analyses[-1],
        }
        for analysis in analyses
    ]


def _cells(analysis: CauseAnalysis | None) -> dict[str, str]:
    """Return what stands in each cell, a line for each thing said."""
    if analysis is None:
        return dict.fromkeys((*LISTS, *WORDS), "")
    listed = {name: "\n".join(getattr(analysis, name)) for name in LISTS}
    return listed | {name: getattr(analysis, name) for name in WORDS}


def _matters(frame: Frame) -> list[dict[str, Any]]:
    """Return who may deal with a problem; each is found by its words in any of the languages."""
    return [
        {
            "code": one.code,
            "text": text(one.label_key, frame.language, code=one.code),
            "found_by": " ".join(text(one.label_key, language, code=one.code) for language in LANGUAGES).lower(),
            "level": one.level.value,
        }
        for one in Competence.every()
    ]
