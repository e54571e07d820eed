"""The plan of the made-up municipality and the visits to it: every stage, every kind of place, every grade."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from shapely.geometry.base import BaseGeometry

from geo.domain.evidence import Grade, PhotoTrace, VisitTrace, grade_visit
from geo.domain.monitoring.comparison import Actual, Planned
from geo.domain.monitoring_codes import FollowUpState, Severity, VisitMethod, VisitTopic
from geo.domain.plan.approval import ApprovedStep
from geo.domain.plan.viability import financial_gap
from geo.domain.plan_codes import (
    ActivityStage,
    ApprovalStep,
    ContributionForm,
    ContributionSource,
    ContributionState,
    Coverage,
    Purpose,
    Responsible,
)
from geo.domain.territory import DatePrecision
from geo.snapshots import (
    ActivitySnapshot,
    AgreementSnapshot,
    ContributionSnapshot,
    FindingSnapshot,
    GoalSnapshot,
    PhotoCopy,
    PlanSnapshot,
    SettlementSnapshot,
    StatusSnapshot,
    TaskSnapshot,
    VisitSnapshot,
)
from tests.maps.municipality_ground import AS_OF, EAST, FIRST, MAIN_ROAD, SECOND, area, dot, ids, path, photo

_COVERAGES = {"Point": Coverage.POINT, "LineString": Coverage.LINE, "Polygon": Coverage.AREA}
_FORMS = {
    ContributionSource.COMMUNITY: ContributionForm.LABOUR,
    ContributionSource.SPONSOR: ContributionForm.MATERIALS,
}


def activity(
    key: str,
    title: str,
    purpose: Purpose,
    status: ActivityStage,
    place: BaseGeometry | Coverage,
    settlement: SettlementSnapshot | None,
    money: Sequence[tuple[ContributionSource, int]],
    need: int | None,
) -> ActivitySnapshot:
    stages = list(ActivityStage)
    passed = stages[: stages.index(status) + 1] if status is not ActivityStage.STOPPED else [stages[0], status]
    since = [date(2025, 5, 1) + timedelta(days=75 * number) for number in range(len(passed))]
    coverage = place if isinstance(place, Coverage) else _COVERAGES[place.geom_type]
    got = status in (ActivityStage.UNDER_WAY, ActivityStage.DONE)
    return ActivitySnapshot(
        id=ids("activity", key),
        title=title,
        purpose=purpose,
        status=status,
        coverage=coverage,
        settlement_id=settlement.id if settlement else None,
        status_since=since[-1],
        history=tuple(StatusSnapshot(stage, day) for stage, day in zip(passed, since, strict=True)),
        result="Тургундардын жашоосу жеңилдейт",
        quantity=2.4 if coverage is Coverage.LINE else None,
        quantity_unit="км" if coverage is Coverage.LINE else "",
        deadline_from=date(2025, 5, 1),
        deadline_to=date(2026, 10, 31),
        deadline_precision=DatePrecision.MONTH,
        responsible=Responsible.TOGETHER,
        beneficiaries_direct=240,
        beneficiaries_indirect=960,
        gap=financial_gap(need, None, contributed_som=sum(som for _, som in money)),
        contributions=tuple(
            ContributionSnapshot(
                source,
                _FORMS.get(source, ContributionForm.CASH),
                ContributionState.RECEIVED if got else ContributionState.PROMISED,
                som,
                on_date=date(2025, 9, 1) if got else None,
            )
            for source, som in money
        ),
        geometry=None if isinstance(place, Coverage) else place,
    )


_BUDGET, _PEOPLE = ContributionSource.LOCAL_BUDGET, ContributionSource.COMMUNITY
_SPONSOR, _INVESTOR = ContributionSource.SPONSOR, ContributionSource.INVESTOR
_DUMP = area((420, -220), (560, -240), (580, -150), (440, -140))

ROAD = activity(
    "road",
    "Борбордук көчөнү оңдоо",
    Purpose.ROADS,
    ActivityStage.UNDER_WAY,
    path(*MAIN_ROAD),
    FIRST,
    ((_BUDGET, 800_000), (_PEOPLE, 250_000), (_INVESTOR, 1_200_000)),
    2_300_000,
)
LAMPS = activity(
    "lamps",
    "Көчөлөрдү жарык кылуу",
    Purpose.LIGHTING,
    ActivityStage.FUNDED,
    Coverage.SETTLEMENT,
    FIRST,
    ((_BUDGET, 300_000),),
    300_000,
)
PIPE = activity(
    "pipe",
    "Суу түтүгүн алмаштыруу",
    Purpose.DRINKING_WATER,
    ActivityStage.PLANNED,
    path((520, 520), (300, 320), (60, 190)),
    FIRST,
    ((_BUDGET, 500_000),),
    4_425_000,
)
CLUB = activity(
    "club",
    "Клубдун чатырын жабуу",
    Purpose.CULTURE,
    ActivityStage.DONE,
    dot(95, -70),
    FIRST,
    ((_BUDGET, 180_000), (_PEOPLE, 60_000), (_SPONSOR, 90_000)),
    330_000,
)
WASTE = activity(
    "waste",
    "Таштанды төгүүчү жайды тосуу",
    Purpose.WASTE,
    ActivityStage.STOPPED,
    _DUMP,
    FIRST,
    ((_PEOPLE, 40_000),),
    150_000,
)
BRIDGE = activity(
    "bridge",
    "Көпүрөнү жаңыртуу",
    Purpose.BRIDGES,
    ActivityStage.UNDER_WAY,
    dot(217, -200, EAST),
    SECOND,
    ((_BUDGET, 600_000), (_INVESTOR, 900_000)),
    1_700_000,
)
INFORMATION = activity(
    "information",
    "Бюджетти ар бир айылда түшүндүрүү",
    Purpose.BUDGET_INFORMATION,
    ActivityStage.PLANNED,
    Coverage.MUNICIPALITY,
    None,
    (),
    None,
)


def plan() -> PlanSnapshot:
    """Six activities of a goal each or two, and one of the whole municipality that no goal names."""

    def goal(key: str, said: str, wanted: str, *activities: ActivitySnapshot) -> GoalSnapshot:
        task = TaskSnapshot(ids("task", key), wanted, activities)
        return GoalSnapshot(
            id=ids("goal", key),
            problem_id=ids("problem", key),
            problem_statement=said,
            goal=wanted,
            tasks=(task,),
            indicator="Оңдолгон жолдун узундугу" if key == "roads" else "",
            unit="км" if key == "roads" else "",
            baseline_value=0.0 if key == "roads" else None,
            baseline_year=2025 if key == "roads" else None,
            target_value=2.4 if key == "roads" else None,
            target_year=2026 if key == "roads" else None,
        )

    return PlanSnapshot(
        id=ids("plan"),
        title="Биргелешкен аракеттер планы 2025–2026",
        year_from=2025,
        year_to=2026,
        goals=(
            goal("roads", "Ички жолдор бузулган", "2026-жылга чейин 2,4 км жолду оңдоо", ROAD, LAMPS),
            goal("water", "Ичүүчү суу жетишпейт", "Ар бир үйгө суу жеткирүү", PIPE),
            goal("club", "Клубдун чатыры агат", "Клубду жыл бою ачык кармоо", CLUB),
            goal("waste", "Таштанды төгүүчү жай жок", "Айылды таза кармоо", WASTE),
            goal("bridge", "Көпүрө кулап баратат", "Коопсуз өтмөк", BRIDGE),
        ),
        other_activities=(INFORMATION,),
        approvals=(
            ApprovedStep(ApprovalStep.PLANNING_MEETING, date(2025, 4, 28)),
            ApprovedStep(ApprovalStep.ASSEMBLY, date(2025, 5, 12)),
            ApprovedStep(ApprovalStep.COUNCIL_SESSION, date(2025, 5, 30)),
        ),
    )


_TRACES = {
    Grade.A: VisitTrace(True, None, 12, 8, (PhotoTrace(20, 5),), 3),
    Grade.B: VisitTrace(True, None, 12, 8, (), 3),
    Grade.C: VisitTrace(True, None, 40, 80, (), 3),
    Grade.D: VisitTrace(False, members=3),
}


def visit(key: str, days_ago: int, of: ActivitySnapshot | None, grade: Grade, **more: object) -> VisitSnapshot:
    evidence = grade_visit(_TRACES[grade])
    settlement = of.settlement_id if of and of.settlement_id else FIRST.id
    at = of.geometry.representative_point() if of and of.geometry is not None else dot(20, 110)
    return VisitSnapshot(
        id=ids("visit", key),
        settlement_id=settlement,
        visited_at=datetime(AS_OF.year, AS_OF.month, AS_OF.day, 9, 30, tzinfo=UTC) - timedelta(days=days_ago),
        topic=VisitTopic.ACTIVITY if of else VisitTopic.SERVICE,
        method=VisitMethod.OBSERVATION,
        activity_id=of.id if of else None,
        point=None if grade is Grade.D else at,
        accuracy_m=None if grade is Grade.D else 12.0,
        evidence=evidence,
        member_count=3,
        members=("Айнура Кадырова", "Марат Исаков", "Чынара Бекова"),
        **more,  # type: ignore[arg-type]
    )


def visits() -> tuple[VisitSnapshot, ...]:
    """Four visits, newest first; the pipe, the lamps and the waste site were never visited."""
    return (
        visit(
            "road",
            12,
            ROAD,
            Grade.A,
            planned=Planned(2.4, 2_300_000, date(2026, 10, 31)),
            actual=Actual(1.6, 1_500_000, None),
            quantity_unit="км",
            standard_met=True,
            summary="Шагыл төшөлдү, асфальт дагы баштала элек.",
            findings=(FindingSnapshot(Severity.MINOR, "Арыктын бир бөлүгү жабылып калган"),),
            agreements=(AgreementSnapshot("Арыкты тазалоо", FollowUpState.OPEN, date(2026, 6, 30)),),
            photos=(PhotoCopy(photo(0), "Борбордук көчө, батыш жагы"), PhotoCopy(photo(2))),
        ),
        visit(
            "club",
            40,
            CLUB,
            Grade.B,
            planned=Planned(None, 330_000, date(2025, 11, 1)),
            actual=Actual(None, 345_000, date(2025, 12, 10)),
            summary="Чатыр жабылды, суу акпайт.",
            findings=(FindingSnapshot(Severity.GOOD, "Жаштар өздөрү сырдашты"),),
            photos=(PhotoCopy(photo(1), "Жаңы чатыр"),),
        ),
        visit(
            "bridge",
            130,
            BRIDGE,
            Grade.C,
            summary="Устундар алынып келди, иш токтоп турат.",
            findings=(FindingSnapshot(Severity.DANGER, "Эски көпүрө менен өтүү кооптуу"),),
            agreements=(AgreementSnapshot("Көпүрөнү жабуу", FollowUpState.OVERDUE, date(2026, 3, 1)),),
        ),
        visit(
            "service", 210, None, Grade.D, service="Таштанды чыгаруу", summary="Кызмат аптасына бир жолу көрсөтүлөт."
        ),
    )
