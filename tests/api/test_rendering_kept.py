"""Files that were made: whole or not there, whatever happens meanwhile and whoever else is at it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from shapely.geometry import LineString, Point

from api.rendering.fingerprint import fingerprint, program_version
from api.rendering.kept import KeptFiles
from api.rendering.kinds import RenderingFormat
from geo.errors import Failed
from geo.i18n import Language
from geo.snapshots import Audience
from tests.maps.municipality import as_public, municipality

PDF = RenderingFormat.PDF


def key(number: int) -> str:
    return f"{number:064x}"


def files(folder: Path, megabytes: int = 1) -> KeptFiles:
    return KeptFiles(folder / "renderings", megabytes)


def test_what_is_kept_is_found_by_what_it_shows_and_by_its_question(tmp_path: Path) -> None:
    kept = files(tmp_path).keep(key(1), b"%PDF", name="Айыл картасы.pdf", format=PDF)
    files(tmp_path).note(key(2), kept)
    assert files(tmp_path).find_shown(key(1)) == files(tmp_path).find(key(2)) == kept
    assert files(tmp_path).content(kept) == b"%PDF"
    assert files(tmp_path).find(key(1)) is None
    assert files(tmp_path).find_shown(key(2)) is None


def test_a_file_that_is_cut_off_or_changed_is_not_handed_out(tmp_path: Path) -> None:
    mine = files(tmp_path)
    kept = mine.keep(key(1), b"%PDF whole", name="a.pdf", format=PDF)
    mine.path(kept).write_bytes(b"%PDF")
    assert mine.find_shown(key(1)) is None
    mine.path(kept).write_bytes(b"%PDF WHOLE")
    assert mine.content(kept) is None
    (mine.folder / "files" / key(1)[:2] / f"{key(1)}.json").write_text("{")
    assert mine.find_shown(key(1)) is None


def test_the_longest_unused_is_thrown_away_first(tmp_path: Path) -> None:
    mine = files(tmp_path, megabytes=1)
    made = []
    for number in range(3):
        made.append(mine.keep(key(number), os.urandom(400_000), name="a.pdf", format=PDF))
        for path in (tmp_path / "renderings").glob("files/*/*"):
            found = path.stat()
            os.utime(path, (found.st_mtime - 100, found.st_mtime - 100))
        if number == 1:
            assert mine.find_shown(key(0)) is not None  # used just now
    assert [mine.find_shown(key(number)) is not None for number in range(3)] == [True, False, True]
    total = sum(path.stat().st_size for path in mine.folder.rglob("*") if path.is_file())
    assert total <= 1_000_000


def test_a_file_larger_than_the_limit_is_there_for_who_asked(tmp_path: Path) -> None:
    mine = files(tmp_path, megabytes=1)
    kept = mine.keep(key(1), os.urandom(1_500_000), name="a.pdf", format=PDF)
    assert mine.content(kept) is not None


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "renderings").write_text("a file, no folder")
    with pytest.raises(Failed) as failed:
        files(tmp_path).keep(key(1), b"%PDF", name="a.pdf", format=PDF)
    assert failed.value.key == "rendering.cannot_keep"


def _keep_many(folder: str, seed: int) -> None:
    mine = KeptFiles(Path(folder), 2)
    for turn in range(30):
        number = (turn + seed) % 6
        mine.keep(key(number), bytes([number]) * 500_000, name="a.pdf", format=PDF)
        kept = mine.find_shown(key((number + 1) % 6))
        content = mine.content(kept) if kept else None
        if content is not None and set(content) != {(number + 1) % 6}:
            raise SystemExit(3)


def test_processes_that_keep_and_throw_away_at_once_see_whole_files_only(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    several = [context.Process(target=_keep_many, args=(str(tmp_path / "renderings"), seed)) for seed in (0, 2, 4)]
    for one in several:
        one.start()
    for one in several:
        one.join(120)
    assert [one.exitcode for one in several] == [0, 0, 0]


KEEPS = """
import sys
from pathlib import Path
from api.rendering.kept import KeptFiles
from api.rendering.kinds import RenderingFormat
kept = KeptFiles(Path(sys.argv[1]), 500)
print("ready", flush=True)
number = 0
while True:
    number += 1
    kept.keep(f"{number:064x}", bytes([number % 256]) * 3_000_000, name="a.pdf", format=RenderingFormat.PDF)
"""


def test_a_process_killed_in_the_middle_leaves_no_half_file(tmp_path: Path) -> None:
    for delay in (0.05, 0.11, 0.17):
        child = subprocess.Popen(
            [sys.executable, "-c", KEEPS, str(tmp_path / "renderings")], stdout=subprocess.PIPE, text=True
        )
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        time.sleep(delay)
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
    mine = files(tmp_path, 500)
    pdfs = list((tmp_path / "renderings" / "files").glob("*/*.pdf"))
    assert pdfs
    for path in pdfs:
        assert path.stat().st_size == 3_000_000
        kept = mine.find_shown(path.stem)
        # Killed between a file and its note: as if it had not been made.
        assert kept is None or mine.content(kept) == path.read_bytes()


def test_drafts_of_the_killed_are_cleared_away_when_they_are_old(tmp_path: Path) -> None:
    mine = files(tmp_path)
    mine.keep(key(1), b"a", name="a.pdf", format=PDF)
    old, new = (mine.folder / "files" / "00" / name for name in (".new-old", ".new-new"))
    for draft in (old, new):
        draft.mkdir()
        (draft / "half.pdf").write_bytes(b"half")
    os.utime(old, (time.time() - 7_200, time.time() - 7_200))
    mine.keep(key(2), b"b", name="a.pdf", format=PDF)
    assert (old.exists(), new.exists()) == (False, True)


@dataclass(frozen=True)
class Pair:
    first: object
    second: object = None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Pair("ab", "c"), Pair("a", "bc")),
        (Pair(("a",), ()), Pair((), ("a",))),
        (Pair(1), Pair("1")),
        (Pair(1), Pair(True)),
        (Pair(None), Pair("")),
        (Pair({"a": 1, "b": 2}), Pair({"a": 2, "b": 1})),
        (Pair(Point(1, 2)), Pair(Point(2, 1))),
        (Pair(LineString([(0, 0), (1, 1)])), Pair(LineString([(1, 1), (0, 0)]))),
        (Pair(date(2014, 1, 2)), Pair("2014-01-02")),
        (Pair(Audience.PUBLIC), Pair(Audience.INTERNAL)),
        (Pair(Language.KY), Pair("ky")),
        (Pair(UUID(int=1)), Pair(UUID(int=2))),
        (Pair(1.0), Pair(1)),
    ],
    ids=range(13),
)
def test_what_differs_has_another_fingerprint(one: Pair, other: Pair) -> None:
    assert fingerprint(one) != fingerprint(other)
    assert fingerprint(one) == fingerprint(Pair(one.first, one.second))


def test_order_in_a_mapping_is_no_difference_and_the_unknown_is_told() -> None:
    assert fingerprint({"a": 1, "b": 2}) == fingerprint({"b": 2, "a": 1})
    with pytest.raises(TypeError):
        fingerprint(Decimal(1))


def test_a_whole_year_has_one_fingerprint_in_every_process_and_the_public_one_another() -> None:
    script = (
        "from api.rendering.fingerprint import fingerprint, program_version\n"
        "from tests.maps.municipality import municipality\n"
        "print(fingerprint(municipality()), program_version())"
    )
    environment = os.environ | {"PYTHONHASHSEED": "7"}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=environment, timeout=120
    )
    assert done.stdout.split() == [fingerprint(municipality()), program_version()]
    assert fingerprint(as_public(municipality())) != fingerprint(municipality())
