"""Processes that die, hang and fail: only their own photo suffers."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from geo.errors import Failed
from geo.i18n import Language
from sketch_import.batch import Answer, BatchPhoto, ReadBytes, Trouble, read_in_processes
from tests.sketch_import.scanned_sheets import odd_work, photos_of


def gather(answers: Iterator[Answer | None]) -> dict[str, ReadBytes | Trouble]:
    found = [answer for answer in answers if answer is not None]
    assert len({answer.photo.name for answer in found}) == len(found)
    return {answer.photo.name: answer.result for answer in found}


def key_of(result: ReadBytes | Trouble) -> str:
    return result.text.key if isinstance(result, Trouble) else "read"


def test_one_bad_photo_does_not_harm_the_others(tmp_path: Path) -> None:
    flag = tmp_path / "flag"
    contents = dict.fromkeys(("a", "die", "b", "sleep", "c", "fault", "disk", "d"), b"1")
    photos = photos_of(tmp_path, die_once=str(flag).encode(), **contents)
    photos.append(BatchPhoto(tmp_path / "gone.jpg", "gone.jpg", "gone"))
    found = gather(read_in_processes(photos, language=Language.EN, jobs=2, seconds=4, work=odd_work))
    assert {name: key_of(result) for name, result in found.items()} == {
        **dict.fromkeys(["a", "b", "c", "d", "die_once"], "read"),
        **{"die": "batch.worker_died", "sleep": "batch.too_slow", "fault": "batch.unexpected"},
        **{"disk": "placing.cannot_write", "gone.jpg": "image.missing"},
    }
    assert flag.exists()
    assert list(found)[-2:] == ["die_once", "die"] or list(found)[-2:] == ["die", "die_once"], "tried again at the end"
    assert not multiprocessing.active_children()


def test_work_is_done_elsewhere_on_one_thread_each_and_at_once(tmp_path: Path) -> None:
    photos = photos_of(tmp_path, **{f"p{number}": b"1" for number in range(6)})
    before = {name: os.environ.get(name) for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")}
    found = gather(read_in_processes(photos, language=Language.KY, jobs=2, work=odd_work))
    read = [result.quality for result in found.values() if isinstance(result, ReadBytes)]
    assert len(read) == 6
    assert os.getpid() not in {one["pid"] for one in read}
    assert len({one["pid"] for one in read}) <= 2
    assert {one["threads"] for one in read} == {1}
    assert read[0]["reason"].endswith("ky")
    assert {name: os.environ.get(name) for name in before} == before


def test_whoever_stops_leaves_no_process_behind(tmp_path: Path) -> None:
    photos = photos_of(tmp_path, sleep_1=b"1", sleep_2=b"1")
    answers = read_in_processes(photos, language=Language.KY, jobs=2, work=odd_work)
    begun = time.monotonic()
    assert next(answers) is None, "it can be stopped while nothing has come yet"
    assert len(multiprocessing.active_children()) == 2
    answers.close()
    assert not multiprocessing.active_children()
    assert time.monotonic() - begun < 20


def test_a_process_that_cannot_even_start_is_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # What a program is started with may be gone, as after an update under our feet.
    monkeypatch.setattr("multiprocessing.spawn._python_exe", b"/bin/false")
    answers = read_in_processes(photos_of(tmp_path, a=b"1"), language=Language.KY, jobs=1, work=odd_work)
    with pytest.raises(Failed, match=r"batch\.no_process"):
        gather(answers)
    assert not multiprocessing.active_children()


def test_a_process_that_never_gets_ready_is_not_waited_for_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asleep = tmp_path / "asleep"
    asleep.write_text("#!/bin/sh\nexec sleep 100\n")
    asleep.chmod(0o755)
    monkeypatch.setattr("multiprocessing.spawn._python_exe", os.fsencode(asleep))
    monkeypatch.setattr("sketch_import.batch.processes._START_SECONDS", 1.0)
    begun = time.monotonic()
    with pytest.raises(Failed, match=r"batch\.no_process"):
        gather(read_in_processes(photos_of(tmp_path, a=b"1"), language=Language.KY, jobs=1, work=odd_work))
    assert time.monotonic() - begun < 20
    assert not multiprocessing.active_children()
