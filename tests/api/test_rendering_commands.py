"""Maps, drawings and papers from the command line: what was asked for, or a sentence that says what to do."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from geo.domain.institutions import Importance
from geo.domain.vocabulary import Kind
from geo.models import Cycle, InstitutionCircle, Membership, Municipality, Settlement
from geo.services.workspace import Workspace
from tests.api.conftest import Command


def test_papers_are_written_in_the_format_of_the_ending(
    ayilmap: Command, workspace: Workspace, event_id: UUID, tmp_path: Path
) -> None:
    for ending, start in (("pdf", b"%PDF"), ("docx", b"PK")):
        out = tmp_path / f"minutes.{ending}"
        code, told, _ = ayilmap("form", "session_minutes", "--event", event_id, "--out", out, "--json")
        assert code == 0
        values = json.loads(told)
        assert (values["kind"], values["format"], values["bytes"]) == ("form", ending, out.stat().st_size)
        assert out.read_bytes().startswith(start)


def test_a_municipality_is_found_by_its_name_however_it_is_spelt(
    ayilmap: Command, workspace: Workspace, event_id: UUID, tmp_path: Path
) -> None:
    out = tmp_path / "report.pdf"
    code, told, _ = ayilmap("report", "session", "--municipality", "липенка", "--year", "2014", "--out", out)
    assert (code, out.exists()) == (0, True)
    assert str(out) in told


def test_a_village_without_a_year_is_of_its_last_cycle_though_its_municipality_was_merged_away(
    ayilmap: Command, workspace: Workspace, event_id: UUID, tmp_path: Path
) -> None:
    with workspace.write(actor="test") as session:
        owner = session.query(Cycle.municipality_id).scalar()
        village = session.query(Settlement.id).scalar()
        session.query(Membership).filter_by(settlement_id=village).delete()
        merged = Municipality(name_ky="Бириккен аймак", kind=session.query(Municipality.kind).limit(1).scalar())
        session.add(merged)
        session.flush()
        day = date(2021, 1, 1)
        session.add(Membership(settlement_id=village, municipality_id=owner, valid_to=day))
        session.add(Membership(settlement_id=village, municipality_id=merged.id, valid_from=day))
    code, _, said = ayilmap("report", "session", "--settlement", village, "--out", tmp_path / "report.pdf")
    assert (code, said) == (0, "")


def test_a_venn_diagram_is_drawn_in_each_format(
    ayilmap: Command, workspace: Workspace, event_id: UUID, tmp_path: Path
) -> None:
    with workspace.write(actor="test") as session:
        owner = session.query(Cycle.municipality_id).scalar()
        village = session.query(Settlement.id).scalar()
        for name, size in (("Мектеп", Importance.LARGE), ("ФАП", Importance.SMALL)):
            session.add(
                InstitutionCircle(
                    municipality_id=owner,
                    settlement_id=village,
                    event_id=event_id,
                    name_ky=name,
                    kind=Kind.LOCAL_INSTITUTION,
                    importance=size,
                )
            )
    for ending, start in (("svg", b"<"), ("pdf", b"%PDF"), ("png", b"\x89PNG")):
        out = tmp_path / f"venn.{ending}"
        assert ayilmap("venn", "--event", event_id, "--out", out)[0] == 0
        assert out.read_bytes().startswith(start)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["venn", "--event", "{event}", "--out", "v.svg"], "no Venn diagram"),
        (["venn", "--event", "{event}", "--pair", "--diagram", "women", "--out", "v.svg"], "not for both"),
        (["venn", "--event", "{event}", "--out", "v.html"], "svg, pdf, png"),
        (["venn", "--event", "{event}", "--out", "venn"], "svg, pdf, png"),
        (["chart", "bread", "--event", "{event}", "--out", "b.svg"], "No slices"),
        (["poster", "--out", "p.pdf"], "--municipality or --settlement"),
        (["poster", "--municipality", "Атлантида", "--out", "p.pdf"], "no municipality"),
        (["form", "joint_action_plan", "--settlement", "Атлантида", "--out", "p.pdf"], "no village"),
        (["form", "joint_action_plan", "--municipality", "Липенка", "--year", "1999", "--out", "p.pdf"], "1999"),
        (["form", "session_minutes", "--event", "{event}", "--out", "m.xlsx"], "m.xlsx"),
        (["map", "--kind", "castle", "--out", "m.html"], "no map"),
        (["map", "--kind", "session", "--out", "m.html"], "“Map of a session” also needs: --event."),
        (["map", "--kind", "session", "--year", "2014", "--event", "{event}", "--out", "m.html"], "not take: --year"),
        (["poster", "--municipality", "Липенка", "--paper", "A4", "--out", "p.pdf"], "“A4” does not suit --paper"),
        (["report", "everything", "--out", "m.pdf"], "everything"),
    ],
    ids=range(15),
)
def test_what_cannot_be_made_is_refused_with_what_to_do(
    ayilmap: Command,
    workspace: Workspace,
    event_id: UUID,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    says: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    code, told, error = ayilmap(*(one.format(event=event_id) for one in arguments))
    assert (code, told) == (2, "")
    if says != "m.xlsx":
        assert says in error
    assert not any(path.suffix in {".svg", ".pdf", ".html", ".xlsx"} for path in tmp_path.iterdir())


def test_several_of_a_name_are_listed_with_their_ids(
    ayilmap: Command, workspace: Workspace, event_id: UUID, tmp_path: Path
) -> None:
    with workspace.write(actor="test") as session:
        kind = session.query(Municipality.kind).first()[0]
        twins = [Municipality(name_ky=f"{name} айылдык аймагы", kind=kind) for name in ("Ак-Суу", "Көк-Суу")]
        session.add_all(twins)
        session.flush()
        ids = [str(one.id) for one in twins]
    code, _, error = ayilmap("poster", "--municipality", "суу", "--out", tmp_path / "p.pdf")
    assert code == 2
    assert all(one in error for one in ids)


def test_a_blank_form_needs_no_store(ayilmap: Command, tmp_path: Path) -> None:
    out = tmp_path / "list.pdf"
    assert ayilmap("form", "participant_list", "--blank", "--out", out, "--lang", "ky")[0] == 0
    assert out.read_bytes().startswith(b"%PDF")


def test_a_chart_is_drawn(ayilmap: Command, workspace: Workspace, event_id: UUID, tmp_path: Path) -> None:
    out = tmp_path / "money.svg"
    assert ayilmap("chart", "money", "--municipality", "Липенка", "--year", "2014", "--out", out)[0] == 0
    assert out.read_bytes().lstrip().startswith(b"<")
