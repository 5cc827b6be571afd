"""BBC audiowaveform itself, where it is on the PATH or npm brings it."""

import platform
import shutil
import subprocess
from pathlib import Path

from server.sound.waveform import SAMPLES_PER_PIXEL

# https://www.npmjs.com/package/@audiowaveform-installer/linux-x64
_PACKAGE = "@audiowaveform-installer/linux-x64"
_HEADERS = {1: 20, 2: 24}  # bytes, by the version of the format


def find_audiowaveform(folder: Path) -> Path | None:
    """The program; brought into ``folder`` where it is not installed."""
    if there := shutil.which("audiowaveform"):
        return Path(there)
    if not shutil.which("npm") or (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        return None
    subprocess.run(["npm", "install", "--silent", _PACKAGE], cwd=folder, capture_output=True)
    brought = folder / "node_modules" / _PACKAGE / "audiowaveform"
    return brought if brought.exists() else None


def run(program: Path, path: Path) -> Path:
    """The ``.dat`` file that it writes for ``path``."""
    dat = path.with_suffix(f"{path.suffix}.dat")
    zoom = ["-z", str(SAMPLES_PER_PIXEL), "-b", "8"]
    subprocess.run([program, "-q", "-i", path, "-o", dat, *zoom], check=True, capture_output=True)
    return dat


def peaks_in(dat: Path) -> bytes:
    """Without the header, which older ones write as version 1."""
    content = dat.read_bytes()
    return content[_HEADERS[content[0]] :]
