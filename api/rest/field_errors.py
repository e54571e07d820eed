"""What is wrong with the fields of a body, in the reader's words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from geo.i18n import Text

__all__ = ["FieldError", "field_errors"]

FieldError = tuple[str, Text]
"""Name of the field, dots between levels, and what is wrong with it."""

_BY_BEGINNING: tuple[tuple[str, str], ...] = (
    ("missing", "field.missing"),
    ("extra_forbidden", "field.unknown"),
    ("json_invalid", "field.no_json"),
    ("string_too_long", "field.too_long"),
    ("string_too_short", "field.too_short"),
    ("too_long", "field.too_long"),
    ("too_short", "field.too_short"),
    ("enum", "field.choice"),
    ("literal", "field.choice"),
    ("greater_than", "field.too_small"),
    ("less_than", "field.too_great"),
    ("finite", "field.no_number"),
    ("int", "field.no_number"),
    ("float", "field.no_number"),
    ("decimal", "field.no_number"),
    ("bool", "field.no_yes_no"),
    ("datetime", "field.no_moment"),
    ("date", "field.no_date"),
    ("uuid", "field.no_id"),
    ("string", "field.no_text"),
    ("list", "field.no_list"),
    ("tuple", "field.no_list"),
    ("dict", "field.no_object"),
    ("model", "field.no_object"),
    ("mapping", "field.no_object"),
)
"""By the beginning of pydantic's type of error, the first that fits."""

_LIMITS = ("ge", "gt", "le", "lt", "max_length", "min_length")


def field_errors(errors: Sequence[Mapping[str, Any]], *, skip: int = 0) -> list[FieldError]:
    """Return what is wrong with which field.

    Parameters
    ----------
    errors
        As pydantic lists them.
    skip
        Parts of the location that are no field, such as ``body``.
    """
    return [_field_error(error, skip) for error in errors]


def _field_error(error: Mapping[str, Any], skip: int) -> FieldError:
    name = ".".join(str(part) for part in error["loc"][skip:])
    key = next((key for beginning, key in _BY_BEGINNING if error["type"].startswith(beginning)), "field.unusable")
    if not name and key != "field.no_json":
        return name, Text("body.missing" if key == "field.missing" else "body.unusable")
    context = error.get("ctx", {})
    if key == "field.choice":
        return name, Text("field.choice", {"field": name, "allowed": _codes(str(context.get("expected", "")))})
    limit = next((context[one] for one in _LIMITS if one in context), None)
    if limit is not None:
        return name, Text(key, {"field": name, "limit": str(limit)})
    return name, Text(key, {"field": name})


def _codes(expected: str) -> str:
    """Return what may be sent without the English that pydantic puts around it.

    >>> _codes("'public', 'internal' or 'both'")
    'public, internal, both'
    """
    return ", ".join(one.strip("'") for one in re.split(r", | or ", expected))
