"""Office files packed so that the same paper gives the same bytes, and nothing tells of the machine that made them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection, Mapping
from datetime import date
from xml.sax.saxutils import escape

__all__ = ["core_properties", "repacked"]

_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The earliest moment that a zip file can tell."""


def repacked(content: bytes, *, replaced: Mapping[str, bytes], without: Collection[str] = ()) -> bytes:
    """Return a zip file with some parts replaced or left out, in a fixed order and without moments.

    Parameters
    ----------
    replaced
        New contents of parts by their names; parts that are not there yet are added.
    """
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        parts = {name: source.read(name) for name in source.namelist()} | dict(replaced)
        # The list of contents comes first: readers tell by it what the file is.
        for name in sorted(parts, key=lambda one: (one != "[Content_Types].xml", one)):
            if name not in without:
                entry = zipfile.ZipInfo(name, _FIRST_DAY)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o600 << 16
                target.writestr(entry, parts[name])
    return made.getvalue()


def core_properties(title: str, language: str, as_of: date | None) -> bytes:
    """Return the properties of an office file: title, language and the day of the contents, and no person's name."""
    day = f"{as_of.isoformat()}T00:00:00Z" if as_of else ""
    dates = (
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{day}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{day}</dcterms:modified>'
        if day
        else ""
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(title)}</dc:title><dc:language>{escape(language)}</dc:language>{dates}"
        "</cp:coreProperties>"
    ).encode()
