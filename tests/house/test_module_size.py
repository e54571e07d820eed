"""One idea a module: none has more than 500 lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.house.repository import product_files

LONGEST = 500


def test_the_product_is_found() -> None:
    rooms = {path.parts[0] for path in product_files(".py")}
    assert rooms >= {"geo", "sketch_import", "maps", "api", "migrations", "tests"}


@pytest.mark.parametrize("path", product_files(".py", ".js", ".mjs", ".css", ".sql", ".html"), ids=str)
def test_no_module_is_too_long(path: Path, repository: Path) -> None:
    with (repository / path).open(encoding="utf-8") as lines:
        count = sum(1 for _ in lines)
    assert count <= LONGEST, f"{path} has {count} lines: more than one idea, split it"
