"""What a page plays, as samples, and what can be said of them."""

import base64
import json
from dataclasses import dataclass

import numpy as np
import pyebur128
from numpy.typing import NDArray
from playwright.sync_api import Page

from tests.browser.earmark import wait_until

RATE = 48000
Sound = NDArray[np.float32]  # (frames, 2)

# Every context runs at the files' own rate, and what reaches its loudspeaker goes to a recorder too.
WIRETAP = """(rate, recorderSource) => {
    const Real = AudioContext, connect = AudioNode.prototype.connect;
    const source = new Blob([recorderSource], { type: "text/javascript" });
    window.heard = { blocks: [], context: null };
    window.AudioContext = class extends Real {
        constructor(options) {
            super({ ...options, sampleRate: rate });
            window.heard.context = this;
            this.tap = this.createGain();
            this.audioWorklet.addModule(URL.createObjectURL(source)).then(() => {
                const recorder = new AudioWorkletNode(this, "recorder", { outputChannelCount: [2] });
                recorder.port.onmessage = ({ data }) => window.heard.blocks.push(data);
                connect.call(this.tap, recorder);
                connect.call(recorder, this.destination);
            });
        }
    };
    AudioNode.prototype.connect = function (to, ...more) {
        if (to instanceof AudioDestinationNode && this.context.tap) connect.call(this, this.context.tap);
        return connect.call(this, to, ...more);
    };
}"""
RECORDER = """registerProcessor("recorder", class extends AudioWorkletProcessor {
    constructor() {
        super();
        this.kept = [];
    }
    process([input]) {
        const silence = new Float32Array(128);
        this.kept.push([0, 1].map((channel) => (input[channel] ?? input[0] ?? silence).slice()));
        if (this.kept.length < 64) return true;
        const block = [0, 1].map((channel) => {
            const samples = new Float32Array(128 * this.kept.length);
            this.kept.forEach((part, index) => samples.set(part[channel], 128 * index));
            return samples;
        });
        this.port.postMessage({ end: currentFrame + 128, block });
        this.kept = [];
        return true;
    }
});"""
HEARD = """() => [window.heard.blocks.at(-1).end, ...[0, 1].map((channel) => {
    const blocks = window.heard.blocks.map(({ block }) => new Uint8Array(block[channel].buffer));
    let text = "";
    for (const block of blocks) {
        for (let at = 0; at < block.length; at += 8192) text += String.fromCharCode(...block.subarray(at, at + 8192));
    }
    return btoa(text);
})]"""


def wiretap(page: Page, rate: int = RATE) -> None:
    """Before the page is opened: keep what it plays. The page must have been made with `bypass_csp=True`."""
    page.add_init_script(f"({WIRETAP})({rate}, {json.dumps(RECORDER)})")


def clock_of(page: Page) -> float:
    """Seconds of the sound's own clock."""
    return float(page.evaluate("window.heard.context?.currentTime ?? 0"))


@dataclass(frozen=True)
class Recording:
    sound: Sound
    rate: int
    start: float
    """On the sound's own clock."""

    def between(self, start: float, end: float) -> Sound:
        first, last = (max(0, round((at - self.start) * self.rate)) for at in (start, end))
        return self.sound[first:last]


def recorded(page: Page, rate: int = RATE, *, until: float = 0.0) -> Recording:
    """All that was played so far, and up to a time of the sound's clock at least."""
    wait_until(page, f"window.heard.blocks.at(-1)?.end >= {until * rate}")
    end, *channels = page.evaluate(HEARD)
    sound = decoded(channels)
    return Recording(sound, rate, (end - len(sound)) / rate)


def decoded(channels: list[str]) -> Sound:
    """Of what a page gives: one base64 of 32-bit floats for each channel."""
    return np.stack([np.frombuffer(base64.b64decode(text), dtype=np.float32) for text in channels], axis=1)


def loudness(sound: Sound, rate: int = RATE) -> float:
    """LUFS, by libebur128."""
    state = pyebur128.R128State(sound.shape[1], rate, pyebur128.MeasurementMode.MODE_I)
    state.add_frames(np.ascontiguousarray(sound).reshape(-1), len(sound))
    return float(pyebur128.get_loudness_global(state))


def place_in(
    song: Sound, piece: Sound, rate: int, within: tuple[float, float] = (0.0, 1e6)
) -> tuple[float, float]:
    """Where in a song a piece of it begins (seconds), and how alike the two are there (1: the same)."""
    first, last = (min(round(second * rate), len(song)) for second in within)
    whole, part = (np.asarray(each.mean(axis=1), dtype=np.float64) for each in (song[first:last], piece))
    size = 1 << (len(whole) + len(part)).bit_length()
    product = np.fft.rfft(whole, size) * np.conj(np.fft.rfft(part, size))
    match = np.fft.irfft(product, size)[: len(whole) - len(part)]
    energy = np.cumsum(np.concatenate(([0.0], whole**2)))
    norms = np.sqrt((energy[len(part) : -1] - energy[: -len(part) - 1]) * np.sum(part**2)) + 1e-9
    likeness = match / norms
    best = int(likeness.argmax())
    return (first + best) / rate, float(likeness[best])
