"""No private field reaches a paper that everybody may read (DOMAIN.md section 11)."""

from __future__ import annotations

import itertools
from dataclasses import replace
from functools import cache

import pytest

from geo.domain.forms import DocumentFormat, FormKind
from geo.errors import Refused
from geo.i18n import Language
from geo.snapshots import Audience, CycleSnapshot, MemberSnapshot, ParticipantSnapshot
from maps.documents import formats_of, render_form
from tests.maps.municipality import as_public
from tests.maps.paper_files import bare, everything_in
from tests.maps.papers import ABOUT, LANGUAGES, PDF, PUBLIC_FORMS, pictures, whole_year

PUBLIC_FILES = [
    (form, kind, language) for form, language in itertools.product(PUBLIC_FORMS, LANGUAGES) for kind in formats_of(form)
]
MARKERS = {
    "facilitator": "Купуяфасилитатор",
    "signer": "Купуяколкойгон",
    "participant": "Купуякатышуучу",
    "occupation": "Купуякесип",
    "contact": "Купуябайланыш",
    "monitor": "Купуямонитор",
    "member": "Купуямүчө",
    "member contact": "Купуятелефон",
    "role": "Купуякызмат",
    "giver": "Купуяберүүчү",
}


@cache
def marked() -> CycleSnapshot:
    """The record as those who work with it see it, with a word of its own in every field that is never public."""
    cycle = whole_year()
    assert cycle.plan
    person = ParticipantSnapshot(1, MARKERS["participant"], 97, MARKERS["occupation"], MARKERS["contact"], signed=True)
    member = MemberSnapshot(MARKERS["member"], MARKERS["member contact"], role=MARKERS["role"])
    tasks = (
        replace(
            task,
            activities=tuple(
                replace(
                    activity,
                    contributions=tuple(replace(given, giver=MARKERS["giver"]) for given in activity.contributions),
                )
                for activity in task.activities
            ),
        )
        for goal in cycle.plan.goals
        for task in goal.tasks
    )
    goals = tuple(replace(goal, tasks=(task,)) for goal, task in zip(cycle.plan.goals, tasks, strict=True))
    return replace(
        cycle,
        events=tuple(
            replace(
                one,
                facilitator_names=(MARKERS["facilitator"],) * 2,
                signatures=(MARKERS["signer"],),
                participant_list=(person,),
            )
            for one in cycle.events
        ),
        plan=replace(cycle.plan, goals=goals),
        visits=tuple(replace(one, members=(MARKERS["monitor"],) * 3) for one in cycle.visits),
        groups=tuple(replace(one, member_list=(member,)) for one in cycle.groups),
    )


@cache
def public() -> CycleSnapshot:
    return as_public(marked())


@cache
def mislabelled() -> CycleSnapshot:
    """A record that calls itself public and is not: the papers keep the rules by themselves as well."""
    return replace(marked(), audience=Audience.PUBLIC)


def leaks(content: bytes, kind: DocumentFormat) -> list[str]:
    said = everything_in(content, kind)
    return [name for name, marker in MARKERS.items() if bare(marker) in said]


@pytest.mark.parametrize(("form", "kind", "language"), PUBLIC_FILES)
def test_nothing_private_is_in_a_public_file(form: FormKind, kind: DocumentFormat, language: Language) -> None:
    for cycle in (public(), mislabelled()):
        content = render_form(form, cycle, language, format=kind, pictures=pictures(), **ABOUT[form])
        assert leaks(content, kind) == []


@pytest.mark.parametrize("kind", list(DocumentFormat))
def test_the_marks_would_be_found(kind: DocumentFormat) -> None:
    """The papers of those who work with the record have what the public ones lack, and the search finds it there."""
    found: set[str] = set()
    for form in FormKind:
        if kind in formats_of(form):
            found.update(leaks(render_form(form, marked(), Language.KY, format=kind, **ABOUT[form]), kind))
    wanted = {"participant", "occupation", "contact", "member", "member contact"}
    if kind is not DocumentFormat.XLSX:
        wanted |= {"facilitator", "signer", "monitor"}
    assert wanted <= found


@pytest.mark.parametrize("kind", formats_of(FormKind.PARTICIPANT_LIST))
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_participant_list_is_never_public(kind: DocumentFormat, language: Language) -> None:
    for cycle in (public(), mislabelled()):
        with pytest.raises(Refused) as refused:
            render_form(FormKind.PARTICIPANT_LIST, cycle, language, format=kind, **ABOUT[FormKind.PARTICIPANT_LIST])
        assert refused.value.key == "documents.list_not_public"


@pytest.mark.parametrize("kind", list(DocumentFormat))
def test_a_blank_form_made_from_a_full_record_tells_nothing_of_it(kind: DocumentFormat) -> None:
    for form in FormKind:
        if kind in formats_of(form):
            content = render_form(form, marked(), Language.KY, format=kind, blank=True, **ABOUT[form])
            assert leaks(content, kind) == []
            assert bare("Ички жолдор бузулган") not in everything_in(content, kind)


def test_small_counts_are_not_worked_out_from_what_is_told() -> None:
    """A session whose women are withheld is in no sum, and its share is not shown."""
    cycle = public()
    few = tuple(
        replace(one, women=None) if one.participant_list == () and one.women == 13 else one for one in cycle.events
    )
    hidden = replace(cycle, events=few)
    said = everything_in(
        render_form(FormKind.SESSION_REPORT, hidden, Language.EN, format=PDF, **ABOUT[FormKind.SESSION_REPORT]), PDF
    )
    assert bare("54.2 %") not in said
    assert bare("they are not in the sums") in said


def test_a_public_report_tells_how_many_instead_of_who() -> None:
    said = everything_in(
        render_form(FormKind.SESSION_REPORT, public(), Language.EN, format=PDF, **ABOUT[FormKind.SESSION_REPORT]), PDF
    )
    assert bare("Public version") in said
    assert bare("9 members") in said
