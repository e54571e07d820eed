"""Pictures by their hash, with several writers at once."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from geo.errors import Failed, NotFound
from geo.storage import FolderStore


def test_same_bytes_are_kept_once(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    assert store.put(b"map") == store.put(b"map")
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1
    assert store.get(store.put(b"map")) == b"map"


def test_a_failed_block_takes_back_only_its_own(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    old = store.put(b"old")
    new = ""
    with pytest.raises(RuntimeError), store.undone_on_failure():
        store.put(b"old")
        new = store.put(b"new")
        raise RuntimeError
    assert store.get(old) == b"old"
    with pytest.raises(NotFound):
        store.get(new)


def test_another_writers_picture_survives_a_failure(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    kept, fail = threading.Event(), threading.Event()

    def failing() -> None:
        with pytest.raises(RuntimeError), store.undone_on_failure():
            store.put(b"both")
            store.put(b"mine")
            kept.set()
            fail.wait(10)
            raise RuntimeError

    thread = threading.Thread(target=failing)
    thread.start()
    kept.wait(10)
    with store.undone_on_failure():
        ours = store.put(b"ours")
        both = store.put(b"both")
    fail.set()
    thread.join()
    assert store.get(ours) == b"ours"
    assert store.get(both) == b"both"
    assert not any(path.read_bytes() == b"mine" for path in tmp_path.rglob("*") if path.is_file())


def test_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "pictures").write_text("a file, not a folder")
    with pytest.raises(Failed) as failure:
        FolderStore(tmp_path / "pictures").put(b"map")
    assert failure.value.key == "storage.cannot_write"


def test_a_picture_that_another_process_met_meanwhile_survives_a_failure(tmp_path: Path) -> None:
    put = "import sys, pathlib, geo.storage; geo.storage.FolderStore(pathlib.Path(sys.argv[1])).put(b'both')"
    store, both = FolderStore(tmp_path), ""
    with pytest.raises(RuntimeError), store.undone_on_failure():
        both = store.put(b"both")
        store.put(b"mine")
        subprocess.run([sys.executable, "-c", put, str(tmp_path)], check=True)
        raise RuntimeError
    assert store.get(both) == b"both"
    assert not any(path.read_bytes() == b"mine" for path in tmp_path.rglob("*") if path.is_file())
