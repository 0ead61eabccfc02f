"""Which files of an archive are wanted, and writing them where they belong."""

import contextlib
import dataclasses
import os
import re
import shutil
import zlib
from collections.abc import Callable

from rerunoff.errors import InputError
from rerunoff.files import atomic_path, disk_errors


@dataclasses.dataclass(frozen=True)
class ArchivedFile:
    """One file of an archive. `crc` is None where the format has none."""

    name: str
    plain: bool  # a file or folder, neither link nor device
    size: int
    crc: int | None
    open: Callable


class Wanted:
    """Which files to take, and which gauges turned up.

    Parameters
    ----------
    archive : str
        For messages.
    prefix : str
        Folder inside the archive, at its top or below other folders.
    gauges : iterable of str or None
        8-digit gauge ids; None takes all.
    """

    def __init__(self, archive, prefix, gauges):
        self.archive, self._prefix = archive, prefix.strip("/") + "/"
        self._gauges = None if gauges is None else set(gauges)
        self._pattern = re.compile(
            rf"(?:.*/)?{re.escape(self._prefix)}(\d\d/(\d{{8}})[^/]*)", re.ASCII
        )

    def target(self, archived):
        """Return a file's path below the destination, or None if not wanted.

        Raises
        ------
        InputError
            If the file could end up outside the destination.
        """
        name = archived.name.replace("\\", "/")
        outside = name.startswith("/") or re.match(r"[A-Za-z]:", name)
        if outside or ".." in name.split("/") or not archived.plain:
            kind = "a path" if archived.plain else "a link or device"
            raise InputError(
                f"{self.archive} is not safe to unpack: its member {archived.name!r} "
                f"is {kind} that may lead outside the folder; delete the archive and "
                "download it again."
            )
        match = self._pattern.fullmatch(name)
        if not match or (self._gauges is not None and match[2] not in self._gauges):
            return None
        return match[1]

    def require_all(self, targets):
        """Raise an `InputError` if a gauge has no file among `targets`."""
        found = {target[3:11] for target in targets}
        missing = sorted((self._gauges or set()) - found)
        if missing or not found:
            which = ", ".join(missing[:5]) + (", …" if len(missing) > 5 else "")
            whom = f"for {len(missing)} of the basins asked for ({which})"
            raise InputError(
                f"{self.archive} holds no file below {self._prefix} "
                f"{whom if missing else 'at all'}; correct the basin list, or the "
                "folder under contents in datasets.yaml."
            )


def held_twice(archive, target):
    """Return the `InputError` on two members of an archive that are one file."""
    return InputError(
        f"{archive} holds {target} twice, and which one is meant cannot be told; "
        "delete the archive and download it again."
    )


@contextlib.contextmanager
def building_folder(destination, keep=False):
    """Give a hidden folder beside `destination`; make it `destination` on success.

    With `keep`, a failure leaves it for the next call to continue.
    """
    building = destination.with_name(f".{destination.name}.part")
    try:
        with disk_errors(destination):
            # A link in its place would have files outside written and removed.
            if building.is_symlink():
                building.unlink()
            building.mkdir(parents=True, exist_ok=True)
            yield building
            if destination.exists():
                shutil.rmtree(destination)
            os.replace(building, destination)
    finally:
        if not keep:
            shutil.rmtree(building, ignore_errors=True)


def copy_file(archived, path):
    """Write one file to `path`, unless it is there already."""
    if archived.crc is not None and path.is_file() and _crc(path) == archived.crc:
        return
    with (
        archived.open() as source,
        atomic_path(path) as part,
        open(part, "wb") as sink,
    ):
        shutil.copyfileobj(source, sink)


def _crc(path):
    """Return the CRC-32 of a file of a few MB."""
    return zlib.crc32(path.read_bytes())


def keep_only(folder, targets):
    """Remove what an earlier, broken call left and nobody wants any more."""
    for path in folder.rglob("*"):
        if path.is_file() and path.relative_to(folder).as_posix() not in targets:
            path.unlink()
