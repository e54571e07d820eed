"""The files that are the product: what git knows or would take, so never what a machine made or fetched."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

__all__ = ["REPOSITORY", "product_files"]

REPOSITORY = Path(__file__).resolve().parents[2]
MADE_OR_FETCHED = {".git", ".venv", "node_modules", "var", "build", "dist", "__pycache__"}


def product_files(*suffixes: str) -> list[Path]:
    """Return the paths, relative to the repository, of its files with one of these suffixes (all if none)."""
    return [path for path in _all_files() if not suffixes or path.suffix in suffixes]


@cache
def _all_files() -> tuple[Path, ...]:
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=REPOSITORY)
        names = [name for name in done.stdout.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):  # a copy without its history: an archive, or another's folder
        found = (path.relative_to(REPOSITORY) for path in REPOSITORY.rglob("*") if path.is_file())
        names = [str(path) for path in found if not MADE_OR_FETCHED & set(path.parts)]
    return tuple(sorted(Path(name) for name in names if (REPOSITORY / name).is_file()))
