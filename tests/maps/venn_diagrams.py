"""Made-up diagrams for the tests of Venn drawings and for the bench."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from uuid import UUID

from geo.domain.institutions import Diagram, Importance, Satisfaction, TieRelation
from geo.domain.venn.diagram import Tie
from geo.domain.venn.drawn import DrawnCircle, derive_ties
from geo.domain.vocabulary import Kind
from geo.snapshots import InstitutionSnapshot, Names, VennSnapshot

NAMES = (
    *("Айыл өкмөтү", "Орто мектеп", "Китепкана", "Спорт залы", "ТСПАКБ", "Маалымат борбору", "Пилорама"),
    *("Ветеринардык тейлөө кызматы", "Аксакалдар соту", "Маданият үйү", "Жаштар комитети", "ФАП", "Мечит"),
    *("Суу пайдалануучулар ассоциациясы", "Жайыт комитети", "Аялдар кеңеши", "Бала бакча", "Айылдык кеңеш"),
    *("Райондук мамлекеттик администрация", "АРИС", "Жоопкерчиликтүүлүктү арттыруу фонду", "Почта"),
)
SIZES = {Importance.SMALL: 1.0, Importance.MEDIUM: 1.5, Importance.LARGE: 2.2}
SMALL, MEDIUM, LARGE = Importance
TOUCHING, PARTIAL, FULL = TieRelation.TOUCHING, TieRelation.PARTIAL, TieRelation.FULL


def number(at: int) -> UUID:
    return UUID(int=at + 1)


def venn(sizes: Sequence[Importance | None], ties: Sequence[tuple[int, int, TieRelation]]) -> VennSnapshot:
    """A diagram of local institutions by sizes and ties between positions."""
    circles = tuple(
        InstitutionSnapshot(number(at), Names(ky=NAMES[at % len(NAMES)]), Kind.LOCAL_INSTITUTION, importance=size)
        for at, size in enumerate(sizes)
    )
    return VennSnapshot(
        number(998), Diagram.EVERYBODY, circles, tuple(Tie(number(a), number(b), one) for a, b, one in ties)
    )


def drawable(count: int, least: int, most: int, *, seed: int) -> VennSnapshot:
    """A diagram that can be drawn: its ties were read off circles strewn at random."""
    chance = random.Random(seed)
    side = 2.4 * math.sqrt(count)
    opinions = [None, *Satisfaction]
    kinds = [Kind.LOCAL_INSTITUTION, Kind.OUTSIDE_BODY, Kind.YOUTH_GROUP, Kind.WOMENS_GROUP, Kind.INTEREST_GROUP]
    while True:
        sizes = chance.choices(list(Importance), [4, 3, 1.5], k=count)
        circles = [
            DrawnCircle(number(at), chance.uniform(0, side), chance.uniform(0, side * 0.8), SIZES[size])
            for at, size in enumerate(sizes)
        ]
        ties = derive_ties(circles)
        if least <= len(ties) <= most:
            break
    institutions = tuple(
        InstitutionSnapshot(
            one.id,
            Names(ky=NAMES[at % len(NAMES)]),
            kinds[at % len(kinds)],
            importance=size,
            satisfaction=opinions[at % len(opinions)],
        )
        for at, (one, size) in enumerate(zip(circles, sizes, strict=True))
    )
    return VennSnapshot(number(998), Diagram.EVERYBODY, institutions, ties)
