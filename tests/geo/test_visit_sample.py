"""The invented visits of Lipenka, stored by the rules that every visit keeps; on both engines."""

from __future__ import annotations

from datetime import date

from geo.domain.monitoring_codes import FollowUpState
from geo.domain.rights import LOCAL
from geo.models import Finding, FollowUp, MonitoringVisit
from geo.services.visit_reports import agreements_of_visit, visits_of_activity
from geo.services.visit_sample import store_lipenka_visits
from geo.services.workspace import Workspace


def test_the_sample_is_stored_once_and_says_that_it_is_one(workspace: Workspace) -> None:
    for _ in range(2):
        with workspace.write(actor="test") as session:
            station, canals = store_lipenka_visits(session)
    with workspace.read() as session:
        visits = session.query(MonitoringVisit).order_by(MonitoringVisit.fid).all()
        assert [visit.id for visit in visits] == [station, canals]
        assert all("ҮЛГҮ" in visit.summary for visit in visits)
        assert (session.query(Finding).count(), session.query(FollowUp).count()) == (2, 2)
        assert visits[0].activity_id is not None
        (listed,) = visits_of_activity(session, visits[0].activity_id, actor=LOCAL)
        assert listed["differences"] == {
            "quantity": -30,
            "quantity_percent": 86.4,
            "som": None,
            "som_percent": None,
            "days": 19,
        }
        (agreed,) = agreements_of_visit(session, station, actor=LOCAL, today=date(2013, 6, 1))
        assert agreed.standing.state is FollowUpState.DONE_LATE
