"""The ``--method`` option of the commands that place."""

from __future__ import annotations

from enum import StrEnum

from geo.domain.georeference import Method

__all__ = ["MethodOption"]


class MethodOption(StrEnum):
    """A transform, or the choice of one by leave-one-out error."""

    AUTO = "auto"
    HELMERT = "helmert"
    AFFINE = "affine"
    POLYNOMIAL1 = "polynomial1"
    POLYNOMIAL2 = "polynomial2"
    POLYNOMIAL3 = "polynomial3"
    PROJECTIVE = "projective"
    TPS = "tps"

    @property
    def method(self) -> Method | None:
        """The transform, None for auto."""
        return None if self is MethodOption.AUTO else Method(self.value)
