"""Files are there whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from geo.storage.whole_file import whole_files, write_whole


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def test_a_file_is_written_with_its_folder_and_no_draft_stays(tmp_path: Path) -> None:
    target = tmp_path / "a" / "b" / "map.html"
    write_whole(target, b"new")
    assert target.read_bytes() == b"new"
    assert names(target.parent) == ["map.html"]


def test_a_file_gets_the_rights_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "plain").write_bytes(b"")
    write_whole(tmp_path / "whole", b"")
    assert stat.S_IMODE((tmp_path / "whole").stat().st_mode) == stat.S_IMODE((tmp_path / "plain").stat().st_mode)


def test_the_old_file_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "quality.json"
    target.write_bytes(b"old")
    with pytest.raises(RuntimeError), whole_files(tmp_path) as draft:
        (draft / "quality.json").write_bytes(b"ne")
        assert target.read_bytes() == b"old"
        raise RuntimeError
    assert target.read_bytes() == b"old"
    assert names(tmp_path) == ["quality.json"]


def test_a_folder_made_for_nothing_is_taken_away(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), whole_files(tmp_path / "new"):
        raise RuntimeError
    assert names(tmp_path) == []


def test_several_files_come_together_and_leave_others_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_bytes(b"mine")
    with whole_files(tmp_path) as draft:
        (draft / "a").write_bytes(b"1")
        (draft / "b").write_bytes(b"2")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a": b"1", "b": b"2", "notes.txt": b"mine"}


def test_a_folder_in_the_place_of_one_file_keeps_all_back(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    with pytest.raises(FileExistsError), whole_files(tmp_path) as draft:
        (draft / "a").write_bytes(b"1")
        (draft / "b").write_bytes(b"2")
    assert names(tmp_path) == ["b"]


def test_everything_reaches_the_disk_before_it_gets_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[tuple[str, bool]] = []
    real = os.fsync

    def fsync(handle: int) -> None:
        synced.append((Path(f"/proc/self/fd/{handle}").readlink().name, (tmp_path / "a").exists()))
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    write_whole(tmp_path / "a", b"1")
    assert synced == [("a", False), (tmp_path.name, True)]


def test_a_crash_between_two_names_leaves_each_file_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in "ab":
        (tmp_path / name).write_bytes(b"old")
    real = Path.replace

    def replace(path: Path, target: Path) -> Path:
        if target.name == "b":
            raise OSError
        return real(path, target)

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(OSError), whole_files(tmp_path) as draft:
        for name in "ab":
            (draft / name).write_bytes(b"new")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a": b"new", "b": b"old"}
