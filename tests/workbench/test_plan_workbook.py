"""A plan as a workbook: ours comes back as it was, one made by hand is understood, a bad one is refused with words."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient
from openpyxl import Workbook, load_workbook

from api.settings import Settings
from geo.domain.forms import DocumentFormat, FormKind
from geo.domain.rights import LOCAL
from geo.i18n import LANGUAGES, Language
from geo.services.snapshots import cycle_snapshot
from geo.services.whole_sample import WholeSample
from geo.services.workspace import Workspace
from geo.snapshots import Audience
from maps.documents import render_form
from tests.api.signed_in import app_of, client_of, settings_of

_HEADINGS = [
    "Милдет",
    "Иш-чара",
    "Натыйжа жана индикаторлор",
    "Мөөнөтү",
    "Жооптуулар",
    "Айылы",
    "Пайда алуучулар",
    None,
]
_SOURCES = ["Жергиликтүү бюджет", "Жамаат", "Спонсор", "Инвестор/донор", "Мамлекет"]


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    with client_of(app_of(settings)) as client:
        client.headers["Accept-Language"] = "ky"
        yield client


_BOTH = "АӨ адиси жана демилгелүү топ"
_VILLAGE = "Х айылы (үлгү)"


def ours(workspace: Workspace, sample: WholeSample, language: Language = Language.KY) -> bytes:
    with workspace.read() as session:
        cycle = cycle_snapshot(
            session,
            workspace.pictures,
            sample.municipality_id,
            sample.year,
            actor=LOCAL,
            audience=Audience.INTERNAL,
            as_of=date(2026, 1, 1),
        )
    return render_form(FormKind.JOINT_ACTION_PLAN, cycle, language, format=DocumentFormat.XLSX)


def by_hand(*rows: list[Any]) -> bytes:
    """Return a table as a working group types it: two rows of headings, sums in thousands."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Биргелешкен аракеттер планы"])
    sheet.append([*_HEADINGS, None, "Салымдар (миң сом)"])
    sheet.append([*[None] * 6, "түз", "кыйыр", *_SOURCES])
    sheet.append([str(one) for one in range(1, 14)])
    for row in rows:
        sheet.append(row)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def plain(words: str) -> str:
    return words.replace("\u00a0", " ")


def look(client: TestClient, sample: WholeSample, content: bytes, status: int = 200) -> dict[str, Any]:
    answer = client.post(f"/api/v1/plans/{sample.plan_id}/workbook-readings", files={"file": ("plan.xlsx", content)})
    assert answer.status_code == status, answer.text
    read: dict[str, Any] = answer.json()
    return read


def take(client: TestClient, sample: WholeSample, content: bytes, status: int = 201, **fields: str) -> dict[str, Any]:
    answer = client.post(
        f"/api/v1/plans/{sample.plan_id}/workbook-imports", files={"file": ("plan.xlsx", content)}, data=fields
    )
    assert answer.status_code == status, answer.text
    read: dict[str, Any] = answer.json()
    return read


def activities(client: TestClient, sample: WholeSample) -> dict[str, dict[str, Any]]:
    listed = client.get("/api/v1/activities", params={"plan_id": str(sample.plan_id), "limit": 1000}).json()
    return {one["properties"]["title"]: {"id": one["id"], **one["properties"]} for one in listed["features"]}


def test_what_we_write_comes_back_as_it_was(client: TestClient, settings: Settings, sample: WholeSample) -> None:
    for language in LANGUAGES:
        read = look(client, sample, ours(settings.workspace, sample, language))
        counts = {state: read[state] for state in ("new", "changed", "same", "unreadable")}
        assert counts == {"new": 0, "changed": 0, "same": 11, "unreadable": 0}, [
            row for row in read["rows"] if row["state"] != "same"
        ]
        assert read["missing"] == []


def test_what_was_changed_in_our_workbook_is_shown_and_then_kept(
    client: TestClient, settings: Settings, sample: WholeSample
) -> None:
    book = load_workbook(io.BytesIO(ours(settings.workspace, sample)))
    sheet = book.worksheets[0]
    (row,) = [row for row in sheet.iter_rows() if str(row[1].value).startswith("ФАПка казан орнотуу")]
    row[1].value = "ФАПка жаңы казан <b>орнотуу</b>\nХ айылы (үлгү)"
    row[3].value = "2016-ж. август – сентябрь"
    row[5].value = 412
    row[7].value = 275
    row[8].value = "40 миң сом"
    made = io.BytesIO()
    book.save(made)
    read = look(client, sample, made.getvalue())
    (changed,) = [one for one in read["rows"] if one["state"] == "changed"]
    assert changed["row"] == row[0].row
    told = {
        one["field"]: (one["was"].replace("\u00a0", " "), one["now"].replace("\u00a0", " "))
        for one in changed["differences"]
    }
    assert told["title"] == ("ФАПка казан орнотуу", "ФАПка жаңы казан <b>орнотуу</b>")
    assert told["deadline"] == ("2016-ж. октябрь", "2016-ж. август – 2016-ж. сентябрь")
    assert told["sum.local_budget"] == ("250 миң сом", "275 миң сом")
    assert told["sum.community"] == ("", "40 миң сом")
    assert "ФАПка казан орнотуу" in activities(client, sample)

    done = take(client, sample, made.getvalue(), fingerprint=read["fingerprint"])
    assert (done["new"], done["changed"]) == (0, 1)
    now = activities(client, sample)["ФАПка жаңы казан <b>орнотуу</b>"]
    assert (now["deadline_from"], now["deadline_to"], now["deadline_precision"]) == (
        "2016-08-01",
        "2016-09-01",
        "month",
    )
    assert now["beneficiaries_direct"] == 412
    given = client.get("/api/v1/contributions", params={"activity_id": now["id"]}).json()["items"]
    assert {(one["source"], one["amount_som"]) for one in given} == {("local_budget", 275_000), ("community", 40_000)}
    # Sent a second time it is not what was looked at any more.
    again = take(client, sample, made.getvalue(), 409, fingerprint=read["fingerprint"])
    assert again["key"] == "workbook.changed_since"
    assert look(client, sample, made.getvalue())["same"] == 11


def test_a_table_made_by_hand_is_understood(client: TestClient, sample: WholeSample) -> None:
    content = by_hand(
        ["Көйгөй: 1000 тургундун таза суусу жок"],
        ["Максат: таза суу менен камсыз кылуу"],
        [
            "Долбоор даярдоо",
            "Комиссия түзүү",
            "Долбоор даяр",
            "2015-ж. июнь",
            "АӨ адиси жана демилгелүү топ",
            None,
            None,
            None,
            300,
        ],
        [
            None,
            "Каражат табуу",
            "",
            "июль–сентябрь 2015",
            "АӨ",
            "Х айылы (үлгү)",
            "1 000",
            500,
            "400",
            150,
            None,
            "1,3 млн сом",
        ],
        [None, "Суу сактагычтын насосун алмаштыруу", None, "2016-ж. июль"],
        ["Бардыгы", *[None] * 7, "=SUM(I7:I9)"],
        ["АӨ башчысы: ____________"],
    )
    read = look(client, sample, content)
    assert {state: read[state] for state in ("new", "changed", "unreadable")} == {
        "new": 2,
        "changed": 1,
        "unreadable": 0,
    }
    assert len(read["missing"]) == 10
    (changed,) = [one for one in read["rows"] if one["state"] == "changed"]
    # What is empty in a table of their own takes nothing away from the plan.
    assert [one["field"] for one in changed["differences"]] == ["deadline"]
    take(client, sample, content, fingerprint=read["fingerprint"])
    kept = activities(client, sample)
    first, second = kept["Комиссия түзүү"], kept["Каражат табуу"]
    assert (first["responsible"], first["responsible_note"]) == ("together", _BOTH)
    assert (second["beneficiaries_direct"], second["beneficiaries_indirect"]) == (1000, 500)
    assert (second["deadline_from"], second["deadline_to"]) == ("2015-07-01", "2015-09-01")
    assert second["settlement_id"] == str(sample.settlement_id)
    given = client.get("/api/v1/contributions", params={"activity_id": second["id"]}).json()["items"]
    sums = {one["source"]: one["amount_som"] for one in given}
    assert sums == {"local_budget": 400_000, "community": 150_000, "investor": 1_300_000}
    goals = client.get("/api/v1/plan-goals", params={"plan_id": str(sample.plan_id)}).json()["items"]
    (goal,) = [one for one in goals if one["goal"] == "таза суу менен камсыз кылуу"]
    assert goal["problem_statement"] == "1000 тургундун таза суусу жок"
    tasks = client.get("/api/v1/tasks", params={"goal_id": goal["id"]}).json()["items"]
    assert [one["title"] for one in tasks] == ["Долбоор даярдоо"]
    assert first["task_id"] == second["task_id"] == tasks[0]["id"]


def test_rows_that_nobody_can_read_are_named_and_stop_all(client: TestClient, sample: WholeSample) -> None:
    content = by_hand(
        ["Максат: жолдор"],
        ["Оңдоо", "Жол оңдоо", None, "жакында", "АӨ"],
        [None, None, "Натыйжа гана", None, "АӨ"],
        [None, "Формула", None, "2015", None, None, None, None, "=1+2"],
        [None, "Сан", None, "2015", None, None, "көп адам"],
        [None, "Сумма", None, "2015", None, None, None, None, "1,300.5.2"],
        [None, "Айыл", None, "2015", None, "Бишкек"],
        [None, "Жакшы сап", None, "2015"],
        [None, "Жакшы сап", None, "2015"],
    )
    read = look(client, sample, content)
    reasons = {one["row"]: one["reason_key"] for one in read["rows"] if one["state"] == "unreadable"}
    assert reasons == {
        6: "deadline.unreadable",
        7: "workbook.no_title",
        8: "workbook.formula",
        9: "workbook.no_count",
        10: "workbook.no_sum",
        11: "workbook.no_village",
        13: "workbook.twice",
    }
    assert all(one["reason"] for one in read["rows"] if one["state"] == "unreadable")
    before = activities(client, sample)
    stopped = take(client, sample, content, 422, fingerprint=read["fingerprint"])
    assert (stopped["key"], stopped["row"]) == ("workbook.rows_unreadable", 6)
    assert activities(client, sample) == before
    done = take(client, sample, content, fingerprint=read["fingerprint"], leave_out_unreadable="true")
    assert (done["new"], done["left_out"]) == (1, 7)
    assert set(activities(client, sample)) == {*before, "Жакшы сап"}


def _packed(name: str, part: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        package.writestr(name, part)
    return made.getvalue()


def _with(content: bytes, name: str, part: bytes) -> bytes:
    """Return a workbook with one part replaced."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for one in old.namelist():
            if one != name:
                new.writestr(one, old.read(one))
        new.writestr(name, part)
    return made.getvalue()


_ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><sst><si><t>&b;</t></si></sst>'


def test_what_is_no_plan_is_refused_with_words(client: TestClient, sample: WholeSample) -> None:
    good = by_hand(["Максат: суу"], ["Милдет", "Иш", None, "2015"])
    other = io.BytesIO()
    Workbook().save(other)
    bad = {
        "workbook.not_xlsx": [
            b"<html><table><tr><td>plan</td></tr></table></html>",
            _packed("word/document.xml", b"<x/>"),
        ],
        "workbook.old_or_locked": [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)],
        "workbook.macros": [_with(good, "xl/vbaProject.bin", b"x")],
        "workbook.too_large_inside": [_with(good, "xl/media/a.bin", bytes(60_000_000))],
        "workbook.broken": [
            _with(good, "xl/sharedStrings.xml", _ENTITIES),
            _with(good, "xl/workbook.xml", b"<workbook"),
            good[: len(good) // 2],
        ],
        "workbook.no_headings": [other.getvalue()],
        "workbook.no_rows": [by_hand()],
        "workbook.too_many_rows": [by_hand(*([None, f"Иш {at}", None, "2015"] for at in range(3_100)))],
    }
    for key, contents in bad.items():
        for content in contents:
            told = look(client, sample, content, 413 if key.startswith("workbook.too") else 422)
            assert told["key"] == key
            assert told["detail"]


def test_who_may_not_change_plans_may_not_bring_any(settings: Settings, sample: WholeSample) -> None:
    content = by_hand(["Максат: суу"], ["Милдет", "Иш", None, "2015"])
    guarded = settings_of(settings.data, settings.database_url)
    with client_of(app_of(guarded)) as client:
        look(client, sample, content, 403)
        take(client, sample, content, 403, fingerprint="x")
