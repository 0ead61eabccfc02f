"""A HydroShare resource: the list of its files, and the bag that holds all of them.

The list names files by addresses. Only the path in the resource is taken from these,
and of the link to a next page only its query: whatever a list says, what is asked for
lies at the addresses of datasets.yaml.

Not tested: the publisher's server. The form of the list is that of its public code
(hydroshare/hydroshare, hs_core/views/resource_rest_api.py and issue 3927); what it
answers while a bag is being packed is that of issue 2002.
"""

import json
import logging
import re
import time
import urllib.parse

import requests
import urllib3

from rerunoff.data.answers import Expected
from rerunoff.data.download import check_network, download
from rerunoff.data.session import TIMEOUT, TransferError, no_answer, status_reason
from rerunoff.data.transfer import transfer
from rerunoff.errors import InputError

_log = logging.getLogger(__name__)
# What an address of a file has in front of the file's path.
_CONTENTS = "/data/contents/"
_PAGES, _PAGE_BYTES, _ANSWER_BYTES = 1000, 1 << 23, 1 << 16
_MD5 = re.compile(r"[0-9a-f]{32}")
# s between questions whether a bag is packed, and in all; some are never (issue 5688).
_PAUSE, _PATIENCE = 10, 1800
BY_HAND = (
    "download the run folders by hand from {page} and name the folder that holds them "
    "in weights_root"
)


class NoListError(Exception):
    """Why a resource's files are not listed."""


def list_files(dataset, partial, session):
    """List the files of a resource, page by page.

    Parameters
    ----------
    dataset : dict
        From `data.download.load_dataset`, with `listing`.
    partial : Path
        Holds a page while it arrives.
    session : requests.Session
        From `data.session.make_session`.

    Returns
    -------
    dict of str to dict
        Path in the resource to its `md5`, None if the list gives none, and `bytes`.

    Raises
    ------
    NoListError
        If there is no list, or something else in its place.
    InputError
        If there is no network, or a path in the list could lead out of a folder.
    """
    remedy = f"try again, or {by_hand(dataset)}"
    check_network(dataset, "the list of files", remedy)
    files, asked, query = {}, set(), ""
    while query not in asked and len(asked) < _PAGES:
        asked.add(query)
        page = _page(dataset["listing"] + query, partial, session)
        for entry in page["results"]:
            path, facts = _file(dataset, entry)
            files[path] = facts
        if not page.get("next"):
            _log.info("%s lists %d files", dataset["listing"], len(files))
            return files
        query = f"?{urllib.parse.urlsplit(str(page['next'])).query}"
    raise NoListError(f"goes on after {len(asked)} pages")


def by_hand(dataset):
    """Return what to do instead of a download, to end a sentence."""
    return BY_HAND.format(page=dataset["page"])


def _page(url, partial, session):
    """Fetch a page of the list."""
    partial.unlink(missing_ok=True)
    try:
        # A cut page is no JSON.
        expected = Expected(largest=_PAGE_BYTES, verified=True)
        transfer(url, "list.json", partial, session, expected)
        page = json.loads(partial.read_bytes())
    except TransferError as error:
        raise NoListError(str(error)) from error
    except (ValueError, RecursionError) as error:
        raise NoListError("sent something else than a list of files") from error
    finally:
        partial.unlink(missing_ok=True)
    if not isinstance(page, dict) or not isinstance(page.get("results"), list):
        raise NoListError("sent something else than a list of files")
    return page


def _file(dataset, entry):
    """Return path, and md5 and size, of an entry of the list."""
    try:
        address = urllib.parse.unquote(urllib.parse.urlsplit(entry["url"]).path)
        size, checksum = entry["size"], str(entry.get("checksum") or "").lower()
        if type(size) is not int or size < 0:
            raise ValueError("size")
    except (TypeError, KeyError, ValueError, AttributeError) as error:
        raise NoListError(
            "has an entry that is no file with an address and a size"
        ) from error
    path = address.partition(_CONTENTS)[2]
    parts = path.split("/")
    odd = {"", ".", ".."} & {*parts} or "\\" in path or not path.isprintable()
    if odd or ":" in parts[0]:
        raise InputError(
            f"{dataset['listing']} is not safe to follow: it names the file "
            f"{address!r}, which could lie outside of the resource; "
            f"{by_hand(dataset)}."
        )
    # A checksum of another kind is none that could be compared.
    md5 = checksum if _MD5.fullmatch(checksum) else None
    return path, {"md5": md5, "bytes": size}


def fetch_file(dataset, path, facts, destination, partial, session):
    """Download a file that the list names.

    Parameters
    ----------
    dataset : dict
    path : str
        In the resource.
    facts : dict
        Its `md5` and `bytes`. Without an md5 that of the first download is kept.
    destination : Path
    partial : Path
        Folder of unfinished downloads.
    session : requests.Session

    Raises
    ------
    InputError
        If it cannot be downloaded.
    """
    part = partial / f"{plain(path)}.part"
    one, record = dataset | {"files": {path: facts}}, part.with_suffix(".md5")
    download(one, path, destination, part, record, session, by_hand(dataset))


def plain(path):
    """Return a path as the name of one file."""
    return re.sub(r"\W", "_", path)


def fetch_bag(dataset, destination, partial, session):
    """Download a resource as one zip, which the publisher packs when it is asked for.

    Parameters
    ----------
    dataset : dict
        From `load_dataset`, with `bag`.
    destination, partial : Path
        As of `data.download.download`.
    session : requests.Session

    Raises
    ------
    InputError
        If it is not packed within half an hour, or cannot be downloaded.
    """
    waited = 0
    while task := _being_packed(dataset, session):
        if waited >= _PATIENCE:
            raise InputError(
                f"{dataset['bag']} is not packed after {waited // 60} minutes (task "
                f"{task}); try again later, or {by_hand(dataset)}."
            )
        _log.info("%s is being packed (task %s), waiting", dataset["bag"], task)
        time.sleep(_PAUSE)
        waited += _PAUSE
    name = destination.name
    # Without an md5 to compare: the publisher packs it anew, with other dates in it.
    one = {"mirrors": [dataset["bag"]], "files": {name: {"md5": None, "bytes": None}}}
    md5_file = partial.with_name(f"{name}.md5")
    md5_file.unlink(missing_ok=True)
    remedy = f"try again later, or {by_hand(dataset)}"
    download(dataset | one, name, destination, partial, md5_file, session, remedy)
    md5_file.unlink()


def _being_packed(dataset, session):
    """Return the task that packs the bag; None if it is ready or refused."""
    url = dataset["bag"]
    try:
        with session.get(url, stream=True, timeout=TIMEOUT) as answer:
            if answer.status_code != 200:
                raise TransferError(status_reason(answer))
            kind = answer.headers.get("Content-Type", "")
            if not kind.startswith(("application/json", "text/plain")):
                return None
            told = json.loads(answer.raw.read(_ANSWER_BYTES, decode_content=True))
            return re.sub(r"[^\w-]", "", str(told["task_id"])) or "without a name"
    except requests.RequestException as error:
        why = no_answer(error)
    except urllib3.exceptions.HTTPError as error:
        why = f"broke off ({error.args[0] if error.args else error})"
    except TransferError as error:
        why = str(error)
    except (ValueError, TypeError, KeyError, RecursionError):
        why = "sent neither a zip nor a task that packs it"
    raise InputError(f"{url} {why}; try again later, or {by_hand(dataset)}.")
