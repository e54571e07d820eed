"""The text of a file that somebody hands in, whichever program wrote it."""

from __future__ import annotations

from pathlib import Path

from geo.errors import NotFound, Refused

__all__ = ["text_of"]


def text_of(path: Path, *, most_bytes: int, missing: NotFound, unreadable: Refused) -> str:
    """Return the text of a file, without a byte order mark.

    Notepad and Excel write UTF-16 and UTF-8 with a mark, and older Windows programs Cyrillic words in cp1251.

    Parameters
    ----------
    path
        The file.
    most_bytes
        How large it may be.
    missing, unreadable
        What to raise where there is no file; and where it is none, may not be read, is too large or is no text.

    Raises
    ------
    geo.errors.NotFound, geo.errors.Refused
        As given.
    """
    try:
        # A pipe may never end, and a device has no size to look at first.
        if path.exists() and not path.is_file():
            raise unreadable
        with path.open("rb") as file:
            raw = file.read(most_bytes + 1)
    except FileNotFoundError as error:
        raise missing from error
    except OSError as error:
        raise unreadable from error
    if len(raw) > most_bytes:
        raise unreadable
    encodings = ["utf-16"] if raw[:2] in {b"\xff\xfe", b"\xfe\xff"} else ["utf-8-sig", "cp1251"]
    for encoding in encodings:
        try:
            content = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in content:
            return content
    raise unreadable
