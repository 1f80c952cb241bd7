"""Files are written whole, and what is no file stays what it is."""

import os
import stat
from pathlib import Path
from threading import Thread

import pytest

from auditor.errors import ReportError
from auditor.files import write_safely


def test_permissions_stay(tmp_path: Path) -> None:
    """Another content under the same name, with nothing left beside it."""
    path = tmp_path / "report.json"
    path.write_text("old")
    path.chmod(0o640)
    write_safely(path, b"new")
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"new", 0o640)
    assert [*tmp_path.iterdir()] == [path]


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    """As /dev/stdout is: a file does not take its place, whoever may do that."""
    pipe, read = tmp_path / "pipe", list[bytes]()
    os.mkfifo(pipe)
    reader = Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    write_safely(pipe, b"told")
    reader.join(10)
    assert read == [b"told"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    """The message names it."""
    with pytest.raises(ReportError, match="Is a directory"):
        write_safely(tmp_path, b"x")
