"""What this process remembers of tiles and pages: the bodies it has given out, and which were asked for at all."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

__all__ = ["Asked", "Bodies"]

T = TypeVar("T")
_MOST_BYTES = 32_000_000
_LEAST_BYTES = 500
"""What is remembered of an answer without a body: its key, above all."""
_MOST_KEYS = 100_000


class Bodies(Generic[T]):
    """Answers in the order in which they were last given out; the oldest make room.

    It never says whether an answer is true: that is asked of the store by its etag or mark, each time.
    """

    def __init__(self, *, most_bytes: int = _MOST_BYTES) -> None:
        self._most = most_bytes
        self._held: OrderedDict[Hashable, tuple[T, int]] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def get(self, key: Hashable) -> T | None:
        """Return the answer last put under a key."""
        with self._lock:
            found = self._held.get(key)
            if found is None:
                return None
            self._held.move_to_end(key)
            return found[0]

    def put(self, key: Hashable, answer: T, size: int) -> None:
        """Put an answer, whose body has a size in bytes, in the place of the one before."""
        with self._lock:
            _, before = self._held.pop(key, (None, 0))
            size = max(size, _LEAST_BYTES)
            self._bytes += size - before
            self._held[key] = (answer, size)
            while self._bytes > self._most:
                _, (_, oldest) = self._held.popitem(last=False)
                self._bytes -= oldest


class Asked:
    """Which answers were asked for lately.

    One is kept from its second asking on: most are looked at once, and keeping a tile costs the store more than half of
    what making it does (the doorkeeper of Einziger, Friedman and Manes, TinyLFU, 2017).
    """

    def __init__(self, *, most: int = _MOST_KEYS) -> None:
        self._most = most
        self._keys: OrderedDict[Hashable, None] = OrderedDict()
        self._lock = Lock()

    def again(self, key: Hashable) -> bool:
        """Note that one is asked for, and return whether it was before."""
        with self._lock:
            before = key in self._keys
            self._keys[key] = None
            self._keys.move_to_end(key)
            if len(self._keys) > self._most:
                self._keys.popitem(last=False)
            return before
