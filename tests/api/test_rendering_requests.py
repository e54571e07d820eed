"""What is asked for is checked as a whole, and an id says it all; whatever else comes is told to be nothing."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from api.rendering.asked import Asked, Parameters
from api.rendering.drawing import DRAWERS
from api.rendering.kinds import OFFERS, RenderingFormat, RenderingKind
from geo.domain.forms import DocumentFormat, FormKind
from geo.errors import NotFound, Refused
from geo.i18n import LANGUAGES, Language, text
from geo.snapshots import Audience
from maps.documents.rendering import formats_of

EVENT = UUID("01a20004-b16b-71b2-bc71-6bcda59b6452")


def asked(kind: RenderingKind = RenderingKind.SESSION_MAP, **parameters: Any) -> Asked:
    given = Parameters(**(parameters or {"event_id": EVENT}))
    return Asked.of(kind, given, language=Language.KY, audience=Audience.PUBLIC)


def packed(values: Any) -> str:
    return urlsafe_b64encode(json.dumps(values, sort_keys=True, separators=(",", ":")).encode()).decode().rstrip("=")


def test_every_kind_is_offered_drawn_and_named() -> None:
    assert set(OFFERS) == set(DRAWERS) == set(RenderingKind)
    for kind, offer in OFFERS.items():
        assert offer.formats
        assert not offer.needs & offer.takes
        assert offer.needs | offer.takes <= set(Parameters.model_fields)
        for language in LANGUAGES:
            assert text(f"rendering.kind.{kind}", language)


def test_papers_are_offered_as_what_they_are_written_as() -> None:
    formats = {one.value for form in FormKind for one in formats_of(form)}
    assert {one.value for one in OFFERS[RenderingKind.FORM].formats} == formats == {one.value for one in DocumentFormat}


def test_an_id_is_the_request_and_the_same_request_has_one_id() -> None:
    first = asked()
    assert Asked.of_id(first.id) == first
    assert asked().id == first.id
    others = {
        Asked.of(first.kind, first.parameters, language=Language.RU, audience=Audience.PUBLIC).id,
        Asked.of(first.kind, first.parameters, language=Language.KY, audience=Audience.INTERNAL).id,
        asked(event_id=UUID(int=EVENT.int + 1)).id,
    }
    assert len(others | {first.id}) == 4


@pytest.mark.parametrize(
    ("kind", "parameters", "format", "key"),
    [
        (RenderingKind.SESSION_MAP, {"event_id": EVENT}, RenderingFormat.PDF, "rendering.format_not_offered"),
        (RenderingKind.SESSION_MAP, {}, None, "rendering.parameter_missing"),
        (RenderingKind.SESSION_MAP, {"event_id": EVENT, "year": 2014}, None, "rendering.parameter_not_taken"),
        (RenderingKind.FORM, {"form": None}, None, "rendering.parameter_missing"),
    ],
)
def test_parts_that_do_not_go_together_are_refused(
    kind: RenderingKind, parameters: dict[str, Any], format: RenderingFormat | None, key: str
) -> None:
    with pytest.raises(Refused) as refused:
        Asked.of(kind, Parameters(**parameters), language=Language.KY, audience=Audience.PUBLIC, format=format)
    assert refused.value.key == key
    for language in LANGUAGES:
        assert text(refused.value.key, language, **refused.value.params)


@pytest.mark.parametrize(
    "values",
    [
        {"year": 10**30},
        {"year": "2014; DROP TABLE job"},
        {"municipality_id": "../../etc/passwd"},
        {"paper": "A9"},
        {"paper": "A4"},
        {"orientation": "askew"},
        {"unknown": 1},
        {"event_id": {"$ne": None}},
        {"form": "participant_list\x00"},
    ],
)
def test_parameters_of_another_kind_are_no_parameters(values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Parameters.model_validate(values)


GOOD = {
    "audience": "public",
    "format": "html",
    "kind": "session_map",
    "language": "ky",
    "parameters": {"event_id": str(EVENT)},
}


@pytest.mark.parametrize(
    "rendering_id",
    [
        "",
        "x",
        "../../../etc/passwd",
        "a" * 100_000,
        "ýü",
        packed(None),
        packed([]),
        packed("kind"),
        packed({}),
        packed(GOOD | {"kind": "everything"}),
        packed(GOOD | {"kind": ["session_map"]}),
        packed(GOOD | {"audience": "INTERNAL"}),
        packed(GOOD | {"language": None}),
        packed(GOOD | {"format": "exe"}),
        packed(GOOD | {"parameters": {"event_id": "1"}}),
        packed(GOOD | {"parameters": "x"}),
        packed(GOOD | {"more": 1}),
        urlsafe_b64encode(json.dumps(GOOD).encode()).decode().rstrip("="),  # the same in another spelling
        urlsafe_b64encode(b"[" * 1_400).decode().rstrip("="),
        packed(GOOD) + "=",
        packed(GOOD) + "\n",
    ],
    ids=range(21),
)
def test_an_id_that_stands_for_no_request_is_not_found(rendering_id: str) -> None:
    assert Asked.of_id(packed(GOOD)).values == GOOD
    with pytest.raises(NotFound) as refused:
        Asked.of_id(rendering_id)
    assert refused.value.key == "rendering.unknown"


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300) | st.binary(max_size=300).map(lambda raw: urlsafe_b64encode(raw).decode().rstrip("=")))
def test_whatever_comes_as_an_id_is_a_request_or_not_found(rendering_id: str) -> None:
    try:
        found = Asked.of_id(rendering_id)
    except NotFound:
        return
    assert found.id == rendering_id
