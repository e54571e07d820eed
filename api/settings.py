"""Settings from the environment (prefix ``AYILMAP_``), checked together."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from pydantic import AliasChoices, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from geo.database.database import Database
from geo.database.engine import database_url
from geo.services.workspace import Workspace
from geo.storage import FolderStore

__all__ = ["Settings"]


class Settings(BaseSettings):
    """Where the data lies and where the service listens.

    Every value can be given as an environment variable, such as ``AYILMAP_DATA=/srv/ayilmap``; the store also
    as ``DATABASE_URL``, the name that hosting services use.
    """

    model_config = SettingsConfigDict(env_prefix="AYILMAP_", frozen=True, populate_by_name=True)

    data: Path = Field(default=Path("var/data"), description="Folder of the store and its pictures.")
    database_url: str = Field(
        default="",
        validation_alias=AliasChoices("AYILMAP_DATABASE_URL", "DATABASE_URL"),
        description="Path of a GeoPackage or postgresql:// address; empty: ayilmap.gpkg in the data folder.",
    )
    database_read_url: str | None = Field(default=None, description="Address for reading, where it is another one.")
    host: str = Field(default="127.0.0.1", description="Address to listen on; without sign-in only loopback is served.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on.")

    @property
    def store(self) -> str:
        """Address of the store."""
        return self.database_url or str(self.data / "ayilmap.gpkg")

    @property
    def store_shown(self) -> str:
        """Address of the store for people to read: without a password."""
        return database_url(self.store).render_as_string(hide_password=True) if "://" in self.store else self.store

    @cached_property
    def workspace(self) -> Workspace:
        """The store and its pictures; nothing connects before first use."""
        database = Database(self.store, read_url=self.database_read_url)
        return Workspace(database, FolderStore(self.data / "pictures"))
