"""What residents say of an object on the map (DOMAIN.md section 3, "What is asked of each object")."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_core import ErrorDetails

from geo.domain.labels import label_text, label_texts
from geo.domain.vocabulary import Condition, Kind, Layer, Supply, UserGroup, layer_of
from geo.errors import Refused
from geo.i18n import Text, Texts

__all__ = [
    "EARLIEST_YEAR",
    "LATEST_YEAR",
    "LONGEST_DISTANCE_M",
    "LONGEST_MINUTES",
    "FeatureAttributes",
    "check_attributes",
]

EARLIEST_YEAR: Final = 1000
"""Older than any building that still stands in a village."""
LATEST_YEAR: Final = 2100
LONGEST_DISTANCE_M: Final = 300_000
"""Summer pastures lie up to a few hundred kilometres from their village."""
LONGEST_MINUTES: Final = 7 * 24 * 60

_Distance = Annotated[float, Field(strict=True, ge=0, le=LONGEST_DISTANCE_M, allow_inf_nan=False)]
_Minutes = Annotated[float, Field(strict=True, ge=0, le=LONGEST_MINUTES, allow_inf_nan=False)]
_Flag = Annotated[bool, Field(strict=True)]
_Words = Annotated[str, Field(strict=True, max_length=2_000)]
_Crop = Annotated[str, Field(strict=True, min_length=1, max_length=100)]


class FeatureAttributes(BaseModel):
    """Answers about one object; what was not asked or not answered is None or empty.

    Distances are in metres one way, times in minutes one way, by the people's usual means.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    condition: Condition | None = None
    supply: Supply | None = None
    users: tuple[UserGroup, ...] = ()
    decided_by: _Words = ""
    common_use: _Flag | None = None
    distance_m_now: _Distance | None = None
    minutes_now: _Minutes | None = None
    distance_m_five_years_ago: _Distance | None = None
    minutes_five_years_ago: _Minutes | None = None
    causes_trouble: _Flag | None = None
    trouble_reason: _Words = ""
    year_built: Annotated[int, Field(strict=True, ge=EARLIEST_YEAR, le=LATEST_YEAR)] | None = None
    desired_kind: Kind | None = None
    crops: tuple[_Crop, ...] = ()

    @field_validator("users")
    @classmethod
    def _in_order(cls, users: tuple[UserGroup, ...]) -> tuple[UserGroup, ...]:
        return tuple(group for group in UserGroup if group in users)

    @field_validator("crops")
    @classmethod
    def _once_each(cls, crops: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(crops))

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> FeatureAttributes:
        """Read attributes as they are stored and exchanged.

        Raises
        ------
        Refused
            A field that does not exist, or a value it cannot have; the message names the field, the value and
            what is allowed.
        """
        try:
            return cls.model_validate(dict(values))
        except ValidationError as error:
            raise _refusal(error.errors(include_url=False)[0]) from error

    def to_json(self) -> dict[str, Any]:
        """Return the answers that were given, ready for JSON: codes, numbers and words."""
        return {name: value for name, value in self.model_dump(mode="json").items() if value not in (None, "", [])}


def check_attributes(attributes: FeatureAttributes, kind: Kind) -> None:
    """Make sure that the answers belong to an object of this kind and do not contradict each other.

    Raises
    ------
    Refused
        A wished-for kind on another layer than the wishes, a wish for a problem or for a wish, crops on
        anything but arable land, or a reason for trouble where there is none.
    """
    if attributes.desired_kind is not None:
        if layer_of(kind) is not Layer.DESIRED:
            raise Refused("attributes.not_here", field=_field("desired_kind"), kind=label_text(kind))
        if layer_of(attributes.desired_kind) in (Layer.DESIRED, Layer.PROBLEM):
            raise Refused(
                "attributes.value",
                field=_field("desired_kind"),
                value=label_text(attributes.desired_kind),
                allowed=label_texts(one for one in Kind if layer_of(one) not in (Layer.DESIRED, Layer.PROBLEM)),
            )
    if attributes.crops and kind is not Kind.ARABLE:
        raise Refused("attributes.not_here", field=_field("crops"), kind=label_text(kind))
    if attributes.trouble_reason and attributes.causes_trouble is False:
        raise Refused("attributes.reason_without_trouble")


_NUMBERS: Mapping[str, str] = {
    "distance_m_now": f"0–{LONGEST_DISTANCE_M}",
    "distance_m_five_years_ago": f"0–{LONGEST_DISTANCE_M}",
    "minutes_now": f"0–{LONGEST_MINUTES}",
    "minutes_five_years_ago": f"0–{LONGEST_MINUTES}",
    "year_built": f"{EARLIEST_YEAR}–{LATEST_YEAR}",
}
_CODES: Mapping[str, type[StrEnum]] = {
    "condition": Condition,
    "supply": Supply,
    "users": UserGroup,
    "desired_kind": Kind,
}
_YES_OR_NO = Texts((Text("map.yes", code="true"), Text("map.no", code="false")))


def _field(name: str) -> Text:
    return Text(f"attribute.{name}", code=name)


def _refusal(problem: ErrorDetails) -> Refused:
    field = str(problem["loc"][0]) if problem["loc"] else ""
    if problem["type"] == "extra_forbidden":
        known = Texts(tuple(map(_field, FeatureAttributes.model_fields)))
        return Refused("attributes.unknown", field=field, allowed=known)
    named, value = _field(field), problem["input"]
    if field in _NUMBERS:
        return Refused("attributes.value", field=named, value=value, allowed=_NUMBERS[field])
    if field in _CODES:
        return Refused("attributes.value", field=named, value=value, allowed=label_texts(_CODES[field]))
    if field in ("common_use", "causes_trouble"):
        return Refused("attributes.value", field=named, value=value, allowed=_YES_OR_NO)
    return Refused("attributes.words", field=named, value=value)
