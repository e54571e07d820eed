"""What residents say of an object: every answer typed, a wrong one named."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.domain.attributes import (
    EARLIEST_YEAR,
    LATEST_YEAR,
    LONGEST_DISTANCE_M,
    LONGEST_MINUTES,
    FeatureAttributes,
    check_attributes,
)
from geo.domain.vocabulary import Condition, Kind, Supply, UserGroup
from geo.errors import Refused
from geo.i18n import LANGUAGES, keys, text

NUMBER = st.none() | st.floats(0, min(LONGEST_DISTANCE_M, LONGEST_MINUTES))
FLAG = st.none() | st.booleans()
ATTRIBUTES = st.builds(
    FeatureAttributes,
    condition=st.none() | st.sampled_from(Condition),
    supply=st.none() | st.sampled_from(Supply),
    users=st.lists(st.sampled_from(UserGroup)).map(tuple),
    decided_by=st.text(max_size=20),
    common_use=FLAG,
    distance_m_now=NUMBER,
    minutes_now=NUMBER,
    distance_m_five_years_ago=NUMBER,
    minutes_five_years_ago=NUMBER,
    causes_trouble=FLAG,
    trouble_reason=st.text(max_size=20),
    year_built=st.none() | st.integers(EARLIEST_YEAR, LATEST_YEAR),
    desired_kind=st.none() | st.sampled_from(Kind),
    crops=st.lists(st.text("абв", min_size=1, max_size=5)).map(tuple),
)


@given(ATTRIBUTES)
def test_answers_survive_json(attributes: FeatureAttributes) -> None:
    stored = json.loads(json.dumps(attributes.to_json()))
    assert FeatureAttributes.from_json(stored) == attributes


def test_only_given_answers_are_stored() -> None:
    assert FeatureAttributes().to_json() == {}
    assert FeatureAttributes(common_use=False, distance_m_now=0).to_json() == {
        "common_use": False,
        "distance_m_now": 0.0,
    }


def test_users_are_kept_once_each_in_the_order_of_the_vocabulary() -> None:
    attributes = FeatureAttributes.from_json(
        {"users": ["children", "women", "children"], "crops": [" буудай ", "буудай"]}
    )
    assert attributes.users == (UserGroup.WOMEN, UserGroup.CHILDREN)
    assert attributes.crops == ("буудай",)


@pytest.mark.parametrize(
    ("values", "key", "field", "allowed"),
    [
        ({"condition": "broken"}, "attributes.value", "condition", "needs_repair"),
        ({"supply": 1}, "attributes.value", "supply", "running_out"),
        ({"users": ["women", "cats"]}, "attributes.value", "users", "elders"),
        ({"users": "women"}, "attributes.value", "users", "elders"),
        ({"common_use": "yes"}, "attributes.value", "common_use", "true, false"),
        ({"causes_trouble": 1}, "attributes.value", "causes_trouble", "true, false"),
        ({"distance_m_now": -1}, "attributes.value", "distance_m_now", "0–300000"),
        ({"distance_m_now": float("nan")}, "attributes.value", "distance_m_now", "0–300000"),
        ({"distance_m_five_years_ago": "far"}, "attributes.value", "distance_m_five_years_ago", "0–300000"),
        ({"minutes_now": float("inf")}, "attributes.value", "minutes_now", "0–10080"),
        ({"minutes_now": True}, "attributes.value", "minutes_now", "0–10080"),
        ({"year_built": 19711}, "attributes.value", "year_built", "1000–2100"),
        ({"year_built": "1971"}, "attributes.value", "year_built", "1000–2100"),
        ({"desired_kind": "park"}, "attributes.value", "desired_kind", "kindergarten"),
        ({"roof": "bad"}, "attributes.unknown", "roof", "condition"),
    ],
)
def test_a_wrong_answer_is_refused_with_what_is_allowed(
    values: dict[str, Any], key: str, field: str, allowed: str
) -> None:
    with pytest.raises(Refused) as refusal:
        FeatureAttributes.from_json(values)
    assert (refusal.value.key, str(refusal.value.params["field"])) == (key, field)
    assert allowed in str(refusal.value.params["allowed"])
    for language in LANGUAGES:
        named = field if key == "attributes.unknown" else text(f"attribute.{field}", language)
        assert f"{named}" in text(refusal.value.key, language, **refusal.value.params)


@pytest.mark.parametrize(
    "values", [{"decided_by": 3}, {"crops": [""]}, {"crops": "wheat"}, {"trouble_reason": "x" * 2001}]
)
def test_what_is_no_text_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refusal:
        FeatureAttributes.from_json(values)
    assert refusal.value.key == "attributes.words"


@pytest.mark.parametrize(
    ("attributes", "kind", "key"),
    [
        (FeatureAttributes(desired_kind=Kind.SCHOOL), Kind.SCHOOL, "attributes.not_here"),
        (FeatureAttributes(desired_kind=Kind.PROBLEM), Kind.DESIRED, "attributes.value"),
        (FeatureAttributes(desired_kind=Kind.DESIRED), Kind.DESIRED, "attributes.value"),
        (FeatureAttributes(crops=("wheat",)), Kind.FOREST, "attributes.not_here"),
        (
            FeatureAttributes(causes_trouble=False, trouble_reason="roof"),
            Kind.CLUB,
            "attributes.reason_without_trouble",
        ),
    ],
)
def test_answers_belong_to_the_kind_and_agree(attributes: FeatureAttributes, kind: Kind, key: str) -> None:
    with pytest.raises(Refused) as refusal:
        check_attributes(attributes, kind)
    assert refusal.value.key == key
    for language in LANGUAGES:
        sentence = text(key, language, **refusal.value.params)
        assert not set(re.findall(r"[a-z_]+", sentence)) & {*Kind, *FeatureAttributes.model_fields} or language == "en"


def test_fitting_answers_pass() -> None:
    check_attributes(FeatureAttributes(desired_kind=Kind.KINDERGARTEN), Kind.DESIRED)
    check_attributes(FeatureAttributes(crops=("wheat",)), Kind.ARABLE)
    check_attributes(FeatureAttributes(trouble_reason="the roof leaks", causes_trouble=True), Kind.CLUB)


def test_every_field_has_a_label() -> None:
    wanted = {f"attribute.{name}" for name in FeatureAttributes.model_fields}
    for language in LANGUAGES:
        assert {key for key in keys(language) if key.startswith("attribute.")} == wanted
