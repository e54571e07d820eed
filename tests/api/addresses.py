"""Every address that a service answers when it is read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI

__all__ = ["PARAMETER", "read_addresses"]

PARAMETER = re.compile(r"\{(\w+)(?::\w+)?\}")


def read_addresses(app: FastAPI, values: Mapping[str, Iterable[object]]) -> tuple[list[str], set[str]]:
    """Return the addresses with every value of each parameter filled in, and those for which one is missing.

    Parameters
    ----------
    app
        The service.
    values
        By parameter; ``path parameter`` says it for one path alone, and ``path?`` the queries of that path.
    """
    found: list[str] = []
    unknown: set[str] = set()
    for path in sorted(set(_paths(app.routes))):
        filled = [path]
        for name in PARAMETER.findall(path):
            given = values.get(f"{path} {name}", values.get(name, ()))
            filled = [_with(one, name, value) for one in filled for value in given]
        found += [f"{one}{query}" for one in filled for query in values.get(f"{path}?", [""])]
        if not filled:
            unknown.add(path)
    return found, unknown


def _with(path: str, name: str, value: object) -> str:
    return PARAMETER.sub(lambda match: quote(str(value)) if match[1] == name else match[0], path)


def _paths(routes: Iterable[Any]) -> Iterator[str]:
    for route in routes:
        methods = getattr(route, "methods", None)
        if methods is not None:
            if "GET" in methods:
                yield route.path
        elif (router := getattr(route, "original_router", None)) is not None:
            yield from _paths(router.routes)
