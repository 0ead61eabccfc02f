"""Speed of a training step beside the machine's best matrix product.

    python benchmarks/step.py --store STORE --basins LIST --config config/laptop.yaml
        [--hidden-size 64] [--threads 1] [--processes 2] [--seconds 60]

Trains the experiment's network for so many seconds in each of the processes at once,
and prints for each the windows a second and the share of its
arithmetic (forward and backward, the recurrent layer alone) in the rate of the best
float32 product of torch that was measured in the same process beside it.
"""

import multiprocessing
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "benchmarks"))

import long_windows  # noqa: E402
import torch  # noqa: E402


def best_product(threads, seconds=3):
    """Return the best rate of a float32 matrix product, operations a second.

    By both libraries of torch: oneDNN, and MKL, which is slow on processors of AMD.
    """
    torch.set_num_threads(threads)
    best, until = 0, time.perf_counter() + seconds
    sizes = [(2048, 2048, 2048), (4096, 256, 1024), (1024, 1024, 1024)]
    layer = [(torch.rand(m, k), torch.rand(n, k)) for m, k, n in sizes]
    if torch.backends.mkldnn.is_available():
        layer += [(left.to_mkldnn(), right.to_mkldnn()) for left, right in layer]
    while time.perf_counter() < until:
        for left, right in layer:
            begun = time.perf_counter()
            with torch.no_grad():
                torch.nn.functional.linear(left, right)
            taken = time.perf_counter() - begun
            best = max(best, 2 * left.numel() * right.shape[0] / taken)
    return best


def measure(options, start, results):
    """Time steps of one network; put windows a second and both rates."""
    settings, _, run = long_windows.opened(options)
    _, samples = run.samples(run.days)
    model, training = run.fresh(), settings.training
    weights = [weight for weight in model.parameters() if weight.requires_grad]
    optimizer = torch.optim.Adam(weights, lr=training.rate(1))
    loss = long_windows.build_loss(training)
    start.wait()
    product = best_product(options.threads)
    start.wait()
    steps, begun = 0, time.perf_counter()
    for windows in long_windows.batches(samples, settings):
        batch = samples.batch(windows)
        long_windows.step(model.train(), batch, optimizer, loss, training.clip_norm)
        steps += 1
        if time.perf_counter() - begun > options.seconds:
            break
    taken = time.perf_counter() - begun
    hidden, size = settings.model.hidden_size, training.batch_size
    days = settings.model.sequence_length - 1 + training.predicted_days
    inputs = len(settings.inputs) + len(settings.attributes)
    # Multiply and add, forward, and twice as much backward.
    arithmetic = 3 * 2 * 4 * hidden * (inputs + hidden) * days * size * steps
    results.put((size * steps / taken, arithmetic / taken, product))


def main():
    """Measure in several processes at once."""
    parser = long_windows.parser_of(__doc__)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=60)
    options = parser.parse_args()
    spawn = multiprocessing.get_context("spawn")
    start, results = spawn.Barrier(options.processes), spawn.Queue()
    workers = [
        spawn.Process(target=measure, args=(options, start, results), daemon=True)
        for _ in range(options.processes)
    ]
    for worker in workers:
        worker.start()
    for _ in workers:
        rate, arithmetic, product = results.get(timeout=options.seconds + 300)
        print(
            f"{rate:.1f} windows/s, {arithmetic / 1e9:.0f} GFLOP/s of "
            f"{product / 1e9:.0f} ({arithmetic / product:.2f})",
            flush=True,
        )
    for worker in workers:
        worker.join()


if __name__ == "__main__":
    main()
