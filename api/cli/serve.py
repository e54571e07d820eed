"""``ayilmap serve``: the service on this laptop."""

from __future__ import annotations

import socket
from typing import Annotated

import typer

from api.cli.terminal import LanguageOption, language, note, open_settings
from geo.errors import Failed

__all__ = ["serve"]


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on; loopback only where nobody signs in.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port to listen on.")] = None,
    lang: LanguageOption = None,
) -> None:
    """Serve the pages and the API until Ctrl+C.

    Example: ayilmap serve --port 8001
    """
    import uvicorn

    from api.app import create_app

    settings = open_settings()
    address, number = host or settings.host, settings.port if port is None else port
    settings.check_serving(address)
    with settings.workspace.read():
        pass  # a store that cannot be read is said now, not at the first page
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, number))
        except OSError as error:
            raise Failed("serve.port_taken", port=number) from error
    note("serve.listening", language(lang), url=f"http://{address}:{number}")
    uvicorn.run(create_app(settings), host=address, port=number, log_level="warning", access_log=False)
