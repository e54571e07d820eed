"""What the commands that make maps, drawings and papers share: their options, and how a file is made."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from api.cli.terminal import JsonOption, LanguageOption, language, open_settings, progress, report
from api.rendering.kinds import OFFERS, RenderingFormat, RenderingKind
from geo.domain.clock import local_today
from geo.errors import NotFound, Refused
from geo.i18n import Language, text

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

__all__ = [
    "AnyEventOption",
    "MunicipalityOption",
    "OutOption",
    "PublicOption",
    "SettlementOption",
    "YearOption",
    "make_file",
    "of_event_or_place",
]

AnyEventOption = Annotated[UUID | None, typer.Option("--event", help="Id of the event; see “ayilmap event list”.")]
MunicipalityOption = Annotated[
    str | None, typer.Option("--municipality", help="Name or id of the municipality; without: the village's.")
]
SettlementOption = Annotated[str | None, typer.Option("--settlement", help="Name or id of the village.")]
YearOption = Annotated[int | None, typer.Option("--year", help="Year of the cycle; without: the last one.")]
PublicOption = Annotated[
    bool, typer.Option("--public", help="As everybody may see it: only what is published, without names and contacts.")
]
OutOption = Annotated[Path, typer.Option("--out", help="The file to write; its ending says the format.")]
_STEPS = 5


def of_event_or_place(command: Callable[..., tuple[RenderingKind, dict[str, Any]]]) -> Callable[..., None]:
    """Give a command the options by which charts and papers say whose they are, and make the file.

    Parameters
    ----------
    command
        Takes the options that are its own, and returns the kind and the parameters that come of them.
    """
    own = inspect.signature(command, eval_str=True).parameters
    shared = inspect.signature(_shared_options, eval_str=True).parameters
    every = [*own.values(), *(one for name, one in shared.items() if name not in own)]

    @wraps(command)
    def run(**given: Any) -> None:
        kind, parameters = command(**{name: given.pop(name) for name in own})
        make_file(kind, given.pop("out"), **given, **parameters)

    # Typer reads the options off the signature.
    signature = inspect.Signature(
        [one for one in every if one.kind is not one.KEYWORD_ONLY]
        + [one for one in every if one.kind is one.KEYWORD_ONLY]
    )
    run.__signature__ = signature  # type: ignore[attr-defined]
    run.__annotations__ = {one.name: one.annotation for one in every}
    return run


def _shared_options(
    *,
    out: OutOption,
    municipality: MunicipalityOption = None,
    settlement: SettlementOption = None,
    year: YearOption = None,
    event_id: AnyEventOption = None,
    public: PublicOption = False,
    as_json: JsonOption = False,
    lang: LanguageOption = None,
) -> None:
    """Take what charts and papers share, in the order of ``--help``."""


def make_file(
    kind: RenderingKind,
    out: Path,
    *,
    municipality: str | None = None,
    settlement: str | None = None,
    public: bool = False,
    as_json: bool,
    lang: Language | None,
    **parameters: Any,
) -> None:
    """Make what is asked for, write it, and tell of it.

    Parameters
    ----------
    municipality, settlement
        Names, however they are spelt, or ids.
    parameters
        Further ones of `api.rendering.asked.Parameters`; None stands for not given.
    """
    from api.rendering.asked import Asked, Parameters
    from api.rendering.kept import KeptFiles
    from api.rendering.making import make
    from geo.domain.rights import LOCAL
    from geo.services.renderings import find_municipality
    from geo.snapshots import Audience
    from geo.storage.whole_file import write_whole

    settings, chosen = open_settings(), language(lang)
    format = _format(kind, out)
    found: dict[str, Any] = {}
    if municipality or settlement:
        with settings.workspace.read() as session:
            found["municipality_id"] = find_municipality(session, municipality) if municipality else None
            found["settlement_id"] = _settlement(session, settlement) if settlement else None
    try:
        asked = Asked.of(
            kind,
            Parameters(**{name: value for name, value in (found | parameters).items() if value is not None}),
            language=chosen,
            format=format,
            audience=Audience.PUBLIC if public or OFFERS[kind].public_only else Audience.INTERNAL,
        )
    except Refused as error:
        raise _in_options(error, kind, chosen) from error
    files = KeptFiles(settings.renderings, settings.rendering_megabytes)
    with progress(text("rendering.making", chosen), total=_STEPS) as begin:
        kept = make(
            settings.workspace,
            files,
            asked,
            actor=LOCAL,
            today=local_today(),
            tell=lambda _part, step: begin(text(step, chosen)),
        )
        content = files.content(kept)
        if content is None:  # another process threw it away just now
            kept = make(settings.workspace, files, asked, actor=LOCAL, today=local_today(), tell=lambda _p, _s: None)
            content = files.path(kept).read_bytes()
    write_whole(out, content)
    line = text("rendering.written", chosen, path=out, kilobytes=-(-kept.size // 1000))
    values = {"path": str(out), "kind": kind.value, "format": format.value, "bytes": kept.size, "name": kept.name}
    report(values, as_json=as_json, lines=[line])


def _in_options(error: Refused, kind: RenderingKind, language: Language) -> Refused:
    # What is a parameter of a request over HTTP is an option here, and a kind has a name that people read.
    said = dict(error.params)
    for part in {"names", "known"} & set(said):
        options = (f"--{name.removesuffix('_id').replace('_', '-')}" for name in str(said[part]).split(", "))
        said[part] = ", ".join(options)
    if "kind" in said:
        said["kind"] = text(f"rendering.kind.{kind}", language)
    return Refused(error.key, **said)


def _format(kind: RenderingKind, out: Path) -> RenderingFormat:
    ending = out.suffix.lower().removeprefix(".")
    if ending not in set(RenderingFormat):
        raise Refused("rendering.ending_unknown", path=out, offered=", ".join(OFFERS[kind].formats))
    return RenderingFormat(ending)


def _settlement(session: Session, name: str) -> UUID:
    from geo.domain.names import fold
    from geo.services.territory import find_settlements

    try:
        return UUID(name)
    except ValueError:
        pass
    found = find_settlements(session, name, language=language(), today=local_today())
    wanted = fold(name)
    whole = [one for one in found if wanted in {fold(word) for word in (one.names.ky, one.names.ru, one.names.en)}]
    fitting = whole or list(found)
    if not fitting:
        raise NotFound("rendering.no_such_settlement", name=name[:100])
    if len(fitting) > 1:
        listed = "; ".join(f"{one.shown} {one.id}" for one in fitting[:10])
        raise Refused("rendering.several_settlements", name=name[:100], found=listed)
    return fitting[0].id
