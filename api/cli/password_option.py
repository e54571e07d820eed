"""Passwords at the command line: asked for without echo or read from standard input, never an argument.

An argument would stand in the list of processes and in the shell's history.
"""

from __future__ import annotations

import getpass
import sys
from typing import Annotated

import typer

from geo.errors import Refused
from geo.i18n import Language, text

__all__ = ["PasswordStdinOption", "ask_password"]

PasswordStdinOption = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input, one line.")
]


def ask_password(chosen: Language, *, from_stdin: bool) -> str:
    """Return a password that a person typed twice, or the first line of standard input.

    Raises
    ------
    Refused
        There is no terminal to ask at, or the two differ.
    """
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise Refused("account_command.no_terminal")
    first = getpass.getpass(f"{text('account_command.ask_password', chosen)}: ")
    if first != getpass.getpass(f"{text('account_command.ask_again', chosen)}: "):
        raise Refused("account_command.password_differs")
    return first
