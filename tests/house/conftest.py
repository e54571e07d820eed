"""Fixtures of the tests about the house itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.house.repository import REPOSITORY


@pytest.fixture
def repository() -> Path:
    """Root of the working copy."""
    return REPOSITORY
