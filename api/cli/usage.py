"""What is wrong with a command as it was written, in the reader's language: the library itself knows English alone."""

from __future__ import annotations

import re
from typing import Any

from pydantic import ValidationError
from typer.exceptions import TyperException

from geo.i18n import Text

__all__ = ["what_is_wrong"]

_WHOLE, _NUMBER = {"int_parsing", "int_from_float", "int_type"}, {"float_parsing", "float_type"}
_BOUNDS = {"greater_than_equal": ("least", "ge"), "less_than_equal": ("most", "le")}

_SENTENCES = (
    ("usage.no_such_command", "name", r"No such command '(.*)'\..*"),
    ("usage.too_much", "words", r"Got unexpected extra arguments?(?:\(s\))? \((.*)\)"),
)


def what_is_wrong(error: TyperException) -> Text | None:
    """Return what an error of the library says, as words of ours; None for one that is not known.

    The library keeps its classes to itself, so they are told apart by what they carry.
    """
    if getattr(error, "option_name", None):
        return _option(error)
    if getattr(error, "param", None) is not None:
        return _parameter(error)
    for key, name, pattern in _SENTENCES:
        if found := re.fullmatch(pattern, error.message, re.DOTALL):
            return Text(key, {name: found[1][:80]})
    return None


def _option(error: Any) -> Text:
    alike = ", ".join(sorted(getattr(error, "possibilities", None) or ()))
    if error.message.startswith("No such option"):
        key = "usage.no_such_option_alike" if alike else "usage.no_such_option"
    else:
        key = "usage.takes_no_value" if "does not take" in error.message else "usage.needs_a_value"
    return Text(key, {"name": error.option_name, "alike": alike})


def _parameter(error: Any) -> Text | None:
    param, cause = error.param, error.__cause__
    name = "/".join(param.opts) if param.param_type_name == "option" else str(param.name).upper()
    if isinstance(cause, ValidationError):
        return _bad_value(name, cause)
    return None if error.message else Text("usage.missing", {"name": name})


def _bad_value(name: str, cause: ValidationError) -> Text:
    first = cause.errors()[0]
    kind, said = first["type"], {"name": name, "value": str(first["input"])[:80]}
    if kind in _WHOLE:
        return Text("usage.whole_number", said)
    if kind in _NUMBER:
        return Text("usage.number", said)
    if kind.startswith("uuid_"):
        return Text("usage.id", said)
    if kind in _BOUNDS:
        key, bound = _BOUNDS[kind]
        return Text(f"usage.at_{key}", {**said, "bound": first.get("ctx", {}).get(bound, "")})
    if found := re.search(r"is not one of (.+?)\.?$", first["msg"], re.DOTALL):
        return Text("usage.not_one_of", {**said, "choices": found[1].replace("'", "")})
    return Text("usage.bad_value", said)
