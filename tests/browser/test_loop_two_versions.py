"""Switching in a loop, listened to: the page's own module renders into an OfflineAudioContext, sample by sample."""

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from playwright.sync_api import Page

from tests.browser.hearing import RATE, Sound, decoded, loudness
from tests.services.server import LiveServer

# Renders `seconds` of a loop whose clips are given as WAV bytes; `switches` are [second, side]. With `heldUp` the page
# is held up for so long after it has taken its first source.
RENDER = """async ({module, clips, pieces, segments, durations, start, switches, equal, seconds, rate, heldUp}) => {
    const { AbLoop } = await import(module + "/comparing/ab-loop.js");
    const { MusicAxis } = await import(module + "/comparing/music-axis.js");
    const context = new OfflineAudioContext(2, Math.round(seconds * rate), rate);
    const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer;
    const load = async (piece) => bytes(clips[Object.keys(pieces).find((side) => pieces[side] === piece)]);
    const places = segments ? new MusicAxis(segments, durations) : undefined;
    const loop = new AbLoop(pieces, { context, load, places });
    loop.equal = equal;
    await loop.ready();
    if (heldUp) {
        let now = 0;
        const source = context.createBufferSource.bind(context);
        context.createBufferSource = () => ((now = heldUp), source());
        Object.defineProperty(context, "currentTime", { get: () => now });
    }
    await loop.start(start, undefined, heldUp ? undefined : 0);
    for (const [when, side] of switches) await loop.switchTo(side, when);
    const rendered = await context.startRendering();
    return [0, 1].map((channel) => {
        const samples = new Uint8Array(rendered.getChannelData(channel).buffer);
        let text = "";
        for (let at = 0; at < samples.length; at += 8192) {
            text += String.fromCharCode(...samples.subarray(at, at + 8192));
        }
        return btoa(text);
    });
}"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with LiveServer(tmp_path_factory.mktemp("earmark") / "data", arguments=["--no-worker"]) as server:
        yield server


@pytest.fixture
def blank(server: LiveServer, page: Page) -> Page:
    """A page of ours with no sound of its own."""
    page.goto(f"{server.url}/sign-in")
    return page


def rendered(page: Page, folder: Path, clips: dict[str, Sound], **wanted: Any) -> Sound:
    """(frames, 2)"""
    module = page.evaluate(
        "document.querySelector('script[type=module]').src.split('/').slice(0, -2).join('/')"
    )
    encoded = {}
    for side, sound in clips.items():
        file = folder / f"{side}.wav"
        soundfile.write(file, sound, RATE, subtype="FLOAT")
        encoded[side] = base64.b64encode(file.read_bytes()).decode()
    pieces = {side: {"start": 0.0, "end": len(sound) / RATE} for side, sound in clips.items()}
    settings = {
        "start": "a",
        "switches": [],
        "equal": True,
        "seconds": 4.0,
        "segments": None,
        "durations": None,
        "heldUp": None,
    }
    settings |= {"pieces": pieces, "module": module, "clips": encoded, "rate": RATE} | wanted
    return decoded(page.evaluate(RENDER, settings))


def ticking(seconds: float, every: float, *, first: float = 0.25, height: float = 0.5) -> Sound:
    """One sample high every so often."""
    sound = np.zeros((round(seconds * RATE), 2), dtype=np.float32)
    sound[np.round(np.arange(first, seconds, every) * RATE).astype(int)] = height
    return sound


def ticks_in(sound: Sound) -> list[float]:
    return [float(at) / RATE for at in np.flatnonzero(np.abs(sound[:, 0]) > 0.02)]


def rumble(seconds: float, *, gain_db: float = 0.0, seed: int = 3) -> Sound:
    """The same noise for the same seed, at some level."""
    noise = np.random.default_rng(seed).normal(0, 0.05, (round(seconds * RATE), 2))
    return np.asarray(10 ** (gain_db / 20) * noise, dtype=np.float32)


def test_both_sides_tick_at_the_same_time_over_many_switches(blank: Page, tmp_path: Path) -> None:
    clip = ticking(1.0, 0.5)
    switches = [[0.4 + 0.313 * turn, "ba"[turn % 2]] for turn in range(10)]
    sound = rendered(blank, tmp_path, {"a": clip, "b": clip}, switches=switches, seconds=4.0)

    heard = ticks_in(sound)
    expected = np.arange(0.25, 4.0, 0.5)
    assert len(heard) == len(expected)
    assert np.abs(np.array(heard) - expected).max() < 0.0005


def test_a_page_that_is_held_up_while_it_begins_is_not_late_for_good(blank: Page, tmp_path: Path) -> None:
    """What was to begin at 0.02 s is begun anew: at 0.05 s, when it is noticed, and 0.02 s ahead."""
    clip = ticking(1.0, 0.5)
    sound = rendered(blank, tmp_path, {"a": clip, "b": clip}, heldUp=0.05, seconds=2.0)

    heard, expected = ticks_in(sound), np.arange(0.05 + 0.02 + 0.25, 2.0, 0.5)
    assert len(heard) == len(expected)
    assert np.abs(np.array(heard) - expected).max() < 0.0005


def test_another_tempo_is_switched_to_at_the_same_place_in_the_music(blank: Page, tmp_path: Path) -> None:
    """B plays the same eight beats a quarter slower: after the switch each tick is B's tick of that very beat."""
    a, b = ticking(4.0, 0.5), ticking(5.0, 0.625, first=0.3125)
    segments = [{"a_start": 0.0, "a_end": 4.0, "b_start": 0.0, "b_end": 5.0}]
    sound = rendered(
        blank,
        tmp_path,
        {"a": a, "b": b},
        segments=segments,
        durations={"a": 4.0, "b": 5.0},
        switches=[[1.5, "b"]],
        seconds=4.0,
    )

    # 1.5 s of A is 1.875 s of B, whose next ticks are at 2.1875, 2.8125 ...
    expected = [0.25, 0.75, 1.25, *(1.5 + b_tick - 1.875 for b_tick in np.arange(2.1875, 4.3, 0.625))]
    heard = ticks_in(sound)
    assert len(heard) == len(expected)
    assert np.abs(np.array(heard) - expected).max() < 0.005


def test_a_switch_leaves_no_gap_and_makes_no_click(blank: Page, tmp_path: Path) -> None:
    """A steady tone in both: where it is switched nothing may be missing, doubled, or jump."""
    time = np.arange(2 * RATE) / RATE
    tone = np.repeat((0.3 * np.sin(2 * np.pi * 200 * time))[:, None], 2, axis=1).astype(np.float32)
    switches = [[0.3, "b"], [0.55, "a"], [0.8, "b"], [1.3, "a"]]
    sound = rendered(blank, tmp_path, {"a": tone, "b": tone}, switches=switches, seconds=1.9)

    steady = sound[round(0.05 * RATE) :, 0]
    assert np.abs(np.diff(steady)).max() < 0.3 * 2 * np.pi * 200 / RATE * 1.05
    every_cycle = np.abs(steady[: len(steady) // 240 * 240]).reshape(-1, 240).max(axis=1)
    assert every_cycle.min() > 0.295
    assert every_cycle.max() < 0.305


def test_both_sides_are_equally_loud_by_one_gain(blank: Page, tmp_path: Path) -> None:
    clips = {"a": rumble(6.0), "b": rumble(6.0, gain_db=4.3)}
    pieces = {"a": {"start": 0, "end": 6, "gainDb": 0}, "b": {"start": 0, "end": 6, "gainDb": -4.3}}
    sound = rendered(blank, tmp_path, clips, pieces=pieces, switches=[[5.0, "b"]], seconds=10.0)

    assert abs(loudness(sound[: 5 * RATE]) - loudness(sound[-5 * RATE + RATE // 10 :])) < 0.2


def test_equal_loudness_can_be_switched_off(blank: Page, tmp_path: Path) -> None:
    clips = {"a": rumble(6.0), "b": rumble(6.0, gain_db=4.3)}
    pieces = {"a": {"start": 0, "end": 6, "gainDb": 0}, "b": {"start": 0, "end": 6, "gainDb": -4.3}}
    wanted = {"pieces": pieces, "switches": [[5.0, "b"]], "seconds": 10.0, "equal": False}
    sound = rendered(blank, tmp_path, clips, **wanted)

    difference = loudness(sound[-5 * RATE + RATE // 10 :]) - loudness(sound[: 5 * RATE])
    assert abs(difference - 4.3) < 0.2
