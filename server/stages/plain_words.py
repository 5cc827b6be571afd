"""What a listener's plain word could mean in the mix, from what is measured at that place: a question to whoever
mixes, never a correction to whoever listened.

The word picks what to look at; what stands out there is asked about first. Tone is compared at equal loudness, so
that a loud chorus is not "more of everything".
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from server.sound.features import ONSETS_PER_SECOND, ROWS_PER_SECOND, Features
from server.sound.third_octaves import CENTRES
from server.stages.plain_word_table import MEANINGS, Meaning

Doubles = NDArray[np.float64]

_LEAST_ROWS = 3
_HEARD_BELOW_LOUDEST_BAND_DB = 60
_STRONG_ATTACK = 95  # percentile
_UNUSUAL_DB = 5.0
_USUAL_FROM_HZ, _USUAL_TO_HZ = 60.0, 8500.0
_NOT = re.compile(
    r"\b(?:not|no|no longer|never|less|without|hardly|isn't|isnt|wasn't|aren't|don't|doesn't)\s+(?:[\w']+\s+){0,2}$"
)


@dataclass(frozen=True)
class Hint:
    """``word`` as the listener wrote it; ``amount`` in ``unit`` is what was measured."""

    word: str
    question: str
    fact: str
    amount: float
    unit: str | None


def plain_word_in(text: str) -> tuple[str, tuple[Meaning, ...]] | None:
    """The first word or phrase of the table that is meant, not denied ("no longer boomy"), and its meanings."""
    text = text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").lower()
    found = [
        (match.start(), match.group(), meanings)
        for pattern, meanings in MEANINGS
        for match in pattern.finditer(text)
        if not _NOT.search(text[: match.start()])
    ]
    return min(found, key=lambda one: (one[0], -len(one[1])))[1:] if found else None


class Listened:
    """One recording's features, to be asked about several places."""

    def __init__(self, features: Features) -> None:
        self._features = features
        self._heard = features.heard()

    def hint(self, text: str, start: float, end: float) -> Hint | None:
        """For what somebody wrote about ``start`` to ``end`` seconds; None without a plain word or without sound."""
        found = plain_word_in(text)
        rows = self._rows(start, end)
        if found is None or np.count_nonzero(rows) < _LEAST_ROWS:
            return None
        word, meanings = found
        amounts = [self._amount(meaning, rows) for meaning in meanings]
        strong = [
            pair for pair in zip(meanings, amounts, strict=True) if pair[1] * pair[0].sign >= pair[0].least
        ]
        if strong:
            meaning, amount = max(strong, key=lambda pair: abs(pair[1]) / pair[0].least)
            return Hint(word, meaning.question, meaning.said(amount), round(amount, 2), meaning.unit)
        return self._of_the_whole_song(word, meanings) or Hint(
            word, meanings[0].question, meanings[0].said(amounts[0]), round(amounts[0], 2), meanings[0].unit
        )

    def _of_the_whole_song(self, word: str, meanings: tuple[Meaning, ...]) -> Hint | None:
        """Where the place is like the rest of the song, the song itself may be unlike others."""
        for meaning in meanings:
            if meaning.what != "tone":
                continue
            unusual = _over(meaning, self._against_usual)
            if unusual * meaning.sign >= _UNUSUAL_DB:
                return Hint(word, meaning.question, meaning.said_of_song(unusual), round(unusual, 2), "dB")
        return None

    def _rows(self, start: float, end: float) -> NDArray[np.bool_]:
        rows = np.zeros(len(self._heard), dtype=np.bool_)
        rows[max(0, int(start * ROWS_PER_SECOND)) : max(0, int(np.ceil(end * ROWS_PER_SECOND)))] = True
        return rows & self._heard

    def _amount(self, meaning: Meaning, rows: NDArray[np.bool_]) -> float:
        """Here minus the song as a whole, in the meaning's unit."""
        if meaning.what == "tone":
            return _over(meaning, self._centred(self._tone(rows) - self._song_tone))
        figure = self._figures[meaning.what]
        return figure(rows) - figure(self._heard)

    @property
    def _figures(self) -> dict[str, Callable[[NDArray[np.bool_]], float]]:
        features = self._features
        return {
            "level": lambda rows: _db(float(self._powers[rows].mean())),
            "crest": lambda rows: float(features.crest_cdb[rows].mean()) / 100,
            "width": self._width,
            "correlation": lambda rows: float(features.correlation[rows].mean()) / 100,
            "attacks": self._attacks,
        }

    def _attacks(self, rows: NDArray[np.bool_]) -> float:
        """How fast the strongest beginnings rise, in percent of those of the whole song."""
        return 100 * self._strong_onset(rows) / max(self._strong_onset(self._heard), 1e-6)

    def _strong_onset(self, rows: NDArray[np.bool_]) -> float:
        each = ONSETS_PER_SECOND // ROWS_PER_SECOND
        onsets = self._features.onsets[: len(rows) * each].astype(np.float64)
        return float(np.percentile(onsets[np.repeat(rows, each)[: len(onsets)]], _STRONG_ATTACK))

    def _width(self, rows: NDArray[np.bool_]) -> float:
        mid, side = self._features.mean_tone(rows)
        return _db(float(_power(side).sum())) - _db(float(_power(mid).sum()))

    @cached_property
    def _powers(self) -> Doubles:
        return self._features.row_powers()

    def _tone(self, rows: NDArray[np.bool_]) -> Doubles:
        """(30,): the levels of the bands over these rows, mid and side together."""
        mid, side = self._features.mean_tone(rows)
        return np.asarray(10 * np.log10(_power(mid) + _power(side)))

    @cached_property
    def _song_tone(self) -> Doubles:
        return self._tone(self._heard)

    @cached_property
    def _sounding(self) -> NDArray[np.bool_]:
        """(30,): the bands in which the song has anything to compare."""
        return np.asarray(self._song_tone > self._song_tone.max() - _HEARD_BELOW_LOUDEST_BAND_DB)

    def _centred(self, difference: Doubles) -> Doubles:
        """(30,): at equal loudness, NaN where nothing sounds. The median: a few bands do not move it."""
        kept = np.where(self._sounding, difference, np.nan)
        return np.asarray(kept - np.nanmedian(kept))

    @cached_property
    def _against_usual(self) -> Doubles:
        used = (CENTRES > _USUAL_FROM_HZ) & (CENTRES < _USUAL_TO_HZ)
        return self._centred(np.where(used, self._song_tone - usual_tone(), np.nan))


def usual_tone() -> Doubles:
    """(30,): the tilt of released music in dB: level up to 100 Hz, from there 2 dB less with each octave (5 dB
    per hertz), as Pestana et al. found it up to 4 kHz for number-one records ("Spectral Characteristics of Popular
    Commercial Recordings 1950-2010", AES 135, 2013); above, a little steeper. One line for all music is rough, so
    only what is far from it counts."""
    octaves = np.log2(CENTRES / 100)
    return np.asarray(-2 * np.clip(octaves, 0, None) - 3 * np.clip(octaves - np.log2(40), 0, None))


def _over(meaning: Meaning, bands: Doubles) -> float:
    """The mean over the meaning's region; 0 where nothing sounds there."""
    low, high = meaning.region
    part = bands[(low * 0.95 < CENTRES) & (high * 1.05 > CENTRES)]
    part = part[~np.isnan(part)]
    return float(part.mean()) if len(part) else 0.0


def _power(levels: Doubles) -> Doubles:
    return np.asarray(10 ** (levels / 10))


def _db(power: float) -> float:
    return float(10 * np.log10(max(power, 1e-12)))
