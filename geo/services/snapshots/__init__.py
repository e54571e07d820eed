"""Read models filled from the store: a municipality's year as one audience may see it."""

from geo.services.snapshots.cycle import cycle_snapshot

__all__ = ["cycle_snapshot"]
