"""Zip files from strangers, and the one form of our own."""

import io
import struct
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.errors import InvalidArgument
from simulation.portability.archive import read_archive, write_archive
from simulation.portability.files import path_problem, without_wrapper
from simulation.portability.limits import MAX_ARCHIVE, MAX_FILE, MAX_FILES, MAX_RATIO
from tests.simulation.portability.parcels import make_contents

ZEROS = b"\0" * 1000


def zipped(*entries, method=zipfile.ZIP_DEFLATED):
    """Write (name or ZipInfo, bytes) as they are, also twice."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, data in entries:
            archive.writestr(name, data, method)
    return target.getvalue()


def linked(name, mode):
    entry = zipfile.ZipInfo(name)
    entry.create_system = 3
    entry.external_attr = mode << 16
    return entry


def problems_of(data):
    return [str(problem) for problem in read_archive(data).problems]


def test_an_archive_gives_back_what_was_written():
    contents = make_contents()

    files = read_archive(write_archive(contents))

    assert files.contents == contents
    assert files.problems == ()


def test_our_archives_have_one_time_one_order_and_plain_permissions():
    data = write_archive({"b": b"2", "a": b"1"})

    entries = zipfile.ZipFile(io.BytesIO(data)).infolist()
    assert [entry.filename for entry in entries] == ["a", "b"]
    assert {(e.date_time, e.external_attr >> 16, e.create_system) for e in entries} == {
        ((1980, 1, 1, 0, 0, 0), 0o100644, 3)
    }


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("entities/item.json", ""),
        ("a..b/c", ""),
        ("", "has no name that can be used"),
        ("a\0b", "has no name that can be used"),
        ("/etc/passwd", "has an absolute name: name files from the world's folder on"),
        ("C:/x", "has an absolute name: name files from the world's folder on"),
        ("c:x", "has an absolute name: name files from the world's folder on"),
        ("a\\b", "has a backslash in its name: write paths with /"),
        ("../x", "has a name that leads elsewhere: leave out . and .. and empty parts"),
        ("a/../../x", "has a name that leads elsewhere: leave out . and .. and empty parts"),
        ("a/./x", "has a name that leads elsewhere: leave out . and .. and empty parts"),
        ("a//x", "has a name that leads elsewhere: leave out . and .. and empty parts"),
        ("..", "has a name that leads elsewhere: leave out . and .. and empty parts"),
    ],
)
def test_a_path_leads_down_and_to_one_place(path, problem):
    assert path_problem(path) == problem
    if path and "\0" not in path:
        told = [f"{path}: {problem}"] if problem else []
        assert problems_of(zipped((path, b"{}"))) == told


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        (linked("item.json", 0o120777), "is a link or a device: archives of worlds hold files and"
         " folders"),
        (linked("item.json", 0o010644), "is a link or a device: archives of worlds hold files and"
         " folders"),
        (linked("item.json", 0o020644), "is a link or a device: archives of worlds hold files and"
         " folders"),
    ],
)  # fmt: skip
def test_links_and_devices_are_refused(entry, problem):
    assert problems_of(zipped((entry, b"/etc/passwd"))) == [f"item.json: {problem}"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_is_there_twice_is_refused():
    data = zipped(("item.json", b"{}"), ("item.json", b'{"lamp": {}}'), ("a.json", b"{}"))

    files = read_archive(data)

    assert [str(problem) for problem in files.problems] == ["item.json: is there more than once"]
    assert list(files.contents) == ["a.json"]


def test_an_encrypted_entry_is_refused():
    data = bytearray(zipped(("item.json", b"{}")))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    data[6] |= 1

    assert problems_of(bytes(data)) == [
        "item.json: is encrypted: write the archive without a password"
    ]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_unusual_compression_is_refused(method):
    assert problems_of(zipped(("item.json", b"{}"), method=method)) == [
        "item.json: is compressed in an unusual way: use deflate, the usual way of zip files"
    ]


def test_a_name_with_an_end_before_its_end_is_refused():
    data = zipped(("item.json_sh", b"{}")).replace(b"item.json_sh", b"item.json\0sh")

    assert problems_of(data) == ["item.json: has a name that ends before its end"]


def test_a_damaged_entry_is_named():
    data = zipped(("item.json", b'{"lamp": 1}'), method=zipfile.ZIP_STORED)

    assert problems_of(data.replace(b"lamp", b"pump")) == ["item.json: is damaged"]


# bombs


def test_a_file_that_grows_out_of_measure_is_refused():
    data = zipped(("item.json", b"\0" * 3_000_000))

    assert problems_of(data) == [
        f"item.json: grows by more than {MAX_RATIO} times when it is unpacked"
    ]


def test_a_file_that_is_too_large_is_refused():
    noise = bytes(range(256)) * (MAX_FILE // 256 + 1)

    (problem,) = problems_of(zipped(("item.json", noise), method=zipfile.ZIP_STORED))

    assert problem == "item.json: is larger than 16 MB"


def test_many_files_that_are_too_large_together_end_the_reading():
    text = "".join(f"{number // 40:07d}," for number in range(MAX_FILE // 8 - 8)).encode()
    data = zipped(*((f"t{number}.json", text) for number in range(5)))

    with pytest.raises(InvalidArgument, match="archive: unpacks to more than 64 MB"):
        read_archive(data)


def test_what_is_refused_counts_as_unpacked_too():
    data = zipped(*((f"t{number}.json", b"\0" * 1_200_000) for number in range(80)))

    with pytest.raises(InvalidArgument, match="archive: unpacks to more than 64 MB"):
        read_archive(data)


@pytest.mark.parametrize("said", [0, 10, 2**31])
def test_sizes_in_headers_are_not_believed(said):
    payload = b"\0" * 3_000_000
    data = zipped(("item.json", payload))
    lying = data.replace(struct.pack("<L", len(payload)), struct.pack("<L", said))
    assert lying != data

    files = read_archive(lying)

    assert len(files.problems) == 1
    assert files.contents == {}


def test_an_archive_of_too_many_files_is_refused_before_it_is_listed():
    data = zipped(*((f"f{number}", b"") for number in range(MAX_FILES + 1)))

    with pytest.raises(InvalidArgument, match=f"archive: holds more than {MAX_FILES} files"):
        read_archive(data)


def test_an_archive_that_is_too_large_is_refused_unread():
    with pytest.raises(InvalidArgument, match="archive: is larger than 20 MB"):
        read_archive(b"x" * (MAX_ARCHIVE + 1))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK",
        b"PK\x05\x06",
        b"{}",
        b"PK\x05\x06" + b"\xff" * 18,
        zipped(("a", b"x"))[:-10],
        zlib.compress(b"x"),
    ],
    ids=["nothing", "letters", "mark", "json", "end", "cut", "zlib"],
)
def test_what_is_no_zip_is_refused(data):
    with pytest.raises(InvalidArgument, match="archive: is no zip file that can be read"):
        read_archive(data)


GOOD = zipped(("entities/item.json", b'{"lamp": {}}'), ("x/", b""), ("world.json", b"{}" * 40))


@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), max_size=6),
       st.integers(0, 3), st.binary(max_size=8))  # fmt: skip
def test_a_spoiled_archive_is_read_or_refused_and_nothing_else(spoils, cut, tail):
    data = bytearray(GOOD)
    for place, value in spoils:
        data[place] = value

    try:
        files = read_archive(bytes(data[: len(data) - cut]) + tail)
    except InvalidArgument:
        return
    assert all(not path_problem(path) for path in files.contents)


@pytest.mark.parametrize(
    ("paths", "wrapper"),
    [
        (["w/world.json", "w/entities/a.json"], "w/"),
        (["world.json", "w/a.json"], ""),
        (["entities/a.json"], ""),
        (["system-prompts/a.md"], ""),
        (["a.json"], ""),
        ([], ""),
    ],
)
def test_the_folder_around_everything_is_found(paths, wrapper):
    assert without_wrapper(paths) == wrapper
