"""How often a sign-in may be tried, and how long it holds.

Limits are windows that pass by themselves: nobody is locked out for good, and trying on while the door is shut does not
keep it shut.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil
from typing import Final

__all__ = [
    "ABSOLUTE",
    "IDLE",
    "LONGEST_TOKEN",
    "PER_ADDRESS",
    "PER_NAME",
    "PER_NAME_AND_ADDRESS",
    "SEEN_EVERY",
    "USUAL_TOKEN",
    "WINDOW",
    "address_block",
    "is_over",
    "seconds_to_wait",
]

WINDOW: Final = timedelta(minutes=15)
PER_NAME_AND_ADDRESS: Final = 5
PER_NAME: Final = 20
"""From all addresses: one alone cannot shut another person's door for everybody."""
PER_ADDRESS: Final = 30
"""Of all names: a village office shares one address."""

IDLE: Final = timedelta(hours=12)
"""A page that nobody used for so long is signed out: an appraisal lasts a day."""
ABSOLUTE: Final = timedelta(days=14)
"""And every page after so long."""
SEEN_EVERY: Final = timedelta(minutes=5)
"""How exactly use is noted; every note is a write."""
USUAL_TOKEN: Final = timedelta(days=365)
LONGEST_TOKEN: Final = timedelta(days=3 * 366)
"""A plan runs up to three years."""


def seconds_to_wait(failures: Sequence[datetime], limit: int, now: datetime) -> int:
    """Return how long until another try is allowed, 0 where it is now.

    Parameters
    ----------
    failures
        Moments of the failed tries, in any order.
    limit
        How many may lie within the window.
    """
    within = sorted(moment for moment in failures if moment > now - WINDOW)
    if len(within) < limit:
        return 0
    return max(1, ceil((within[-limit] + WINDOW - now).total_seconds()))


def is_over(begun_at: datetime, seen_at: datetime, now: datetime) -> bool:
    """Return whether a page's session has run out."""
    return now >= seen_at + IDLE or now >= begun_at + ABSOLUTE


def address_block(address: str) -> str:
    """Return what counts as one address: an IPv4 address, or the /64 network that one IPv6 line has for itself.

    >>> address_block("2001:db8:0:1:aaaa::7"), address_block("::ffff:192.0.2.7"), address_block("testclient")
    ('2001:db8:0:1::/64', '192.0.2.7', 'testclient')
    """
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False))
