"""Files of a study from a folder or a .zip: bytes by name, limited before opening."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path, PurePath, PurePosixPath
from typing import NoReturn

from survey.files.limits import Limits
from survey.files.study_folder.faults import FaultyFolder, FolderFault
from survey.files.study_folder.kinds import kind_of

Parts = Mapping[str, bytes]


def is_part(path: PurePath) -> bool:
    """Whether a name ends in .csv or .json; unusual capitals and blanks are reported later."""
    return path.suffix.strip().casefold() in (".csv", ".json")


def from_folder(path: Path, limits: Limits) -> Parts:
    """Return the .csv and .json files directly in a folder.

    Raises
    ------
    FaultyFolder
        If there is no such folder, or it is too large.
    """
    files = sorted(p for p in path.iterdir() if is_part(p) and p.is_file())
    if len(files) > limits.parts:
        _refuse(path.name, "too-many-parts", found=len(files), limit=limits.parts)
    size = sum(file.stat().st_size for file in files)
    if size > limits.unpacked:
        _refuse(path.name, "too-large", found=size, limit=limits.unpacked)
    return {file.name: file.read_bytes() for file in files}


def from_zip(content: bytes, name: str, limits: Limits) -> tuple[Parts, str]:
    """Return the .csv and .json files of an archive, and their folder's name.

    Raises
    ------
    FaultyFolder
        If it is not an archive, is too large, or has paths outside its folder.
    """
    if len(content) > limits.archive:
        _refuse(name, "too-large", found=len(content), limit=limits.archive)
    try:
        if (kind := kind_of(content)) not in ("", "archive"):
            _refuse(name, "not-a-study", hint=kind)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = _members(archive, name, limits)
            parts = {member.name: _unpacked(archive, info) for member, info in members}
    except (zipfile.BadZipFile, zlib.error, ValueError, EOFError, OSError, NotImplementedError):
        _refuse(name, "not-a-zip")
    folders = {member.parent.name for member, _ in members}
    return parts, folders.pop() if len(folders) == 1 else ""


def _members(
    archive: zipfile.ZipFile, name: str, limits: Limits
) -> list[tuple[PurePosixPath, zipfile.ZipInfo]]:
    infos = [info for info in archive.infolist() if not info.is_dir()]
    if len(infos) > limits.parts:
        _refuse(name, "too-many-parts", found=len(infos), limit=limits.parts)
    size = sum(info.file_size for info in infos)
    if size > limits.unpacked:
        _refuse(name, "too-large-unpacked", found=size, limit=limits.unpacked)
    members = []
    for info in infos:
        member = PurePosixPath(info.filename.replace("\\", "/"))
        if member.is_absolute() or ".." in member.parts or ":" in str(member):
            _refuse(name, "outside", found=info.filename)
        if info.flag_bits & 1:
            _refuse(name, "encrypted", found=info.filename)
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            _refuse(name, "not-a-zip")
        if is_part(member) and "__MACOSX" not in member.parts:
            members.append((member, info))
    _check_one_of_each([member for member, _ in members])
    return members


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """Return a member's bytes, at most one more than the archive's directory states."""
    with archive.open(info) as member:
        return member.read(info.file_size + 1)


def _check_one_of_each(members: list[PurePosixPath]) -> None:
    folders: dict[str, list[str]] = {}
    for member in members:
        folders.setdefault(member.name, []).append(str(member.parent))
    faults = tuple(
        FolderFault(name, 0, "", "several-folders", {"found": ", ".join(places)})
        for name, places in folders.items()
        if len(places) > 1
    )
    if faults:
        raise FaultyFolder(faults)


def _refuse(file: str, code: str, **data: object) -> NoReturn:
    raise FaultyFolder((FolderFault(file, 0, "", code, data),))
