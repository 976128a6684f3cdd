from pathlib import Path

import pytest

from survey.files.study_folder import FaultyFolder, read_folder
from tests.worlds.small_study import FILES


@pytest.fixture
def small(tmp_path):
    """The small study's folder, as a function of what to change in it; None removes a file."""

    def write(**changed: str | bytes | None) -> Path:
        folder = tmp_path / "small"
        folder.mkdir(exist_ok=True)
        contents = FILES | {f"{stem}.csv": content for stem, content in changed.items()}
        for name, content in contents.items():
            if content is not None:
                raw = content if isinstance(content, bytes) else content.encode()
                (folder / name).write_bytes(raw)
        return folder

    return write


@pytest.fixture
def faults(small):
    """Return the faults of the small study with these files, in the order reported."""

    def found(**changed: str | bytes | None):
        with pytest.raises(FaultyFolder) as refusal:
            read_folder(small(**changed))
        return refusal.value.faults

    return found
