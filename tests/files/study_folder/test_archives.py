"""A study in one .zip, and archives that are none."""

import io
import random
import struct
import tracemalloc
import zipfile
from collections.abc import Mapping

import pytest

from survey.files.study_folder import FaultyFolder, read_folder, read_zip, zipped
from tests.worlds.small_study import FILES


def archive(files: Mapping[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compression) as writer:
        for name, content in files.items():
            writer.writestr(name, content)
    return target.getvalue()


def faults(content: bytes) -> list[str]:
    with pytest.raises(FaultyFolder) as refusal:
        read_zip(content, "study.zip")
    return [fault.code for fault in refusal.value.faults]


@pytest.mark.parametrize("prefix", ["", "pilot/", "deep/er/pilot/", "pilot\\"])
def test_the_files_may_be_in_one_folder_of_the_archive(small, prefix):
    files = {prefix + name: content for name, content in FILES.items()}

    study = read_zip(archive(files), "study.zip").study

    assert study.framework == read_folder(small()).study.framework
    assert study.code == ("pilot" if prefix else "study")


def test_what_the_computer_of_the_sender_adds_is_ignored():
    extra = {"small/.DS_Store": "x", "__MACOSX/small/._groups.csv": "x", "small/README.md": "x"}
    files = {f"small/{name}": content for name, content in FILES.items()}

    assert read_zip(archive(files | extra), "study.zip").study.code == "small"


@pytest.mark.parametrize(
    "name",
    ["../groups.csv", "/etc/groups.csv", "a/../../groups.csv", "C:\\groups.csv", "..\\x.csv"],
)
def test_a_name_that_leads_out_of_the_folder_is_refused(name):
    assert faults(archive(FILES | {name: "code\n"})) == ["outside"]


def test_the_same_file_twice_is_refused():
    files = {f"old/{name}": content for name, content in FILES.items()}

    assert set(faults(archive(files | FILES))) == {"several-folders"}


@pytest.mark.parametrize(
    "content",
    [b"", b"PK", archive(FILES)[:300]],
    ids=["nothing", "two letters", "the first half of an archive"],
)
def test_what_is_no_archive_is_refused(content):
    assert faults(content) == ["not-a-zip"]


def test_an_archive_locked_with_a_password_is_refused():
    content = bytearray(archive(FILES))
    for signature, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        place = content.index(signature) + offset
        content[place] |= 1

    assert faults(bytes(content)) == ["encrypted"]


def test_an_unusual_compression_is_refused():
    assert faults(archive(FILES, zipfile.ZIP_BZIP2)) == ["not-a-zip"]


def test_too_many_files_are_refused_before_they_are_opened():
    assert faults(archive({f"{number}.txt": "" for number in range(201)})) == ["too-many-parts"]


def test_an_archive_that_is_too_large_is_refused():
    assert faults(b"PK" + bytes(5 * 2**20)) == ["too-large"]


def bomb() -> bytes:
    return archive({"groups.csv": bytes(200 * 2**20)})


def test_a_bomb_is_refused_before_it_is_opened():
    content = bomb()
    tracemalloc.start()

    assert faults(content) == ["too-large-unpacked"]

    assert tracemalloc.get_traced_memory()[1] < 30 * 2**20
    tracemalloc.stop()


def test_a_bomb_that_lies_about_its_size_is_never_unpacked_further():
    content = bytearray(bomb())
    directory = content.index(b"PK\x01\x02")
    struct.pack_into("<I", content, directory + 24, 1000)
    tracemalloc.start()

    assert faults(bytes(content)) == ["not-a-zip"]

    assert tracemalloc.get_traced_memory()[1] < 30 * 2**20
    tracemalloc.stop()


def test_a_damaged_archive_is_refused_or_read_but_never_breaks(small):
    whole = zipped(read_folder(small()).study)
    chance = random.Random(20240806)
    said = []
    for _ in range(300):
        damaged = bytearray(whole)
        for _ in range(chance.randint(1, 8)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        try:
            read_zip(bytes(damaged), "study.zip")
        except FaultyFolder as refusal:
            said.append(str(refusal))
    assert all(said)
