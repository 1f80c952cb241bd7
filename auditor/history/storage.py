"""Where a ledger is kept: a folder here, or one that fsspec reaches. Files are only ever added."""

import os
import re
import tempfile
from pathlib import Path
from typing import Any, Final, Protocol

from auditor.errors import AuditError, UsageError

LARGEST: Final = 64 * 2**20  # bytes of one file
NAME: Final = re.compile(r"\d{6}\.(?:json|tsr)|[0-9a-f]{64}", re.ASCII)
NO_BUCKET: Final = "a ledger in a bucket needs fsspec: pip install policy-auditor[bucket]"


class Storage(Protocol):
    """A flat folder of files."""

    def names(self) -> list[str]:
        """Return what is there, whatever it is; nothing where the folder is not there yet."""

    def read(self, name: str) -> bytes:
        """Return a file; `AuditError` where it cannot be had, or is too large."""

    def create(self, name: str, data: bytes) -> bool:
        """Write a file whole; False, and nothing written, where one is there already."""


def storage_at(place: str) -> Storage:
    """Return the storage of a folder, or of a URL such as `s3://bucket/audits`."""
    return _Remote(place) if "://" in place else _Folder(Path(place))


class _Folder:
    """A folder of this machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def names(self) -> list[str]:
        try:
            return sorted(one.name for one in self._folder.iterdir())
        except FileNotFoundError:
            return []
        except OSError as error:
            raise UsageError(f"{self._folder}: {error.strerror}; name a folder") from error

    def read(self, name: str) -> bytes:
        path = self._folder / name
        try:
            if path.is_symlink() or not path.is_file():
                raise AuditError(f"{path}: is no file")
            with path.open("rb") as file:
                return _limited(str(path), file.read(LARGEST + 1))
        except OSError as error:
            raise AuditError(f"{path}: {error.strerror}") from error

    def create(self, name: str, data: bytes) -> bool:
        """Write beside it, then give it its name: a link fails where the name is taken."""
        path = self._folder / name
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            handle, unfinished = tempfile.mkstemp(dir=self._folder, prefix=".unfinished-")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                os.link(unfinished, path)
            finally:
                Path(unfinished).unlink()
            self._settle()
        except FileExistsError:
            return False
        except OSError as error:
            raise AuditError(f"{path}: could not be written: {error.strerror}") from error
        return True

    def _settle(self) -> None:
        """Have the folder's own entry written too: a name can be lost where its file is not."""
        handle = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


class _Remote:
    """A folder that fsspec reaches; the service makes each file appear whole."""

    def __init__(self, url: str) -> None:
        try:
            from fsspec.core import url_to_fs  # noqa: PLC0415 -- an extra
        except ImportError as error:
            raise UsageError(NO_BUCKET) from error
        try:
            found: tuple[Any, str] = url_to_fs(url)
        except (ImportError, ValueError) as error:
            raise UsageError(f"{url}: {error}") from error
        self._files, self._folder = found[0], found[1].rstrip("/")

    def names(self) -> list[str]:
        self._files.invalidate_cache()
        try:
            found = self._files.ls(self._folder, detail=False)
        except FileNotFoundError:
            return []
        except Exception as error:  # each service has errors of its own
            raise AuditError(f"{self._folder}: cannot be listed ({error})"[:500]) from error
        return sorted(str(one).rstrip("/").rpartition("/")[2] for one in found)

    def read(self, name: str) -> bytes:
        path = f"{self._folder}/{name}"
        try:
            with self._files.open(path, "rb") as file:
                return _limited(path, file.read(LARGEST + 1))
        except AuditError:
            raise
        except Exception as error:  # as above
            raise AuditError(f"{path}: cannot be read ({error})"[:500]) from error

    def create(self, name: str, data: bytes) -> bool:
        path = f"{self._folder}/{name}"
        try:
            self._files.makedirs(self._folder, exist_ok=True)
            if self._files.exists(path):
                return False
            try:
                with self._files.open(path, "xb") as file:
                    file.write(data)
            except (NotImplementedError, ValueError):  # a service without exclusive writing
                self._files.pipe_file(path, data)
        except FileExistsError:
            return False
        except Exception as error:  # as above
            raise AuditError(f"{path}: could not be written ({error})"[:500]) from error
        return True


def _limited(path: str, data: bytes) -> bytes:
    if len(data) > LARGEST:
        raise AuditError(f"{path}: larger than {LARGEST // 2**20} MiB")
    return data
