"""Both engines order texts by the Kyrgyz alphabet, alike to the letter."""

from __future__ import annotations

import pytest
from sqlalchemy import Text, literal, select, union_all

from geo.domain.names import kyrgyz_order
from geo.models import MapFeature, Settlement
from geo.repositories.alphabet import ByLetter, KyrgyzOrder, in_order
from geo.services.workspace import Workspace

IN_ORDER = (
    *("", "(жок)", "1-Май", "10-айыл", "Ак", "Ак Булак", "Ак-Суу", "Ак-Суу 2", "Акбулак"),
    *("Ел", "Ещё", "Ёлка", "Жар", "Ийри", "Йод", "Нур", "Ңа", "Орто", "Өнүк", "Пахта", "Уй", "Үй", "Яны", "Zarya"),
)
ODD = (
    *(
        "  Ак —  Суу\t",
        "АК-СУУ",
        "Ак\u00a0Суу",
        "и\u0306од",
        "е\u0308лка",
        "Ғар",
        "«Ак»",
        "№ 5",
        "a:b;c<d=e>f?g@h[i\\j]k",
    ),
    *("it's 100 % {x}|~^_`", "İ", "ӨҮҢЁ", "-", "😀", "漢字"),
)


def test_the_store_makes_of_a_text_what_the_program_makes(workspace: Workspace) -> None:
    texts = (*IN_ORDER, *ODD)
    parts = [select(literal(number).label("number"), KyrgyzOrder(literal(one))) for number, one in enumerate(texts)]
    with workspace.read() as session:
        made = session.execute(union_all(*parts).order_by("number")).all()
        assert session.scalar(select(KyrgyzOrder(literal(None, Text)))) is None
    assert {texts[number]: order for number, order in made} == {one: kyrgyz_order(one) for one in texts}


def test_the_store_orders_as_the_alphabet_does(workspace: Workspace) -> None:
    texts = sorted(IN_ORDER)  # another order than the one wanted
    assert texts != list(IN_ORDER)
    table = union_all(*(select(literal(one).label("name")) for one in texts)).subquery()
    with workspace.read() as session:
        assert tuple(session.scalars(select(table.c.name).order_by(KyrgyzOrder(table.c.name)))) == IN_ORDER


@pytest.mark.parametrize(
    ("column", "kind"), [(Settlement.name_ky, KyrgyzOrder), (MapFeature.kind, ByLetter), (MapFeature.fid, None)]
)
def test_only_texts_take_a_detour(column: object, kind: type | None) -> None:
    found = in_order(column)  # type: ignore[arg-type]
    assert found is column if kind is None else isinstance(found, kind)
