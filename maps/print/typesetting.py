"""Typst at work: a template, what it is to show, and pictures become a PDF."""

from __future__ import annotations

import json
import tempfile
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import typst
from fontTools.ttLib import TTFont, TTLibError

from geo.errors import Failed
from maps.print.letters import font_file, has_letter

__all__ = ["typeset"]

_SHARED = Path(__file__).parent / "templates" / "print.typ"
"""What every template may import as ``print.typ``."""
_PACKAGE = "fonts-noto-core"
"""The package of Debian and its kin with typefaces for most scripts of the world."""
_MOST_NAMED = 12


def typeset(
    template: Path, data: Mapping[str, Any], *, pictures: Mapping[str, bytes] | None = None, every_letter: bool = True
) -> bytes:
    """Set a paper.

    Parameters
    ----------
    template
        Typst source; it finds `data` as JSON in ``sys.inputs.data``.
    data
        Plain values: what is to be shown, and where.
    pictures
        Files beside the template, by name.
    every_letter
        Refuse words of a script that no typeface of this computer has; else its letters come out as boxes.

    Returns
    -------
    bytes
        A PDF with the letters it uses.

    Raises
    ------
    Failed
        ``print.no_typeface`` and ``print.no_letters``: a typeface is missing; the message names the package.
        ``print.not_set``: Typst could not set it.
    """
    strange = _strange(data)
    fonts = _fonts_with(strange, every_letter=every_letter) if strange else _own_fonts()
    with tempfile.TemporaryDirectory(prefix="ayilmap-print-") as folder:
        root = Path(folder)
        for source in (template, _SHARED):
            (root / source.name).write_bytes(source.read_bytes())
        for name, content in (pictures or {}).items():
            (root / name).write_bytes(content)
        compiler = typst.Compiler(root / template.name, root=root, font_paths=fonts)
        try:
            made = compiler.compile(
                format="pdf", sys_inputs={"data": json.dumps(data, ensure_ascii=False)}, pdf_tags=False
            )
        except typst.TypstError as error:
            raise Failed("print.not_set", reason=str(error.message)) from error
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one file")
    return made


def _strange(data: object) -> frozenset[str]:
    """Return the letters that the house's typeface lacks; spaces and marks of format need none."""
    letters = frozenset(letter for words in _words(data) for letter in words)
    return frozenset(
        one for one in letters if not has_letter(one) and unicodedata.category(one) not in {"Cc", "Cf", "Zl", "Zp"}
    )


def _words(data: object) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, Mapping):
        for value in data.values():
            yield from _words(value)
    elif isinstance(data, list | tuple):
        for value in data:
            yield from _words(value)


@cache
def _own_fonts() -> typst.Fonts:
    # Only the typeface that is installed with the program: a paper looks the same on every machine.
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(font_file().parent)])


def _fonts_with(letters: frozenset[str], *, every_letter: bool) -> typst.Fonts:
    """Return the typefaces of this computer, where they have the letters."""
    fonts = _all_fonts()
    missing = {letter for letter in letters if unicodedata.category(letter)[0] in "LMN"}
    for path in sorted({one.path for one in fonts.fonts() if one.path}):
        if not missing:
            break
        missing -= _letters_of(Path(path))
    if missing and every_letter:
        named = " ".join(sorted(missing)[:_MOST_NAMED])
        raise Failed("print.no_letters", letters=named, package=_PACKAGE)
    return fonts


@cache
def _all_fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=False, font_paths=[str(font_file().parent)])


@cache
def _letters_of(path: Path) -> frozenset[str]:
    try:
        with TTFont(path, lazy=True, fontNumber=0) as font:
            return frozenset(map(chr, font.getBestCmap() or ()))
    except (OSError, TTLibError):
        return frozenset()
