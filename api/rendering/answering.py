"""A map, drawing or paper as the answer to a request."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final
from urllib.parse import quote

from fastapi import Response

from api.rendering.asked import Asked
from api.rendering.kept import Kept
from api.rendering.kinds import RenderingFormat
from api.rest.preconditions import is_known
from geo.snapshots import Audience

__all__ = ["file_answer"]

# A map runs its own scripts, cut off from our pages and from the network; a drawing runs nothing.
_POLICIES: Final[Mapping[RenderingFormat, str]] = MappingProxyType(
    {
        RenderingFormat.HTML: (
            "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline' data:; img-src data: blob:; "
            "font-src data:; worker-src blob:; sandbox allow-scripts allow-modals allow-downloads"
        ),
        RenderingFormat.SVG: "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; sandbox",
        # A browser's own reader of PDF does not start in a sandbox; it runs apart from pages anyway.
        RenderingFormat.PDF: "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'",
    }
)
_NO_POLICY_OF_ITS_OWN: Final = "default-src 'none'; sandbox"
_SHOWN_BY_BROWSERS: Final = frozenset(
    {RenderingFormat.HTML, RenderingFormat.SVG, RenderingFormat.PNG, RenderingFormat.PDF}
)


def file_answer(
    kept: Kept, content: bytes, asked: Asked, *, if_none_match: str | None = None, download: bool = False
) -> Response:
    """Return a file under the policy of its kind; 304 where the caller has it already.

    Parameters
    ----------
    if_none_match
        Header of the request (RFC 9110, section 13.1.2).
    download
        To keep, not to look at.
    """
    etag = f'"{kept.sha256[:32]}"'
    shown = kept.format in _SHOWN_BY_BROWSERS and not download
    plain = f"ayilmap-{asked.kind}.{kept.format}"
    headers = {
        "ETag": etag,
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": _POLICIES.get(kept.format, _NO_POLICY_OF_ITS_OWN),
        # RFC 6266: a plain name for programs that know no other, and the name itself in UTF-8.
        "Content-Disposition": (
            f"{'inline' if shown else 'attachment'}; filename=\"{plain}\"; filename*=UTF-8''{quote(kept.name, safe='')}"
        ),
        # What the public may see can be taken back: whoever keeps a copy asks again.
        "Cache-Control": f"{'public' if asked.audience is Audience.PUBLIC else 'private'}, no-cache",
        "Vary": "Authorization, Cookie",
    }
    if is_known(etag, if_none_match):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=kept.format.media_type, headers=headers)
