"""What this process remembers of tiles: the bodies it has given out, and which were asked for at all."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock

from geo.repositories.tiles_postgis import StoredTile

__all__ = ["Asked", "Bodies"]

_MOST_BYTES = 32_000_000
_MOST_KEYS = 100_000


class Bodies:
    """Tiles in the order in which they were last given out; the oldest make room.

    It never says whether a tile is true: that is asked of the store by the etag, each time.
    """

    def __init__(self, *, most_bytes: int = _MOST_BYTES) -> None:
        self._most = most_bytes
        self._tiles: OrderedDict[Hashable, StoredTile] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def get(self, key: Hashable) -> StoredTile | None:
        """Return the tile last put under a key."""
        with self._lock:
            found = self._tiles.get(key)
            if found is not None:
                self._tiles.move_to_end(key)
            return found

    def put(self, key: Hashable, tile: StoredTile) -> None:
        """Put a tile with its body in the place of the one before."""
        with self._lock:
            before = self._tiles.pop(key, None)
            self._bytes += len(tile.body or b"") - len((before and before.body) or b"")
            self._tiles[key] = tile
            while self._bytes > self._most:
                _, oldest = self._tiles.popitem(last=False)
                self._bytes -= len(oldest.body or b"")


class Asked:
    """Which tiles were asked for lately.

    A tile is kept for everybody from its second asking on: most are looked at once, and keeping one costs the store
    more than half of what making it does (the doorkeeper of Einziger, Friedman and Manes, TinyLFU, 2017).
    """

    def __init__(self, *, most: int = _MOST_KEYS) -> None:
        self._most = most
        self._keys: OrderedDict[Hashable, None] = OrderedDict()
        self._lock = Lock()

    def again(self, key: Hashable) -> bool:
        """Note that a tile is asked for, and return whether it was before."""
        with self._lock:
            before = key in self._keys
            self._keys[key] = None
            self._keys.move_to_end(key)
            if len(self._keys) > self._most:
                self._keys.popitem(last=False)
            return before
