"""How fast papers are written: a plan of 200 activities, against an empty document of the same library."""

from __future__ import annotations

import io
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import docx
import typst
from openpyxl import Workbook

from geo.domain.forms import DocumentFormat, FormKind
from geo.i18n import Language
from geo.snapshots import CycleSnapshot
from maps.documents import FormPictures, render_form
from maps.documents.lettering import lettering_for
from tests.bench.rows import Row
from tests.maps.municipality import ids
from tests.maps.papers import whole_year

__all__ = ["measure_documents"]

RUNS = 3
ACTIVITIES = 200


def measure_documents() -> Iterator[Row]:
    """Write the plan as PDF, DOCX and XLSX; the peer is the library's own empty document in the same run."""
    cycle = plan_of(ACTIVITIES)
    peers: dict[DocumentFormat, Callable[[], object]] = {
        DocumentFormat.PDF: _empty_pdf,
        DocumentFormat.DOCX: _empty_docx,
        DocumentFormat.XLSX: _empty_xlsx,
    }
    goals = {DocumentFormat.PDF: 4.0, DocumentFormat.DOCX: 4.0, DocumentFormat.XLSX: 4.0}
    for kind, peer in peers.items():
        made = b""
        ours, theirs = [], []
        peer()
        for _ in range(RUNS):
            begun = time.perf_counter()
            made = _plan(cycle, kind)
            ours.append(time.perf_counter() - begun)
            begun = time.perf_counter()
            peer()
            theirs.append(time.perf_counter() - begun)
        seconds, empty = statistics.median(ours), statistics.median(theirs)
        note = f"{len(made) / 1000:.0f} kB; an empty one in {empty:.3f} s, {ACTIVITIES / seconds:.0f} activities/s"
        yield Row(f"plan of {ACTIVITIES} activities as {kind.value.upper()}", seconds, "s", goal=goals[kind], note=note)


def plan_of(number: int) -> CycleSnapshot:
    """Return the made-up municipality with a plan of so many activities."""
    cycle = whole_year()
    assert cycle.plan
    own = [(goal, task, one) for goal in cycle.plan.goals for task in goal.tasks for one in task.activities]
    goals = []
    for at in range(0, number, 5):
        goal, task, _ = own[(at // 5) % len(own)]
        lines = range(at, min(at + 5, number))
        activities = tuple(replace(own[one % len(own)][2], id=ids("activity", str(one))) for one in lines)
        goals.append(replace(goal, tasks=(replace(task, activities=activities),)))
    return replace(cycle, plan=replace(cycle.plan, goals=tuple(goals), other_activities=()))


def _plan(cycle: CycleSnapshot, kind: DocumentFormat) -> bytes:
    return render_form(FormKind.JOINT_ACTION_PLAN, cycle, Language.KY, format=kind, pictures=FormPictures())


def _empty_pdf() -> bytes:
    made = typst.compile(b"", font_paths=lettering_for([]).fonts, format="pdf")
    assert isinstance(made, bytes)
    return made


def _empty_docx() -> bytes:
    file = io.BytesIO()
    docx.Document().save(file)
    return file.getvalue()


def _empty_xlsx() -> bytes:
    file = io.BytesIO()
    Workbook().save(file)
    return file.getvalue()
