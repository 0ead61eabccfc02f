"""A few basins' files out of a big archive, on disk or still at the publisher."""

import logging
import re
import stat
import zipfile
from pathlib import Path

import requests
import urllib3
from remotezip import RangeNotSupported, RemoteZip, RemoteZipError

from rerunoff.data.archived_files import (
    ArchivedFile,
    Wanted,
    building_folder,
    copy_file,
    held_twice,
    keep_only,
)
from rerunoff.data.basin_lists import read_basin_list
from rerunoff.data.download import address
from rerunoff.data.limits import BROKEN, check_zip, open_tar
from rerunoff.data.session import TIMEOUT, TransferError, make_session, no_answer
from rerunoff.data.transfer import Resumes
from rerunoff.errors import InputError
from rerunoff.progress import watched

_log = logging.getLogger(__name__)


def wanted_gauges(basin_lists):
    """Return the union of basin lists.

    Parameters
    ----------
    basin_lists : list of (str or Path)

    Returns
    -------
    set of str or None
        None, which stands for all basins, if there is no list.

    Raises
    ------
    InputError
        If a list is empty or has an id that is no gauge's.
    """
    gauges = set()
    for path in basin_lists:
        ids = read_basin_list(path)
        for gauge in ids:
            if not re.fullmatch(r"\d{8}", gauge):
                raise InputError(
                    f"{path}: {gauge!r} is no gauge id; write ids of 8 digits."
                )
        gauges.update(ids)
    return gauges if basin_lists else None


def prefix_of(dataset, content):
    """Return the folder of a content inside the archive, as the catalogue has it."""
    contents = dataset.get("contents", {})
    if content not in contents:
        known = ", ".join(contents) or "none"
        raise InputError(
            f"Data set {dataset['name']} of datasets.yaml has no content {content!r} "
            f"(it has {known}); add it there."
        )
    return contents[content]


def only_zip_of(dataset):
    """Return the name of the one zip of a data set; no other kind has parts."""
    zips = [file for file in dataset["files"] if file.endswith(".zip")]
    if len(zips) != 1:
        raise InputError(
            f"Data set {dataset['name']} has {len(zips)} zip files, and parts can be "
            "fetched out of exactly one; set fetch: whole in the configuration."
        )
    return zips[0]


def extract_files(archive, prefix, gauges, destination):
    """Unpack some gauges' files from an archive on disk.

    Parameters
    ----------
    archive : str or Path
        A `.zip` or `.tar.xz` file.
    prefix : str
        Folder inside it that holds `<HUC2>/<gauge id>…`; folders in front of it do
        not matter.
    gauges : iterable of str or None
        8-digit gauge ids; None takes all.
    destination : str or Path
        Folder to hold `<HUC2>/<file>`. It appears complete or not at all; one that is
        there already is replaced.

    Raises
    ------
    InputError
        If the archive is damaged or unsafe, or lacks one of the gauges.
    """
    extract(archive, Wanted(str(archive), prefix, gauges), destination)


def extract(archive, wanted, destination):
    """Unpack the wanted files of an archive on disk.

    Parameters
    ----------
    archive : str or Path
        A `.zip` or `.tar.xz` file.
    wanted : Wanted
    destination : str or Path
        Folder; it appears complete or not at all, and one that is there is replaced.

    Raises
    ------
    InputError
        If the archive is damaged or unsafe, holds a file twice, or lacks something
        wanted.
    """
    archive = Path(archive)
    if not archive.is_file():
        raise InputError(f"There is no archive {archive}; download it first.")
    try:
        with building_folder(Path(destination)) as folder:
            if archive.name.endswith(".zip"):
                with zipfile.ZipFile(archive) as opened:
                    _extract_zip(opened, wanted, folder)
            elif archive.name.endswith(".tar.xz"):
                _extract_tar(archive, wanted, folder)
            else:
                raise InputError(f"{archive} is neither a .zip nor a .tar.xz file.")
    except BROKEN as error:
        raise InputError(
            f"{archive} is damaged or incomplete ({error}); delete it, and "
            f"{archive.name}.md5 beside it if there is one, so that it is downloaded "
            "again."
        ) from error


def fetch_archived_files(url_templates, file, prefix, gauges, destination):
    """Fetch some gauges' files out of a zip that stays at the publisher.

    Parameters
    ----------
    url_templates : list of str
        With `{file}`; tried in this order, one request at a time.
    file : str
        Name of the zip.
    prefix, gauges, destination
        As for `extract_files`. Files fetched by an earlier, broken call are kept.

    Raises
    ------
    InputError
        If no mirror gave the files, or the zip is unsafe or lacks a gauge.
    """
    wanted = Wanted(file, prefix, gauges)
    session, failures = make_session(), []
    with building_folder(Path(destination), keep=True) as folder:
        for url in (address(template, file) for template in url_templates):
            try:
                return _fetch_from(url, wanted, folder, session)
            except TransferError as error:
                _log.warning("%s %s", url, error)
                failures.append(f"{url} {error}")
        raise InputError(
            f"No part of {file} could be fetched: {'; '.join(failures)}; set fetch: "
            "whole in the configuration to download the whole file instead."
        )


def _fetch_from(url, wanted, folder, session):
    """Fetch from one mirror, file by file, again where one breaks off.

    Raises
    ------
    TransferError
        If this address does not give the files.
    """
    resumes = Resumes(url)
    while True:
        before = sum(1 for _ in folder.rglob("*"))
        try:
            with RemoteZip(
                url, initial_buffer_size=1_000_000, session=session, timeout=TIMEOUT
            ) as opened:
                return _extract_zip(opened, wanted, folder)
        except RangeNotSupported as error:
            why = "does not give parts of a file (HTTP Range)"
            raise TransferError(why) from error
        except (RemoteZipError, urllib3.exceptions.HTTPError, *BROKEN) as error:
            # What the session has tried often enough already, RemoteZip hides.
            if isinstance(error.__context__, requests.RequestException):
                raise TransferError(no_answer(error.__context__)) from error
            resumes.wait(error, sum(1 for _ in folder.rglob("*")) > before)


def _extract_zip(opened, wanted, folder):
    """Write the wanted files of an open zip, local or remote, below `folder`."""
    chosen, infos = {}, []
    for info in opened.infolist():
        kind = stat.S_IFMT(info.external_attr >> 16)
        plain = kind in (0, stat.S_IFREG, stat.S_IFDIR)
        archived = ArchivedFile(
            info.filename,
            plain,
            info.file_size,
            info.CRC,
            lambda info=info: opened.open(info),
        )
        target = wanted.target(archived)
        if target is None:
            continue
        # A copy of the same bytes does no harm.
        if chosen.setdefault(target, archived) is archived:
            infos.append(info)
        elif (chosen[target].crc, chosen[target].size) != (info.CRC, info.file_size):
            raise held_twice(wanted.archive, target)
    wanted.require_all(chosen)
    check_zip(wanted.archive, infos)
    for target, archived in watched(chosen.items(), Path(wanted.archive).name):
        copy_file(archived, folder / target)
    keep_only(folder, chosen)
    _log.info("%d files taken from %s", len(chosen), wanted.archive)


def _extract_tar(archive, wanted, folder):
    """Write the wanted files of a `.tar.xz`, read once from start to end."""
    targets = set()
    with open_tar(Path(archive)) as members:
        for opened, info in members:
            archived = ArchivedFile(
                info.name,
                info.isfile() or info.isdir(),
                info.size,
                None,
                lambda opened=opened, info=info: opened.extractfile(info),
            )
            target = wanted.target(archived)
            if target is not None and info.isfile():
                if target in targets:
                    raise held_twice(wanted.archive, target)
                copy_file(archived, folder / target)
                targets.add(target)
    wanted.require_all(targets)
    keep_only(folder, targets)
    _log.info("%d files taken from %s", len(targets), wanted.archive)
