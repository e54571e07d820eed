"""Settings from the environment (prefix ``AYILMAP_``), checked together."""

from __future__ import annotations

import ipaddress
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from geo.database.database import Database
from geo.database.engine import database_url
from geo.errors import Refused
from geo.photos import PhotoLimits
from geo.services.workspace import Workspace
from geo.storage import FolderStore

__all__ = ["Settings", "SignIn", "is_loopback"]

_SHORTEST_SECRET = 32
_FEWEST_SIGNS = 10
"""Different signs in a secret: a word repeated has fewer, 32 random ones practically never."""
_EXAMPLES = ("changeme", "change-me", "change_me", "secret", "password", "example", "default", "ayilmap")
"""What a secret copied from somewhere begins with."""


class SignIn(StrEnum):
    """Whether people sign in."""

    OFF = "off"
    """A laptop that serves nobody else: no password, loopback only."""
    ON = "on"


class Settings(BaseSettings):
    """Where the data lies, where the service listens, and whether people sign in.

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
    sign_in: SignIn = Field(default=SignIn.OFF, description="off: this laptop alone, no password; on: accounts.")
    public_url: str = Field(default="", description="With sign-in: https:// address under which people reach it.")
    secret: SecretStr = Field(default=SecretStr(""), description="With sign-in: 32 random signs or more.")
    photo_megabytes: int = Field(default=30, ge=1, le=200, description="Largest photo of a visit, in MB.")
    photo_megapixels: int = Field(default=64, ge=1, le=250, description="Largest photo of a visit, in megapixels.")

    body_megabytes: int = Field(default=32, ge=1, le=1_000, description="Most that any other request may have, in MB.")
    upload_megabytes: int = Field(default=200, ge=1, le=10_000, description="Most that an uploaded file may have.")

    basemap: Path | None = Field(
        default=None, description="Raster tiles under the maps of the pages: an .mbtiles or .pmtiles file."
    )
    rendering_megabytes: int = Field(
        default=500, ge=1, le=100_000, description="Most that maps and papers that were made may take, in MB."
    )

    @property
    def uploads(self) -> Path:
        """Folder of uploaded files that wait for their job."""
        return self.data / "uploads"

    @property
    def renderings(self) -> Path:
        """Folder of the maps, drawings and papers that were made; each can be made again."""
        return self.data / "renderings"

    @property
    def photo_limits(self) -> PhotoLimits:
        """How much a photo of a visit may ask for."""
        return PhotoLimits(megabytes=self.photo_megabytes, megapixels=self.photo_megapixels)

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

    @property
    def asks_to_sign_in(self) -> bool:
        """Whether who asks is known by an account and not by this laptop."""
        return self.sign_in is SignIn.ON

    @property
    def is_https(self) -> bool:
        """Whether browsers reach the service over https."""
        return urlsplit(self.public_url).scheme == "https"

    @property
    def public_host(self) -> str:
        """Host, and port where it is not the usual one, of the public address; lower case."""
        parts = urlsplit(self.public_url.lower())
        usual = {"https": ":443", "http": ":80"}.get(parts.scheme, "")
        return parts.netloc.removesuffix(usual) if usual else parts.netloc

    @property
    def public_origin(self) -> str:
        """What a browser calls the origin of our pages."""
        return f"{urlsplit(self.public_url).scheme}://{self.public_host}"

    def check_serving(self, host: str | None = None) -> None:
        """Make sure that these settings together serve nobody who should not be served.

        Parameters
        ----------
        host
            Address to listen on; None where another program listens.

        Raises
        ------
        Refused
            Without sign-in: an address beyond this computer, or a public address. With sign-in: no secret or one that
            others know, no public address, or one without https that is not this computer's.
        """
        if not self.asks_to_sign_in:
            if host is not None and not is_loopback(host):
                raise Refused("serve.loopback_only", host=host)
            if self.public_url:
                raise Refused("settings.public_without_sign_in", url=self.public_url[:200])
            return
        secret = self.secret.get_secret_value().strip()
        if not secret:
            raise Refused("settings.secret_missing", least=_SHORTEST_SECRET)
        weak = len(secret) < _SHORTEST_SECRET or len(set(secret)) < _FEWEST_SIGNS
        if weak or secret.casefold().startswith(_EXAMPLES):
            raise Refused("settings.secret_weak", least=_SHORTEST_SECRET)
        self._check_public_url()

    def _check_public_url(self) -> None:
        if not self.public_url:
            raise Refused("settings.public_url_missing")
        try:
            parts = urlsplit(self.public_url)
            name, _ = parts.hostname, parts.port
        except ValueError:
            parts, name = urlsplit(""), None
        plain = parts.path in {"", "/"} and not parts.query and not parts.fragment and "@" not in parts.netloc
        if not name or parts.scheme not in {"http", "https"} or not plain:
            raise Refused("settings.public_url_unreadable", url=self.public_url[:200])
        if parts.scheme == "http" and not is_loopback(name):
            raise Refused("settings.public_url_insecure", url=self.public_url[:200])


def is_loopback(host: str) -> bool:
    """Return whether a name or address is this computer's own."""
    if host.casefold() in {"localhost", "localhost."}:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
