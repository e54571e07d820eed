"""Causes and effects: a table for each priority of the village, filled in where it stands."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api.workbench.frame import AtPlace, Frame, Room
from geo.domain.local_matters import Competence
from geo.domain.problems import Solvability
from geo.domain.rights import Action, Subject
from geo.i18n import LANGUAGES, text
from geo.models import CauseAnalysis
from geo.services.cause_tables import CauseTables, cause_tables

__all__ = ["LISTS", "WORDS", "router"]

router = APIRouter(include_in_schema=False)

LISTS: Final = ("causes", "effects_seen", "effects_to_come", "solutions")
"""Cells with a line for each thing said."""
WORDS: Final = ("contribution_ao", "contribution_ak", "contribution_community", "contribution_others")
"""Cells with running text."""


@router.get("/work/{settlement_id}/{year}/causes", response_class=HTMLResponse)
def causes(frame: AtPlace) -> HTMLResponse:
    """Show the cause and effect tables of the village's priorities."""
    place = frame.place
    assert place is not None
    found = CauseTables((), ())
    tables: list[dict[str, Any]] = []
    if place.cycle_id is not None:
        with frame.store.read() as session:
            found = cause_tables(session, place.settlement_id, place.cycle_id, frame.actor)
            tables = [
                {
                    "line": one.line,
                    "id": analysis.id if analysis else "",
                    "version": analysis.version if analysis else "",
                    "solvable_by": analysis.solvable_by if analysis else None,
                    "cells": _cells(analysis),
                }
                for one in found.tables
                for analysis in (one.analyses or (None,))
            ]
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
            "event_id": found.focus_groups[0].event_id if found.focus_groups else None,
            "lists": LISTS,
            "may_write": may_write,
        },
        tables=tables,
        group=found.focus_groups[0] if found.focus_groups else None,
        lists=LISTS,
        texts=WORDS,
        solvabilities=Solvability,
        matters=matters,
        matter_words={one["code"]: one["text"] for one in matters},
        may_write=may_write,
    )


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
