# Runs the chain of the bench in pedalboard and prints the milliseconds of each round as JSON. Argument: the settings as JSON.
import json
import sys
import time

import numpy
from pedalboard import Compressor, Limiter, PeakFilter, Pedalboard

wanted = json.loads(sys.argv[1])
frames = wanted["rate"] * wanted["seconds"]
audio = (numpy.random.default_rng(1).random((2, frames), dtype=numpy.float32) - 0.5) * 0.5
board = Pedalboard(
    [PeakFilter(cutoff_frequency_hz=hz, gain_db=gain_db, q=1.0) for hz, gain_db in wanted["bands"]]
    + [
        Compressor(threshold_db=wanted["threshold"], ratio=wanted["ratio"], attack_ms=10, release_ms=100),
        Limiter(threshold_db=wanted["ceiling"] - wanted["gain"], release_ms=100),
    ]
)
times = []
for _ in range(wanted["rounds"] + 1):
    start = time.perf_counter()
    board(audio, wanted["rate"])
    times.append(1e3 * (time.perf_counter() - start))
# The first round warms up.
print(json.dumps(times[1:]))
