"""Time and memory of the HDF5 store: 671 virtual basins of 35 years.

make benchmark-store
"""

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "workflow_scripts"))

from rerunoff.data.readers import open_reader  # noqa: E402
from rerunoff.data.store_builder import build_store  # noqa: E402
from rerunoff.data.virtual import write_catchments  # noqa: E402


def main():
    """Write the catchments, build the store, print seconds and peak memory."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--basins", type=int, default=671)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    product = "maurer_extended"
    with tempfile.TemporaryDirectory() as folder:
        write_catchments(
            folder, options.basins, "1980-01-01", "2014-12-31", products=(product,)
        )
        # A process of its own, or the generator's memory would count.
        import multiprocessing

        context = multiprocessing.get_context("spawn")
        job = context.Process(target=build, args=(folder, product, options.workers))
        job.start()
        job.join()
        sys.exit(job.exitcode)


def build(folder, product, workers):
    """Build the store and print what it took."""
    started = time.perf_counter()
    reader = open_reader("virtual", folder, product)
    basins = reader.basins()
    store = Path(folder) / "store.h5"
    build_store(store, reader, basins, workers)
    seconds = time.perf_counter() - started
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(f"{len(basins)} basins in {seconds:.1f} s with {workers} processes")
    print(f"peak memory: {own / 1024:.0f} MB, and {children / 1024:.0f} MB a reader")
    print(f"store: {store.stat().st_size / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
