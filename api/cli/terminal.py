"""What every command shares: the reader's language, plain or JSON output, progress, exit codes."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from io import TextIOWrapper
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from typer.exceptions import TyperException

from api.cli.usage import what_is_wrong
from geo.errors import AyilmapError, Failed, Refused
from geo.i18n import Language, best_language, text

if TYPE_CHECKING:
    from api.settings import Settings

__all__ = [
    "JsonOption",
    "LanguageOption",
    "keep_given",
    "language",
    "note",
    "open_settings",
    "progress",
    "report",
    "run",
    "say",
]

JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object for scripts.")]
LanguageOption = Annotated[
    Language | None, typer.Option("--lang", help="Language of what is printed or drawn: ky, ru or en.")
]


def language(chosen: Language | None = None) -> Language:
    """Return the language asked for, else ``AYILMAP_LANG``, else the terminal's, else Kyrgyz."""
    if chosen is not None:
        return chosen
    environment = os.environ
    wish = environment.get("AYILMAP_LANG") or environment.get("LC_ALL") or environment.get("LANG")
    return best_language(wish)


def keep_given(out: Path, *given: Path) -> None:
    """Refuse a file to write that is one of the files given: a photo cannot be taken again (``out.is_given``)."""
    if any(out.resolve() == path.resolve() for path in given):
        raise Refused("out.is_given", path=str(out))


def open_settings() -> Settings:
    """Return the settings; imported late, so that ``--help`` does not wait for the database libraries."""
    from pydantic import ValidationError

    from api.settings import Settings

    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        name = name if name.endswith("DATABASE_URL") else f"AYILMAP_{name.removeprefix('AYILMAP_')}"
        raise Refused("settings.invalid", name=name, value=str(first["input"])[:80]) from error


def say(key: str, chosen: Language | None = None, /, **params: object) -> None:
    """Print one line of the catalogue on standard output."""
    sys.stdout.write(_one_line(text(key, language(chosen), **params)))


def note(key: str, chosen: Language | None = None, /, **params: object) -> None:
    """Print one line of the catalogue on standard error, out of the way of data."""
    sys.stderr.write(_one_line(text(key, language(chosen), **params)))


def report(values: Mapping[str, object], *, as_json: bool, lines: list[str]) -> None:
    """Print a result: one JSON object for scripts, or plain lines for people."""
    if as_json:
        sys.stdout.write(json.dumps(values, ensure_ascii=False, default=str) + "\n")
    else:
        sys.stdout.writelines(map(_one_line, lines))


def _one_line(line: str) -> str:
    # Names and paths come from files: they may hold line ends, and codes that a terminal obeys.
    return "".join(letter if letter.isprintable() else " " for letter in line) + "\n"


@contextmanager
def progress(title: str, *, total: int, plain: bool = False) -> Iterator[Callable[[str], None]]:
    """Show a progress bar on a terminal; yields a function that names the step just begun.

    Elsewhere nothing is shown, or with ``plain`` one line a step on standard error.
    """
    console = Console(stderr=True)
    if not console.is_terminal:
        yield (lambda step: print(f"  {step} …", file=sys.stderr, flush=True)) if plain else (lambda step: None)  # noqa: T201
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(title, total=total)

        def begin(step: str) -> None:
            bar.update(task, description=step, advance=1)

        yield begin


def run(app: typer.Typer) -> int:
    """Run the command line and turn an error of ours into one sentence and an exit code.

    Returns
    -------
    int
        0 done, 1 failed, 2 refused (also wrong usage).
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal without Kyrgyz letters, a file name that is no text
            stream.reconfigure(errors="backslashreplace")
    try:
        result = app(standalone_mode=False)
        sys.stdout.flush()
    except typer.Abort:
        return 1
    except typer.Exit as stop:
        return stop.exit_code
    except BrokenPipeError:  # who reads has read enough, as “head” does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        ours = _in_words(error)
        _complain(ours)
        return ours.exit_code
    return result if isinstance(result, int) else 0


def _in_words(error: Exception) -> AyilmapError:
    if isinstance(error, AyilmapError):
        return error
    if isinstance(error, TyperException) and hasattr(error, "format_message"):
        context = getattr(error, "ctx", None)
        command = context.command_path if context else "ayilmap"
        wrong = what_is_wrong(error)
        return Refused("command.wrong_usage", detail=wrong or error.format_message(), command=command)
    if os.environ.get("AYILMAP_TRACEBACK"):
        raise error
    if isinstance(error, OSError):
        return Failed("command.system_error", path=error.filename or "–", reason=error.strerror or str(error))
    if isinstance(error, MemoryError):
        return Failed("command.no_memory")
    return Failed("command.unexpected", error=f"{type(error).__name__}: {error}"[:200])


def _complain(error: AyilmapError) -> None:
    if "--json" not in sys.argv:
        note(error.key, _language_of_arguments(sys.argv), **error.params)
        return
    words = {lang.value: text(error.key, lang, **error.params) for lang in Language}
    problem = {"error": error.key, "params": error.params, "text": words}
    sys.stderr.write(json.dumps(problem, ensure_ascii=False, default=str) + "\n")


def _language_of_arguments(arguments: list[str]) -> Language | None:
    for before, value in pairwise(arguments):
        if before == "--lang" and value in set(Language):
            return Language(value)
    return None
