"""An equaliser of one decibel in one third-octave band: how it is read, on dense and on sparse music."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import soundfile

from benchmarks._version_pairs import RATE, Audio
from server.difference.analysed import Analysed, listen_to
from server.difference.findings.tone import tone
from server.difference.measurements import measure_difference
from server.sound.third_octaves import CENTRES, NOMINAL
from tests.difference.studio import equalised

_HERTZ = (50, 100, 200, 500, 1000, 2500, 6300)
_SECONDS = 20


def print_readings(named: dict[str, Audio]) -> None:
    print("\nan equaliser of +1 dB in one third octave, read in dB (as a finding / in the table of tones)")
    print(f"{'':28} " + " ".join(f"{f'{hertz} Hz':>11}" for hertz in _HERTZ))
    with TemporaryDirectory() as folder:
        for name, samples in named.items():
            piece = samples[: _SECONDS * RATE]
            before = _heard(Path(folder), "before", piece)
            cells = []
            for hertz in _HERTZ:
                band = NOMINAL.index(hertz)
                after = _heard(Path(folder), "after", equalised(piece, float(CENTRES[band]), 1.0))
                difference = measure_difference(before, after)
                found = [finding.amount for finding in tone(difference) if finding.amount]
                largest = max(found, key=abs, default=float("nan"))
                cells.append(f"{largest:5.2f}/{difference.tone_db[band]:5.2f}")
            print(f"{name:28} " + " ".join(f"{cell:>11}" for cell in cells), flush=True)


def _heard(folder: Path, name: str, samples: Audio) -> Analysed:
    path = folder / f"{name}.wav"
    soundfile.write(path, np.asarray(samples), RATE, subtype="FLOAT")
    return listen_to(path)
