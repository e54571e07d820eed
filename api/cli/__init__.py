"""The command line: ``ayilmap``."""

from api.cli.root import app, main

__all__ = ["app", "main"]
