"""Writing files so that nobody ever reads half of one."""

import os
import tempfile
from pathlib import Path

from auditor.errors import ReportError


def write_safely(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, keeping its permissions; `ReportError` says why not."""
    try:
        _write(path, data)
    except OSError as error:
        message = f"{path}: could not be written: {error.strerror}"
        raise ReportError(message) from error


def _write(path: Path, data: bytes) -> None:
    if path.exists() and not path.is_file():
        # A device or a pipe, such as /dev/stdout: a file in its place would be the end of it.
        with path.open("wb") as stream:
            stream.write(data)
        return
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            Path(name).chmod(path.stat().st_mode)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
