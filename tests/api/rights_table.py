"""The expected rights as they stand in ``rights.txt``."""

from __future__ import annotations

from pathlib import Path

from geo.domain.rights import Action, Subject

__all__ = ["ACTORS", "CELLS", "LETTERS"]

LETTERS = {
    "r": Action.READ,
    "c": Action.CREATE,
    "h": Action.CHANGE,
    "w": Action.WITHDRAW,
    "p": Action.PUBLISH,
}


def _read() -> tuple[list[str], dict[tuple[Subject, str], str]]:
    lines = Path(__file__).with_name("rights.txt").read_text(encoding="utf-8").splitlines()
    head, *rows = [line.split() for line in lines if line and not line.startswith("#")]
    cells = {(Subject(row[0]), who): cell for row in rows for who, cell in zip(head[1:], row[1:], strict=True)}
    return head[1:], cells


ACTORS, CELLS = _read()
