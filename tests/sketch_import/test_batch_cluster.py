"""The same unit of work on a real Dask cluster of two worker processes on the loopback interface."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from distributed import LocalCluster

from geo.errors import Failed, Refused
from geo.i18n import Language
from sketch_import.batch import Answer, BatchPhoto, ReadBytes, Trouble, cluster, read_on_cluster, read_sheet_bytes
from tests.sketch_import.scanned_sheets import odd_work, photos_of, scan


@pytest.fixture(scope="module")
def two_workers() -> Iterator[LocalCluster]:
    with new_cluster(2) as made:
        yield made


def new_cluster(workers: int) -> LocalCluster:
    return LocalCluster(
        n_workers=workers, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address="127.0.0.1:0",
        silence_logs=50,
    )  # fmt: skip


def read(photos: list[BatchPhoto], scheduler: str, **options: object) -> dict[str, ReadBytes | Trouble]:
    answers = read_on_cluster(photos, scheduler=scheduler, language=Language.EN, **options)  # type: ignore[arg-type]
    return {answer.photo.name: answer.result for answer in answers if isinstance(answer, Answer)}


def test_a_cluster_reads_what_this_process_reads(tmp_path: Path, two_workers: LocalCluster) -> None:
    # Larger than what Dask likes to see in a task, by bytes after the end of the picture.
    data = scan()
    photos = photos_of(tmp_path, **{"a.png": data, "b.png": data + bytes(12_000_000), "c.png": b"damaged"})
    photos.append(BatchPhoto(tmp_path / "gone.png", "gone.png", "gone"))
    found = read(photos, two_workers.scheduler_address)
    here = read_sheet_bytes("a.png", data, Language.EN)
    assert here.quality["verdict"] == "pass"
    there = found["a.png"]
    assert isinstance(there, ReadBytes)
    assert there.quality == here.quality
    assert there.files == here.files
    assert there.sha256 == here.sha256
    damaged, gone = found["c.png"], found["gone.png"]
    assert isinstance(damaged, ReadBytes)
    assert damaged.quality["verdict"] == "refused"
    assert isinstance(gone, Trouble)
    assert gone.text.key == "image.missing"
    assert isinstance(found["b.png"], ReadBytes)


def test_a_worker_of_another_program_is_refused_before_anything_is_read(
    tmp_path: Path, two_workers: LocalCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    def newer() -> str:
        return "9.9+000000000000"

    with pytest.raises(Refused, match=r"batch\.other_program") as refused:
        monkeypatch.setattr(cluster, "_ours", newer)
        read(photos_of(tmp_path, a=b"1"), two_workers.scheduler_address, work=odd_work)
    assert refused.value.params["ours"] == newer()
    assert str(refused.value.params["worker"]).startswith("tcp://127.0.0.1:")


def test_a_photo_that_hangs_or_fails_harms_no_other(tmp_path: Path, two_workers: LocalCluster) -> None:
    photos = photos_of(tmp_path, **dict.fromkeys(("sleep", "a", "fault", "b"), b"1"))
    found = read(photos, two_workers.scheduler_address, seconds=8.0, work=odd_work)
    assert {name: one.text.key if isinstance(one, Trouble) else "read" for name, one in found.items()} == {
        **{"a": "read", "b": "read", "sleep": "batch.too_slow", "fault": "batch.unexpected"}
    }


def test_the_photo_of_a_worker_that_dies_goes_to_another(tmp_path: Path, two_workers: LocalCluster) -> None:
    flag = tmp_path / "flag"
    found = read(photos_of(tmp_path, die_once=str(flag).encode()), two_workers.scheduler_address, work=odd_work)
    assert flag.exists()
    assert isinstance(found["die_once"], ReadBytes)


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("localhost:8786", "batch.scheduler_address"),
        ("tcp://127.0.0.1", "batch.scheduler_address"),
        ("tcp://127.0.0.1:9", "batch.no_scheduler"),
    ],
)
def test_a_wrong_address_is_said_so(tmp_path: Path, address: str, key: str) -> None:
    with pytest.raises(Refused) as refused:
        read(photos_of(tmp_path, a=b"1"), address, patience=1.0)
    assert refused.value.key == key


def test_without_the_library_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(Refused, match=r"batch\.cluster_not_installed"):
        read(photos_of(tmp_path, a=b"1"), "tcp://127.0.0.1:8786")


def test_a_scheduler_without_workers_is_said_so_and_one_that_is_lost(tmp_path: Path) -> None:
    with new_cluster(0) as empty:
        with pytest.raises(Refused, match=r"batch\.no_workers"):
            read(photos_of(tmp_path, a=b"1"), empty.scheduler_address, patience=0.5)
        empty.scale(1)
        answers = read_on_cluster(
            photos_of(tmp_path, a=b"1", sleep=b"1"), scheduler=empty.scheduler_address, language=Language.EN,
            patience=20.0, work=odd_work,
        )  # fmt: skip
        first = next(answer for answer in answers if answer is not None)
        assert first.photo.name == "a"
        empty.scale(0)
        begun = time.monotonic()
        empty.close()
        with pytest.raises(Failed) as lost:
            list(answers)
        assert lost.value.key in {"batch.scheduler_lost", "batch.workers_lost"}
        assert time.monotonic() - begun < 30
