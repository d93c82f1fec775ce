"""Folders on disk, for the commands."""

import os

import pytest

from simulation.errors import Conflict, InvalidArgument, NotFound
from simulation.portability.archive import write_archive
from simulation.portability.folder import read_folder, read_path, write_path
from simulation.portability.limits import MAX_ARCHIVE, MAX_FILE, MAX_FILES
from simulation.portability.parcel import read_parcel
from tests.factories import NOW
from tests.simulation.portability.parcels import make_contents

FILES = {"world.json": b"{}\n", "entities/item.json": b"{}\n"}


def problems_of(folder):
    return [str(problem) for problem in read_folder(folder).problems]


@pytest.mark.parametrize("name", ["new", "deep/new", "new.zip", "deep/new.zip"])
def test_what_was_written_is_read(name, tmp_path):
    write_path(make_contents(), tmp_path / name)

    assert read_path(tmp_path / name).contents == make_contents()


def test_links_are_not_followed(tmp_path):
    (tmp_path / "secret").write_text("secret")
    folder = tmp_path / "world"
    folder.mkdir()
    (folder / "item.json").symlink_to(tmp_path / "secret")
    (folder / "entities").symlink_to(tmp_path)

    files = read_folder(folder)

    assert files.contents == {}
    assert problems_of(folder) == [
        "entities: is a link: put the file itself there",
        "item.json: is a link: put the file itself there",
    ]


def test_pipes_are_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "item.json")

    assert problems_of(tmp_path) == ["item.json: is no file"]


def test_a_file_that_is_too_large_is_not_read(tmp_path):
    with (tmp_path / "item.json").open("wb") as file:
        file.truncate(MAX_FILE + 1)

    assert problems_of(tmp_path) == ["item.json: is larger than 16 MB"]


def test_files_that_are_too_large_together_end_the_reading(tmp_path):
    for number in range(5):
        with (tmp_path / f"t{number}.json").open("wb") as file:
            file.truncate(MAX_FILE)

    with pytest.raises(InvalidArgument, match="holds more than 64 MB"):
        read_folder(tmp_path)


def test_a_folder_of_too_many_files_ends_the_reading(tmp_path):
    for number in range(MAX_FILES + 1):
        (tmp_path / f"{number}").touch()

    with pytest.raises(InvalidArgument, match=f"holds more than {MAX_FILES} files and folders"):
        read_folder(tmp_path)


def test_the_litter_of_version_control_is_passed_over(tmp_path):
    write_path(FILES, tmp_path)
    git = tmp_path / ".git"
    git.mkdir()
    for number in range(MAX_FILES + 1):
        (git / f"{number}").touch()

    files = read_folder(tmp_path)

    assert (files.contents, files.problems) == (FILES, ())


def test_a_name_that_is_no_text_can_still_be_told(tmp_path):
    (tmp_path / os.fsdecode(b"\xff.json")).touch()

    options = {"slug": "x", "now": NOW, "environment": "mock_store"}
    (problem,) = read_parcel(read_folder(tmp_path), options).problems

    assert problem.file == "\ufffd.json"
    str(problem).encode()


def test_what_is_not_there_is_not_found(tmp_path):
    with pytest.raises(NotFound, match="there is no such folder or zip file"):
        read_path(tmp_path / "ghost")


def test_an_archive_that_is_too_large_is_not_read(tmp_path):
    with (tmp_path / "w.zip").open("wb") as file:
        file.truncate(MAX_ARCHIVE + 1)

    with pytest.raises(InvalidArgument, match="is larger than 20 MB"):
        read_path(tmp_path / "w.zip")


@pytest.mark.parametrize("name", ["there", "there.zip"])
def test_what_is_there_gives_way_only_when_asked(name, tmp_path):
    target = tmp_path / name
    write_path({**FILES, "entities/sale.json": b"old"}, target)

    with pytest.raises(Conflict, match=r"not empty|exists"):
        write_path(FILES, target)
    write_path(FILES, target, replace=True)

    assert read_path(target).contents == FILES


def test_replacing_leaves_files_of_others_alone(tmp_path):
    (tmp_path / "README.md").write_text("mine")

    write_path(FILES, tmp_path, replace=True)

    assert (tmp_path / "README.md").read_text() == "mine"


def test_a_folder_does_not_take_the_place_of_a_file(tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(Conflict, match="is a file: choose a folder"):
        write_path(FILES, tmp_path / "file", replace=True)


def test_an_archive_appears_whole(tmp_path):
    write_path(FILES, tmp_path / "w.zip")

    assert [path.name for path in tmp_path.iterdir()] == ["w.zip"]
    assert (tmp_path / "w.zip").read_bytes() == write_archive(FILES)
