"""Every web map of a cycle, read as a file: whole, self-contained, inert, the same each time, in three languages."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from shapely.geometry import Point

from geo.domain.institutions import Diagram
from geo.domain.labels import label
from geo.domain.plan_codes import ActivityStage
from geo.domain.vocabulary import Kind, layer_of
from geo.errors import NotFound
from geo.i18n import LANGUAGES, Language, text
from geo.snapshots import Audience, CycleSnapshot, FeatureSnapshot, Names, PlanSnapshot
from maps.web.self_contained import addresses_in
from maps.web.venn_map import render_venn_map
from maps.web.village_map import render_village_map
from tests.maps.every_map import EVERY_MAP
from tests.maps.municipality import FIRST, SECOND, ids, municipality
from tests.maps.reading_pages import Outline, marks_of
from tests.maps.test_session_map import NASTY

MAPS = sorted(EVERY_MAP)
LONG = "Жоопкерчиликтүүлүктү " * 10
MIXED = "Мектеп School 学校 مدرسة"
RIGHT_TO_LEFT = "مدرسة القرية الثانوية"


def emptied(cycle: CycleSnapshot) -> CycleSnapshot:
    """Sessions were held, and nothing came of them yet."""
    events = tuple(
        replace(
            event,
            features=(),
            sheets=(),
            bread=None,
            venns=tuple(replace(venn, institutions=(), ties=()) for venn in event.venns),
        )
        for event in cycle.events
    )
    return replace(cycle, events=events, problems=(), municipality_problems=(), plan=None, visits=(), matches=())


def stopped(cycle: CycleSnapshot) -> CycleSnapshot:
    """Everything that was planned was given up."""
    assert cycle.plan is not None
    goals = tuple(
        replace(
            goal,
            tasks=tuple(
                replace(task, activities=tuple(replace(one, status=ActivityStage.STOPPED) for one in task.activities))
                for task in goal.tasks
            ),
        )
        for goal in cycle.plan.goals
    )
    return replace(cycle, plan=replace(cycle.plan, goals=goals))


def renamed(cycle: CycleSnapshot, name: str) -> CycleSnapshot:
    """Everything has one name."""
    names = Names(ky=name)
    settlements = tuple(replace(one, names=names) for one in cycle.municipality.settlements)
    plan = cycle.plan
    if plan is not None:
        goals = tuple(
            replace(
                goal,
                goal=name,
                tasks=tuple(
                    replace(task, activities=tuple(replace(one, title=name, result=name) for one in task.activities))
                    for task in goal.tasks
                ),
            )
            for goal in plan.goals
        )
        plan = PlanSnapshot(plan.id, name, plan.year_from, plan.year_to, goals)
    return replace(
        cycle,
        municipality=replace(cycle.municipality, names=names, rayon=names, settlements=settlements),
        events=tuple(
            replace(
                event,
                features=tuple(replace(one, names=names, sheet_title=name) for one in event.features),
                venns=tuple(
                    replace(venn, institutions=tuple(replace(one, names=names) for one in venn.institutions))
                    for venn in event.venns
                ),
            )
            for event in cycle.events
        ),
        problems=tuple(replace(one, title=name) for one in cycle.problems),
        plan=plan,
        visits=tuple(replace(one, summary=name, service=name and "x" + name) for one in cycle.visits),
        credits=(name,),
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", MAPS)
def test_a_map_is_whole_and_leaves_its_file_nowhere(kind: str, language: Language) -> None:
    page = EVERY_MAP[kind](municipality(), language)
    outline = Outline(page)
    assert outline.open == []
    assert outline.tags[0] == ("html", {"lang": language.value})
    assert addresses_in(page) == ()
    assert "https:" not in page
    defined = {found["id"] for found in outline.with_attribute("id")}
    used = set(re.findall(r'href=\\?"#(symbol-[\w-]+)', page)) | set(re.findall(r"url\(#([\w-]+)\)", page))
    used |= {look["fill"] for mark in marks_of(page) if mark["areas"] for look in [mark["look"]]}
    assert used - {""} <= defined
    policy = outline.with_attribute("http-equiv", "Content-Security-Policy")[0]["content"] or ""
    assert policy.count("'sha256-") == len(re.findall(r"<script>", page))


@pytest.mark.parametrize("kind", MAPS)
def test_the_same_cycle_gives_the_same_file(kind: str) -> None:
    assert EVERY_MAP[kind](municipality(), Language.KY) == EVERY_MAP[kind](municipality(), Language.KY)


@pytest.mark.parametrize("kind", MAPS)
def test_names_people_typed_are_inert(kind: str) -> None:
    page = EVERY_MAP[kind](renamed(municipality(), NASTY), Language.KY)
    outline = Outline(page)
    assert outline.open == []
    assert not [tag for tag, _ in outline.tags if tag == "img"]
    clean = Outline(EVERY_MAP[kind](municipality(), Language.KY))
    count = [tag for tag, _ in outline.tags if tag == "script"]
    assert count == [tag for tag, _ in clean.tags if tag == "script"]
    assert not outline.with_attribute("onerror")


@pytest.mark.parametrize("kind", MAPS)
def test_a_public_map_knows_no_monitor_and_no_participant(kind: str) -> None:
    page = EVERY_MAP[kind](municipality(Audience.PUBLIC), Language.KY)
    for private in ("Кадырова", "Токтоматова", "Сатарова", "Абдиев", "0700"):
        assert private not in page


def test_monitors_are_named_to_those_who_work_with_the_record() -> None:
    assert "Айнура Кадырова" in EVERY_MAP["monitoring"](municipality(), Language.KY)


@pytest.mark.parametrize("kind", MAPS)
def test_a_cycle_of_which_nothing_is_known_yet_says_so(kind: str) -> None:
    page = EVERY_MAP[kind](emptied(municipality()), Language.KY)
    assert Outline(page).open == []
    if kind in ("municipality", "plan", "monitoring"):
        # The villages are there all the same.
        assert [mark["name"] for mark in marks_of(page)][:2] == [FIRST.names.ky, SECOND.names.ky]
    else:
        said = {"venn": "web_map.venn_empty"}.get(kind, "map.empty")
        assert text(said, Language.KY) in page


@pytest.mark.parametrize("name", [LONG, MIXED, RIGHT_TO_LEFT], ids=["long", "mixed", "right-to-left"])
@pytest.mark.parametrize("kind", MAPS)
def test_unusual_names_stay_as_they_are(kind: str, name: str) -> None:
    page = EVERY_MAP[kind](renamed(municipality(), name), Language.EN)
    assert name in page
    assert name in {mark["name"] for mark in marks_of(page)}


@pytest.mark.parametrize("kind", ["village", "municipality"])
def test_five_hundred_problems_make_a_page(kind: str) -> None:
    cycle = municipality()
    first = cycle.problems[0]
    many = tuple(
        replace(first, id=ids("problem", number), title=f"Көйгөй {number}", votes=500 - number) for number in range(500)
    )
    page = EVERY_MAP[kind](replace(cycle, problems=many), Language.KY)
    assert len(page) < 1_500_000
    titles = [mark["name"] for mark in marks_of(page)]
    assert titles.count("Көйгөй 499") == 1


def test_one_place_far_away_does_not_make_the_village_small() -> None:
    cycle = municipality()
    kind = Kind.SPRING
    far = FeatureSnapshot(
        ids("far"), layer_of(kind), kind, Names(ky="Алыскы булак"), Point(12.5, 41.9), 9.0, "gps", None, ""
    )
    events = (replace(cycle.events[0], features=(*cycle.events[0].features, far)), *cycle.events[1:])
    page = render_village_map(replace(cycle, events=events), FIRST.id, Language.KY)
    west, east = (float(one) for one in re.findall(r"bounds: \[\[[\d.]+, ([\d.]+)\], \[[\d.]+, ([\d.]+)\]\]", page)[0])
    assert 78.1 < west < east < 78.3
    assert text("web_map.far_away", Language.KY, count=1) in page
    assert "Алыскы булак" in {mark["name"] for mark in marks_of(page)}


def test_unknown_villages_events_and_diagrams_are_refused_in_words() -> None:
    cycle = municipality()
    with pytest.raises(NotFound) as village:
        render_village_map(cycle, ids("nowhere"), Language.KY)
    with pytest.raises(NotFound) as event:
        render_venn_map(cycle, ids("nowhere"), Diagram.MEN, Language.KY)
    with pytest.raises(NotFound) as diagram:
        render_venn_map(cycle, ids("event", "18–35"), Diagram.MEN, Language.KY)
    for raised in (village, event, diagram):
        for language in LANGUAGES:
            assert text(raised.value.key, language, **raised.value.params)


def test_the_village_shows_where_groups_agree() -> None:
    marks = marks_of(EVERY_MAP["village"](municipality(), Language.KY))
    (school,) = [mark for mark in marks if mark["name"] == "Орто мектеп" and mark["above"] == "94 %"]
    assert ">3</text>" in school["look"]["sign"]
    facts = dict(school["facts"])
    assert facts[text("web_map.agreement_groups", Language.KY)] == "18–35 жаш, 36–55 жаш, 56+ жаш"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["village", "municipality"])
def test_lists_say_whose_votes_are_not_in_them(kind: str, language: Language) -> None:
    public = municipality(Audience.PUBLIC)
    lacking = replace(public, unpublished_sessions=3, unpublished_by_settlement={FIRST.id: 2, SECOND.id: 1})
    said = {count: text("snapshot.unpublished_sessions", language, count=count) for count in (1, 2, 3)}
    without, page = EVERY_MAP[kind](public, language), EVERY_MAP[kind](lacking, language)
    assert not any(words in without for words in said.values())
    assert {count for count, words in said.items() if words in page} == ({2} if kind == "village" else {1, 2, 3})
    assert said[2] in EVERY_MAP[kind](replace(lacking, problems=(), municipality_problems=()), language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["plan", "monitoring"])
def test_chains_and_villages_say_whose_votes_are_not_counted(kind: str, language: Language) -> None:
    """Where no session is published, a chain without votes would look as if nobody had asked for the work."""
    public = replace(municipality(Audience.PUBLIC), problems=(), municipality_problems=())
    lacking = replace(public, unpublished_sessions=3, unpublished_by_settlement={FIRST.id: 2, SECOND.id: 1})
    marks = marks_of(EVERY_MAP[kind](lacking, language))
    said = text("snapshot.unpublished_sessions", language, count=2)
    begun = [mark["chain"][0] for mark in marks if mark["chain"]]
    votes = text("web_map.step_votes", language)
    assert any((heading, list(lines)) == (votes, [said]) and missing for heading, missing, lines in begun)
    (village,) = [mark for mark in marks if mark["name"] == FIRST.names.best(language) and mark["facts"]]
    assert any(words.endswith(said) for _, words in village["facts"])
    assert not any(said in str(mark["chain"]) for mark in marks_of(EVERY_MAP[kind](public, language)))


def test_the_chain_goes_from_votes_to_visits_and_says_where_it_stops() -> None:
    marks = marks_of(EVERY_MAP["municipality"](municipality(), Language.EN))
    by_name = {mark["name"]: mark for mark in reversed(marks)}
    bridge = by_name["Көпүрө кулап баратат"]["chain"]
    assert [heading for heading, _, _ in bridge] == ["Votes", "Causes", "Activity", "Money", "Visits"]
    assert not any(missing for _, missing, _ in bridge)
    kindergarten = by_name["Бала бакча жок"]["chain"]
    assert [(heading, missing) for heading, missing, _ in kindergarten] == [
        ("Votes", False),
        ("Causes", True),
        ("Activity", True),
    ]


@pytest.mark.parametrize("kind", ["municipality", "village"])
def test_what_was_stopped_answers_no_problem(kind: str) -> None:
    said = text("web_map.no_activity", Language.EN)
    before, after = (
        EVERY_MAP[kind](cycle, Language.EN).count(said) for cycle in (municipality(), stopped(municipality()))
    )
    assert before < after


def test_activities_are_told_by_stage_sized_by_money_and_whole_villages_get_a_badge() -> None:
    page = EVERY_MAP["plan"](municipality(), Language.KY)
    marks = {mark["name"]: mark for mark in marks_of(page)}
    road, pipe, lamps = (
        marks[one] for one in ("Борбордук көчөнү оңдоо", "Суу түтүгүн алмаштыруу", "Көчөлөрдү жарык кылуу")
    )
    assert pipe["look"]["size"] > road["look"]["size"] > lamps["look"]["size"]
    assert road["kind"] == label(ActivityStage.UNDER_WAY, Language.KY)
    assert lamps["points"] == [[FIRST.point.y, FIRST.point.x]] and lamps["shift"]
    whole = marks["Бюджетти ар бир айылда түшүндүрүү"]
    assert not (whole["points"] or whole["lines"] or whole["areas"])
    staged = [mark for mark in marks.values() if mark["look"]["row"].startswith("stage-")]
    signs = {mark["kind"]: re.sub(r"#\w{6}", "", mark["look"]["sign"]) for mark in staged}
    strokes = {mark["kind"]: str(mark["look"]["strokes"]) for mark in staged}
    # Without any colour all stages still differ, as signs and as lines.
    assert len(set(signs.values())) == len(signs)
    assert len(set(strokes.values())) == len(strokes)


def test_monitoring_says_how_long_ago_how_well_and_what_nobody_visited() -> None:
    marks = {mark["name"]: mark for mark in marks_of(EVERY_MAP["monitoring"](municipality(), Language.EN))}
    road = marks["Борбордук көчөнү оңдоо"]
    assert ">A</text>" in road["look"]["sign"] and ">12 d</text>" in road["look"]["sign"]
    assert len(road["photos"]) == 2 and road["photos"][0][0].startswith("data:image/jpeg;base64,")
    assert marks["Көпүрөнү жаңыртуу"]["kind"] == text("web_map.visit_age.older", Language.EN)
    assert marks["Суу түтүгүн алмаштыруу"]["kind"] == text("web_map.visit_age.never", Language.EN)


def test_ties_are_lines_by_relation_and_the_homeless_stand_around() -> None:
    marks = marks_of(EVERY_MAP["venn"](municipality(), Language.KY))
    ties = [mark for mark in marks if mark["lines"]]
    assert len(ties) == 6
    assert len({str(mark["look"]["strokes"]) for mark in ties}) == 4
    homeless = [mark for mark in marks if "stroke-dasharray" in mark["look"]["sign"]]
    assert {mark["name"] for mark in homeless} >= {"Аялдар кеңеши", "Суу пайдалануучулар ассоциациясы"}
    assert all(mark["points"] for mark in homeless)


def test_what_is_confirmed_to_be_one_stands_on_both_maps() -> None:
    marks = marks_of(EVERY_MAP["groups"](municipality(), Language.KY))
    same: dict[int, set[int]] = {}
    for mark in marks:
        if mark["same"] >= 0:
            same.setdefault(mark["same"], set()).add(mark["side"])
    assert len(same) == 3 and all(sides == {0, 1} for sides in same.values())


def test_where_nothing_is_confirmed_to_be_one_no_map_says_that_nothing_has_stayed() -> None:
    cycle = municipality()
    alone = text("web_map.on_one", Language.EN)
    assert alone in EVERY_MAP["groups"](cycle, Language.EN)
    page = EVERY_MAP["groups"](replace(cycle, matches=()), Language.EN)
    assert alone not in page
    assert 'name="presence"' not in page
    assert marks_of(page)


@pytest.mark.parametrize("kind", EVERY_MAP)
def test_no_switch_stands_without_anything_to_switch(kind: str) -> None:
    page = EVERY_MAP[kind](replace(municipality(), matches=()), Language.EN)
    assert not re.search(r'<div class="chips">\s*</div>', page)
