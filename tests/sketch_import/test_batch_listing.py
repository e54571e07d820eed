"""Which files of a folder are photos, and where each is read into."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from geo.errors import Refused
from sketch_import.batch import Listing, capacity, list_photos, workers_for

JPEG = b"\xff\xd8\xff\xe0"


def folder_with(folder: Path, *names: str, content: bytes = JPEG) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def names(listing: Listing) -> list[str]:
    return [photo.name for photo in listing.photos]


def test_photos_come_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, "sheet 10.jpg", "sheet 9.jpg", "Sheet 1.HEIC", "барак 2.png", "7.jpg")
    assert names(list_photos(folder, out=tmp_path / "out")) == [
        *("7.jpg", "Sheet 1.HEIC", "sheet 9.jpg", "sheet 10.jpg", "барак 2.png")
    ]


def test_what_is_no_photo_is_named(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, "a.jpg", ".hidden.jpg", "inner/b.jpg", "out/old.jpg")
    folder_with(tmp_path, "notes.txt", "video.mp4", content=b"....ftypmp42")
    folder_with(tmp_path, "damaged.jpg", "words", content=b"words")
    folder_with(tmp_path, "IMG_0001", "scan.whatever")
    os.mkfifo(tmp_path / "pipe.jpg")
    listing = list_photos(folder, out=tmp_path / "out")
    # By extension, be it damaged; else by the first bytes, which a video shares with HEIC.
    assert names(listing) == ["a.jpg", "damaged.jpg", "IMG_0001", "scan.whatever"]
    assert listing.skipped == (".hidden.jpg", "inner/", "notes.txt", "pipe.jpg", "video.mp4", "words")


def test_subfolders_are_read_when_asked_for_but_never_the_results(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, "a.jpg", "day 2/a.jpg", "day 10/a.jpg", ".thumbs/a.jpg", "out/a/sheet.tif")
    listing = list_photos(folder, out=tmp_path / "out", recursive=True)
    assert names(listing) == ["a.jpg", "day 2/a.jpg", "day 10/a.jpg"]
    assert [photo.folder for photo in listing.photos] == ["a", "day 2/a", "day 10/a"]
    assert listing.skipped == (".thumbs/",)


def test_each_photo_has_a_folder_of_its_own(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, "a.jpg", "a.png", "b.jpg", "c.jpg", "C.png", "d.jpg.png", "d.jpg", "d.png")
    folder_with(tmp_path, "summary.csv.jpg", "E.jpg", "e.jpg")
    folders = {photo.name: photo.folder for photo in list_photos(folder, out=tmp_path / "out").photos}
    assert {name: folders[name] for name in ("a.jpg", "a.png", "b.jpg")} == {
        **{"a.jpg": "a.jpg", "a.png": "a.png", "b.jpg": "b"}
    }
    # On a disk that does not tell capital letters apart as well.
    assert len({one.casefold() for one in folders.values()}) == len(folders)
    assert "summary.csv" not in folders.values()


def test_results_never_go_among_the_photos(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, "a.jpg")
    with pytest.raises(Refused, match=r"batch\.out_is_photos"):
        list_photos(folder, out=tmp_path / "inner" / "..")


def test_no_more_are_read_at_once_than_memory_allows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    memory = tmp_path / "meminfo"
    memory.write_text("MemTotal: 9000000 kB\nMemAvailable: 3000000 kB\n")
    monkeypatch.setattr(capacity, "_MEMORY", memory)
    monkeypatch.setattr(capacity, "_cores", lambda: 8)
    assert workers_for(100) == 3
    assert workers_for(100, jobs=2) == 2
    assert workers_for(100, jobs=50) == 3
    assert workers_for(1) == 1
    memory.write_text("MemAvailable: 200000 kB\n")
    assert workers_for(100) == 1
    monkeypatch.setattr(capacity, "_MEMORY", tmp_path / "not a Linux")
    assert workers_for(100) == 8
