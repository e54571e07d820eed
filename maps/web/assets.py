"""Browser libraries that set-up has put on this machine, as text ready to be written into a page.

Nothing is fetched here: npm installs the libraries from the lock file, and these functions read them.
"""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path

from geo.errors import Failed

__all__ = ["NODE_MODULES_VARIABLE", "leaflet_script", "leaflet_style", "node_modules_folder"]

NODE_MODULES_VARIABLE = "AYILMAP_NODE_MODULES"
"""Environment variable that names another folder of browser libraries."""

_ROOT = Path(__file__).resolve().parents[2]
_SOURCE_MAP = re.compile(r"(?://[#@]\s*sourceMappingURL=\S*|/\*[#@]\s*sourceMappingURL=.*?\*/)")
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_CSS_RULE_WITH_FILE = re.compile(r"[^{}]*\{[^{}]*url\((?!['\"]?data:)[^{}]*\}")
_LEAFLET_HOME = re.compile(r"https://leafletjs\.com")
_SVG_NAMESPACE = "http://www.w3.org/2000/svg"


def node_modules_folder() -> Path:
    """Return the folder of browser libraries: ``AYILMAP_NODE_MODULES``, else ``node_modules`` beside the project."""
    chosen = os.environ.get(NODE_MODULES_VARIABLE)
    return Path(chosen) if chosen else _ROOT / "node_modules"


def leaflet_script() -> str:
    """Return Leaflet as a script that names no address and no other file.

    The only address that has to stay is the name of the SVG namespace; it is written with escaped slashes, the same
    string to a script engine.

    Raises
    ------
    Failed
        The library is not installed.
    """
    return _script(_library("leaflet", "dist/leaflet.js"))


def leaflet_style() -> str:
    """Return Leaflet's style sheet without the rules that load pictures, which this project does not use.

    Raises
    ------
    Failed
        The library is not installed.
    """
    return _style(_library("leaflet", "dist/leaflet.css"))


def _library(package: str, file: str) -> Path:
    path = node_modules_folder() / package / file
    if not path.is_file():
        raise Failed("assets.missing", package=package, folder=str(node_modules_folder()))
    return path


@cache
def _script(path: Path) -> str:
    text = _SOURCE_MAP.sub("", path.read_text(encoding="utf-8"))
    text = _LEAFLET_HOME.sub("#", text)
    return text.replace(_SVG_NAMESPACE, _SVG_NAMESPACE.replace("/", r"\/")).strip()


@cache
def _style(path: Path) -> str:
    text = _CSS_COMMENT.sub("", _SOURCE_MAP.sub("", path.read_text(encoding="utf-8")))
    return _CSS_RULE_WITH_FILE.sub("", text).strip()
