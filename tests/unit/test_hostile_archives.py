"""Archives made to do harm: none writes elsewhere, and none fills disk or memory."""

import io
import lzma
import stat
import tarfile
import zipfile
import zlib

import pytest
from rerunoff.data import limits
from rerunoff.data.archives import extract_files, fetch_archived_files
from rerunoff.data.benchmark_files import read_benchmark_files
from rerunoff.errors import InputError
from unit.publisher import Page, running, waits_of

PREFIX = "camels/daymet/"
FILE = f"{PREFIX}01/01013500_lump.txt"
ZEROS = bytes(1 << 20)


@pytest.fixture
def small(monkeypatch):
    """Let an archive unpack to so little that a test need not be big."""
    monkeypatch.setattr(limits, "_FREE", 1 << 16)


@pytest.fixture
def there(tmp_path):
    """A folder of which nothing may change but `downloads`."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "mine.txt").write_text("mine")
    (tmp_path / "downloads").mkdir()
    return tmp_path


def refused(archive, there):
    """Unpack; return the sentence. Nothing is left, and nothing else was touched."""
    target = there / "unpacked" / "daymet"
    with pytest.raises(InputError) as caught:
        extract_files(archive, PREFIX, None, target)
    assert not list(target.parent.iterdir())
    names = {path.relative_to(there).as_posix() for path in there.rglob("*")}
    archive = archive.relative_to(there).as_posix()
    assert names == {"downloads", archive, "outside", "outside/mine.txt", "unpacked"}
    assert (there / "outside/mine.txt").read_text() == "mine"
    return str(caught.value)


def tar_of(there, *members, more=b""):
    """Write a `.tar.xz` of (name, type, link, content), and bytes behind it."""
    memory = io.BytesIO()
    with tarfile.open(fileobj=memory, mode="w") as opened:
        for name, kind, link, content in members:
            info = tarfile.TarInfo(name)
            info.type, info.linkname, info.size = kind, link, len(content)
            opened.addfile(info, io.BytesIO(content))
    path = there / "downloads" / "data.tar.xz"
    path.write_bytes(lzma.compress(memory.getvalue() + more, preset=0))
    return path


def zip_of(there, contents, method=zipfile.ZIP_DEFLATED, change=None):
    """Write a `.zip`; `change` gets it before its directory is written."""
    path = there / "downloads" / "data.zip"
    with zipfile.ZipFile(path, "w", method) as opened:
        for name, content in contents.items():
            opened.writestr(name, content)
        if change:
            change(opened)
    return path


def test_file_that_is_there_twice(there):
    """Which of them is taken would depend on the kind of archive."""
    members = {FILE: b"one", f"copy/{FILE}": b"two"}
    said = "holds 01/01013500_lump.txt twice"
    assert said in refused(zip_of(there, members), there)
    (there / "downloads/data.zip").unlink()
    of_tar = [(name, tarfile.REGTYPE, "", text) for name, text in members.items()]
    assert said in refused(tar_of(there, *of_tar), there)


def test_copy_of_the_same_bytes_in_a_zip_does_no_harm(there):
    archive = zip_of(there, {FILE: b"one", f"copy/{FILE}": b"one"})
    extract_files(archive, PREFIX, None, there / "daymet")
    assert (there / "daymet/01/01013500_lump.txt").read_bytes() == b"one"


TAR_KINDS = {
    "symbolic link": tarfile.SYMTYPE,
    "hard link": tarfile.LNKTYPE,
    "character device": tarfile.CHRTYPE,
    "block device": tarfile.BLKTYPE,
    "pipe": tarfile.FIFOTYPE,
}


@pytest.mark.parametrize("kind", TAR_KINDS)
@pytest.mark.parametrize("name", [FILE, f"{PREFIX}01", "elsewhere"])
def test_links_and_devices_of_a_tar(there, kind, name):
    link = (name, TAR_KINDS[kind], "../../outside", b"")
    # What follows would be written through a link that was made.
    path = tar_of(there, link, (FILE, tarfile.REGTYPE, "", b"evil"))
    assert f"its member {name!r} is a link or device" in refused(path, there)


@pytest.mark.parametrize(
    "kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO, stat.S_IFSOCK]
)
def test_links_and_devices_of_a_zip(there, kind):
    info = zipfile.ZipInfo(FILE)
    info.external_attr = (kind | 0o777) << 16
    path = zip_of(there, {}, change=lambda opened: opened.writestr(info, "../outside"))
    assert f"its member {FILE!r} is a link or device" in refused(path, there)


@pytest.mark.parametrize("write", ["zip", "tar"])
@pytest.mark.parametrize(
    "name",
    [
        "/outside/mine.txt",
        "../../outside/mine.txt",
        f"{PREFIX}01/../../../outside/mine.txt",
        f"{PREFIX}01/01013500/../../../../outside/mine.txt",
        f"..\\..\\{PREFIX}01\\01013500",
        "\\\\server\\share\\01013500",
        "C:/outside/mine.txt",
        "..",
    ],
)
def test_paths_that_lead_outside(there, write, name):
    if write == "zip":
        path = zip_of(there, {FILE: b"fine", name: b"evil"})
    else:
        fine = (FILE, tarfile.REGTYPE, "", b"fine")
        path = tar_of(there, fine, (name, tarfile.REGTYPE, "", b"evil"))
    assert f"its member {name!r} is a path" in refused(path, there)


@pytest.mark.parametrize("name", [FILE, "other/zeros"])
def test_xz_of_zeros(there, small, name):
    path = tar_of(there, (name, tarfile.REGTYPE, "", ZEROS))
    assert "bytes of it unpack to" in refused(path, there)


def test_xz_of_zeros_behind_the_last_member(there, small):
    path = tar_of(there, (FILE, tarfile.REGTYPE, "", b"fine"), more=ZEROS)
    assert "bytes of it unpack to" in refused(path, there)


def test_name_of_a_member_as_long_as_memory(there, small):
    long = ("././@LongLink", tarfile.GNUTYPE_LONGNAME, "", ZEROS)
    path = tar_of(there, long, (FILE, tarfile.REGTYPE, "", b"fine"))
    assert "bytes of it unpack to" in refused(path, there)


def test_sparse_file_of_a_tar(there):
    info = tarfile.TarInfo(FILE)
    info.type, info.size = tarfile.GNUTYPE_SPARSE, 0
    header = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    # Real size: 8 GiB less a byte, octal, of no packed bytes.
    header[483:495] = b"77777777777\0"
    total = sum(header[:148]) + sum(header[156:]) + 8 * 32
    header[148:156] = b"%06o\0 " % total
    path = there / "downloads" / "data.tar.xz"
    path.write_bytes(lzma.compress(bytes(header) + bytes(1024)))
    assert f"member {FILE!r} unpacks to 8589934591 bytes" in refused(path, there)


def test_member_that_says_a_negative_size(there):
    header = bytearray(tarfile.TarInfo(FILE).tobuf(tarfile.GNU_FORMAT))
    header[124:136] = b"\xff" * 11 + b"\x00"
    total = sum(header[:148]) + sum(header[156:]) + 8 * 32
    header[148:156] = b"%06o\0 " % total
    path = there / "downloads" / "data.tar.xz"
    path.write_bytes(lzma.compress(bytes(header) * 3 + bytes(1024)))
    assert f"member {FILE!r} unpacks to -256 bytes" in refused(path, there)


def test_zip_of_zeros(there, small):
    path = zip_of(there, {FILE: ZEROS})
    assert "bytes of it unpack to 1048576 or more" in refused(path, there)


def test_many_small_zips_of_zeros(there, small):
    contents = {f"{PREFIX}01/{n:08d}.txt": bytes(8000) for n in range(100)}
    assert "bytes of it unpack to 800000" in refused(zip_of(there, contents), there)


@pytest.mark.parametrize("size", [1 << 30, 1 << 40])
def test_size_of_a_member_of_a_zip(there, size):
    def enlarge(opened):
        opened.filelist[0].file_size = size

    path = zip_of(there, {FILE: b"little"}, change=enlarge)
    assert f"member {FILE!r} unpacks to {size} bytes" in refused(path, there)


@pytest.mark.parametrize("size", [0, 5])
def test_zip_that_unpacks_to_more_than_it_says(there, size):
    def lie(opened):
        opened.filelist[0].file_size = size

    path = zip_of(there, {FILE: ZEROS}, change=lie)
    assert "is damaged or incomplete (Bad CRC-32" in refused(path, there)


def test_members_of_a_zip_that_share_bytes(there):
    def share(opened):
        for number in range(3):
            twin = zipfile.ZipInfo(f"{PREFIX}01/0000000{number}.txt")
            first = opened.filelist[0]
            twin.compress_type, twin.CRC = first.compress_type, first.CRC
            twin.header_offset = first.header_offset
            twin.file_size, twin.compress_size = first.file_size, first.compress_size
            opened.filelist.append(twin)

    path = zip_of(there, {FILE: b"little"}, change=share)
    # Newer Pythons see it by themselves, when a member is opened.
    assert "shares bytes with the one before it" in refused(path, there)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_methods_that_unpack_all_at_once(there, method):
    path = zip_of(there, {FILE: b"little"}, method)
    assert f"is packed by method {method}, neither stored" in refused(path, there)


def test_zip_at_the_publisher(there, small, monkeypatch):
    waits_of(monkeypatch)
    padding = {"padding": zlib.compress(ZEROS)}
    body = zip_of(there, {FILE: ZEROS} | padding).read_bytes()
    target = there / "unpacked"
    with running() as publisher:
        publisher.pages["files/data.zip"] = Page(body)
        with pytest.raises(InputError, match="unpack to 1048576 or more"):
            fetch_archived_files(
                [publisher.template()], "data.zip", PREFIX, None, target
            )
    assert not target.exists()


@pytest.mark.parametrize("size", [1 << 20, 0])
def test_benchmark_files(there, small, complaint, size):
    name = "netcdf/01013500_benchmark_models.nc"
    path = tar_of(there, (name, tarfile.REGTYPE, "", bytes(size)))
    said = complaint(read_benchmark_files, path, {})
    assert ("bytes of it unpack to" in said) == bool(size)


def test_what_is_packed_as_publishers_do_is_taken(there):
    text = "".join(f"01013500 {n:06d} {n * 7 % 1000:9.2f} A\n" for n in range(100_000))
    for path in (
        tar_of(there, (FILE, tarfile.REGTYPE, "", text.encode())),
        zip_of(there, {FILE: text}),
    ):
        extract_files(path, PREFIX, None, there / "fine")
        assert (there / "fine/01/01013500_lump.txt").read_text() == text
