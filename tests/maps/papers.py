"""The made-up municipality with everything that papers tell: minutes, focus group, planning meeting, odd money."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from uuid import UUID

from geo.domain.events import EventKind, SessionGroup
from geo.domain.forms import DocumentFormat, FormKind
from geo.domain.monitoring.checklist import Score, totals
from geo.domain.plan_codes import ContributionForm, ContributionSource, ContributionState, GroupKind
from geo.i18n import Language
from geo.snapshots import (
    ActivitySnapshot,
    Audience,
    ContributionSnapshot,
    CycleSnapshot,
    GoalSnapshot,
    HeldEvent,
    MemberSnapshot,
    Names,
    PeopleGroupSnapshot,
    PlanSnapshot,
    TaskSnapshot,
)
from maps.documents import FormPictures, formats_of
from tests.maps.municipality import FIRST, as_public, ids, municipality

SESSION = ids("event", "36–55")
FOCUS_GROUP = ids("event", "focus group")
PLANNING_MEETING = ids("event", "planning meeting")

SAID = {
    "number": 7,
    "agenda": [{"ky": "Айылдын картасы", "ru": "Карта села", "en": "Map of the village"}],
    "map": {
        "ky": "Алгач негизги жолдорду тартышты.",
        "ru": "Сначала нарисовали дороги.",
        "en": "Roads were drawn first.",
    },
    "venn": {"ky": "Айыл өкмөтү баары менен байланышта."},
    "bread": {"ky": "Жолдорго аз бөлүнөт деп айтышты."},
    "gallery": {"ky": "Ар бирине беш баракча берилди."},
    "decisions": [{"ky": "Фокус-топко үч адам шайланды."}, {"ky": "Карта клубга илинет."}],
    "text": {"ky": "Сессия саат 10.00дө башталды."},
}
MEETINGS = (
    HeldEvent(
        id=FOCUS_GROUP,
        kind=EventKind.FOCUS_GROUP,
        settlement_id=FIRST.id,
        held_on=date(2025, 3, 18),
        group=SessionGroup(),
        place=Names("Орто мектеп", "Средняя школа", "The school"),
        participants=22,
        women=10,
        facilitators=2,
        facilitator_names=("Айгүл Сатарова", "Бакыт Осмонов"),
        minutes={"decisions": [{"ky": "Себептер жазылды.", "en": "The causes are written down."}]},
    ),
    HeldEvent(
        id=PLANNING_MEETING,
        kind=EventKind.PLANNING_MEETING,
        settlement_id=FIRST.id,
        held_on=date(2025, 4, 24),
        group=SessionGroup(),
        place=Names("Айыл өкмөтү", "Айыл окмоту", "Municipal office"),
        participants=38,
        women=17,
    ),
)
MONITORS = PeopleGroupSnapshot(
    id=ids("people", "monitors"),
    kind=GroupKind.MONITORING,
    name="Мониторинг тобу",
    members=7,
    women=3,
    member_list=(
        MemberSnapshot("Жылдыз Акматова", "0555 000007", role="төрайым", settlement_id=FIRST.id),
        MemberSnapshot("Кубан Эсенов", "0555 000008"),
    ),
)
CHECKLIST = (Score(1, 2, "Аты эшикте жазылган"), Score(4, 1, "Мыйзам көрсөтүлгөн"), Score(6, 1, "Пандус жок"))


def _money(activity: ActivitySnapshot) -> ActivitySnapshot:
    """Odd money: a promise kept, a sum over which there is more, a sum not told, several sources together."""
    given = ContributionSnapshot
    source, form, state = ContributionSource, ContributionForm, ContributionState
    odd = {
        ids("activity", "pipe"): (
            given(source.STATE, form.CASH, state.PROMISED, 1_000_000),
            given(source.STATE, form.CASH, state.RECEIVED, 600_000, of_promise=True),
            given(source.INVESTOR, form.CASH, state.PROMISED, 2_500_000, at_least=True, giver="Ынтымак фонду"),
        ),
        ids("activity", "waste"): (
            given(source.SPONSOR, form.MATERIALS, state.PROMISED, None),
            given(source.SEVERAL, form.CASH, state.RECEIVED, 75_500),
        ),
    }
    return replace(activity, contributions=(*activity.contributions, *odd.get(activity.id, ())))


def _goal(goal: GoalSnapshot) -> GoalSnapshot:
    tasks = (TaskSnapshot(one.id, one.title, tuple(_money(each) for each in one.activities)) for one in goal.tasks)
    return replace(goal, tasks=tuple(tasks))


def with_money(plan: PlanSnapshot) -> PlanSnapshot:
    return replace(plan, goals=tuple(_goal(one) for one in plan.goals))


@cache
def whole_year(audience: Audience = Audience.INTERNAL) -> CycleSnapshot:
    """Everything that a paper may be filled with."""
    made = municipality()
    assert made.plan
    events = tuple(replace(one, minutes=SAID) if one.id == SESSION else one for one in made.events)
    visits = tuple(
        replace(one, checklist=CHECKLIST, checklist_totals=totals(CHECKLIST)) if one.service else one
        for one in made.visits
    )
    whole = replace(
        made,
        events=tuple(sorted((*events, *MEETINGS), key=lambda one: one.held_on)),
        plan=with_money(made.plan),
        visits=visits,
        groups=(*(one for one in made.groups if one.kind is not GroupKind.MONITORING), MONITORS),
    )
    return whole if audience is Audience.INTERNAL else as_public(whole)


ABOUT: dict[FormKind, dict[str, UUID]] = {
    FormKind.PARTICIPANT_LIST: {"event_id": SESSION},
    FormKind.SESSION_MINUTES: {"event_id": SESSION},
    FormKind.SESSION_REPORT: {"settlement_id": FIRST.id},
    FormKind.FOCUS_GROUP_REPORT: {"event_id": FOCUS_GROUP},
    FormKind.PLANNING_MEETING_REPORT: {},
    FormKind.JOINT_ACTION_PLAN: {},
    FormKind.MONITORING_REPORT: {},
}
"""What each form is about, as `maps.documents.render_form` takes it."""
PUBLIC_FORMS = tuple(form for form in FormKind if form is not FormKind.PARTICIPANT_LIST)
FILES = tuple((form, kind) for form in FormKind for kind in formats_of(form))
"""Every form as everything that it can be."""
LANGUAGES = tuple(Language)
PDF, DOCX, XLSX = DocumentFormat.PDF, DocumentFormat.DOCX, DocumentFormat.XLSX

DRAWING = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 240" width="160mm" height="96mm">'
    b'<rect width="400" height="240" fill="#F4EFE6"/><circle cx="200" cy="120" r="80" fill="#A8322A"/></svg>'
)


def pictures(drawing: bytes = DRAWING) -> FormPictures:
    """The same drawing wherever there is room for one."""
    made = whole_year()
    venns = {(one.id, venn.diagram): drawing for one in made.events for venn in one.venns}
    return FormPictures(
        overview=drawing, venns=venns, loaves={SESSION: drawing}, votes=drawing, money=drawing, progress=drawing
    )
