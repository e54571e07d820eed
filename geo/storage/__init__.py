"""Pictures by their hash, behind a small interface."""

from geo.storage.folder import FolderStore, PictureStore

__all__ = ["FolderStore", "PictureStore"]
