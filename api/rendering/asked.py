"""A request for a map, drawing or paper: checked as a whole, and written as an id that says it all."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from api.rendering.kinds import OFFERS, Chart, PosterPaper, RenderingFormat, RenderingKind
from geo.domain.forms import FormKind
from geo.domain.institutions import Diagram
from geo.errors import NotFound, Refused
from geo.i18n import Language
from geo.sheet_layout import Orientation
from geo.snapshots import Audience

__all__ = ["Asked", "Parameters"]

_LONGEST_ID: Final = 2_000


class Parameters(BaseModel):
    """What a rendering is of; each kind takes some of these (`OFFERS`)."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    municipality_id: UUID | None = None
    settlement_id: UUID | None = Field(default=None, description="A village.")
    year: int | None = Field(default=None, ge=1900, le=2200, description="Without: the last with a cycle.")
    other_year: int | None = Field(default=None, ge=1900, le=2200, description="What it is compared with.")
    event_id: UUID | None = None
    other_event_id: UUID | None = Field(default=None, description="What it is compared with.")
    diagram: Diagram | None = Field(default=None, description="Without: of everybody.")
    chart: Chart | None = None
    form: FormKind | None = None
    blank: bool | None = Field(default=None, description="To fill by hand.")
    paper: PosterPaper | None = Field(default=None, description="Of a poster; without: A1.")
    orientation: Orientation | None = Field(default=None, description="Of a poster; without: as suits the village.")
    tiled: bool | None = Field(default=None, description="Cut over A4 pages.")


@dataclass(frozen=True, slots=True)
class Asked:
    """A rendering asked for; build it with `of` or `of_id`."""

    kind: RenderingKind
    parameters: Parameters
    language: Language
    format: RenderingFormat
    audience: Audience

    @classmethod
    def of(
        cls,
        kind: RenderingKind,
        parameters: Parameters,
        *,
        language: Language,
        audience: Audience,
        format: RenderingFormat | None = None,
    ) -> Asked:
        """Return a request whose parts go together; without a format it is the usual one of the kind.

        Raises
        ------
        Refused
            The kind has no such format, lacks a parameter, or takes no such parameter.
        """
        offer = OFFERS[kind]
        chosen = format or offer.formats[0]
        if chosen not in offer.formats:
            offered = ", ".join(offer.formats)
            raise Refused("rendering.format_not_offered", kind=kind.value, format=chosen.value, offered=offered)
        if offer.public_only and audience is not Audience.PUBLIC:
            raise Refused("rendering.public_only", kind=kind.value)
        given = set(parameters.model_dump(exclude_none=True))
        missing = offer.needs - given
        if missing:
            raise Refused("rendering.parameter_missing", kind=kind.value, names=", ".join(sorted(missing)))
        foreign = given - offer.needs - offer.takes
        if foreign:
            known = ", ".join(sorted(offer.needs | offer.takes))
            raise Refused(
                "rendering.parameter_not_taken", kind=kind.value, names=", ".join(sorted(foreign)), known=known
            )
        return cls(kind, parameters, language, chosen, audience)

    @property
    def of_no_place(self) -> bool:
        """Whether it is a blank form for anybody, which shows nothing of any record."""
        given = self.parameters
        return bool(given.blank) and given.event_id is given.municipality_id is given.settlement_id is None

    @property
    def values(self) -> dict[str, Any]:
        """What is asked for, as plain values in one order."""
        return {
            "audience": self.audience.value,
            "format": self.format.value,
            "kind": self.kind.value,
            "language": self.language.value,
            "parameters": self.parameters.model_dump(mode="json", exclude_none=True),
        }

    @property
    def id(self) -> str:
        """Return the request as an id for an address: the same request has the same id."""
        plain = json.dumps(self.values, sort_keys=True, separators=(",", ":"))
        return urlsafe_b64encode(plain.encode()).decode("ascii").rstrip("=")

    @classmethod
    def of_id(cls, rendering_id: str) -> Asked:
        """Return the request that an id stands for.

        Raises
        ------
        NotFound
            It stands for none; whatever else it may be, nothing of it is used.
        """
        try:
            if len(rendering_id) > _LONGEST_ID:
                raise ValueError
            padded = rendering_id + "=" * (-len(rendering_id) % 4)
            values = json.loads(urlsafe_b64decode(padded.encode("ascii")))
            asked = cls.of_values(values)
        except (ValueError, KeyError, TypeError, RecursionError, Refused) as error:
            raise NotFound("rendering.unknown") from error
        if asked.id != rendering_id:  # one address for one thing
            raise NotFound("rendering.unknown")
        return asked

    @classmethod
    def of_values(cls, values: Mapping[str, Any]) -> Asked:
        """Return the request of plain values.

        Raises
        ------
        Refused
            As `of`.
        ValueError, KeyError, TypeError
            They are no request.
        """
        try:
            parameters = Parameters.model_validate(values["parameters"])
        except ValidationError as error:
            raise ValueError(str(error.error_count())) from error
        return cls.of(
            _code(RenderingKind, values["kind"]),
            parameters,
            language=_code(Language, values["language"]),
            format=_code(RenderingFormat, values["format"]),
            audience=_code(Audience, values["audience"]),
        )


def _code(codes: type[Any], value: object) -> Any:
    if not isinstance(value, str) or not issubclass(codes, Enum):
        raise TypeError
    return codes(value)
