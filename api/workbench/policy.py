"""What a page of the workbench may do: only its own origin, no script or style written into it (CSP Level 3)."""

from __future__ import annotations

from functools import cache
from typing import Final

from api.workbench.libraries import import_map_hash

__all__ = ["EMBEDDABLE", "page_policy"]

EMBEDDABLE: Final = "frame-ancestors *"
"""Of pages that others may show inside theirs."""


@cache
def page_policy(*, ancestors: str = "frame-ancestors 'none'") -> str:
    """Return the Content-Security-Policy of a page; its one inline script, the import map, is known by its hash."""
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src 'self' '{import_map_hash()}'",
            "style-src 'self'",
            "img-src 'self' data: blob:",
            "connect-src 'self'",
            "font-src 'self'",
            "frame-src 'self'",
            "worker-src 'self' blob:",
            "manifest-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            ancestors,
        ]
    )
