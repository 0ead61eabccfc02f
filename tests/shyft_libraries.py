"""Put the libraries that Shyft's wheel asks for into an environment, on Debian 12.

`make shyft` calls it with the folder for them. Packages of Debian's are unpacked there,
not installed. OpenSSL 1.1, which Debian 12 has no longer and nobody mends any more,
comes out of a wheel that carries it: good enough for tests, which open no connection.
"""

import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

WHEEL = "mysql-connector-python==8.0.33"
VENDORED = ("mysql/vendor/libcrypto.so.1.1", "mysql/vendor/libssl.so.1.1")
PACKAGES = ("libatlas3-base", "libsnappy1v5", "libgfortran5", "libquadmath0")


def run(*command, folder):
    subprocess.run(command, cwd=folder, check=True)


def fetch_openssl(folder, libraries):
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")
    wanted = ("--no-deps", "--only-binary", ":all:", WHEEL)
    run(*pip, "download", *wanted, folder=folder)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        for name in VENDORED:
            (libraries / Path(name).name).write_bytes(archive.read(name))


def fetch_packages(folder, libraries):
    download = ("apt-get", "download", "-qq", *PACKAGES)
    try:
        run(*download, folder=folder)
    except subprocess.CalledProcessError:
        if os.getuid():
            raise
        run("apt-get", "update", "-qq", folder=folder)
        run(*download, folder=folder)
    for package in folder.glob("*.deb"):
        run("dpkg-deb", "--extract", package, folder / "unpacked", folder=folder)
    # Under the short names that programs ask for, such as libsnappy.so.1.
    for link in folder.glob("unpacked/usr/lib/**/*.so.*"):
        if link.is_symlink():
            (libraries / link.name).write_bytes(link.read_bytes())


def main(libraries):
    with tempfile.TemporaryDirectory() as folder:
        fetch_openssl(Path(folder), libraries)
        fetch_packages(Path(folder), libraries)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
