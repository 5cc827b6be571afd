"""What the file itself says about what listeners were asked. Pure.

A finished mix does not tell one instrument from another: where a voice stands, or how loud it is, is in it for ears
only. So each sentence says what is measured, and of what.
"""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from server.events.objects import QuestionShape
from server.listening.agreement import Agreement, Place, is_or_are
from server.rendering import clock
from server.sound.features import ROWS_PER_SECOND, Features
from server.sound.third_octaves import CENTRES
from server.stages.plain_words import usual_tone

Doubles = NDArray[np.float64]
Rows = NDArray[np.bool_]

# Whoever marks a moment heard it first.
_BEFORE, _AFTER = 3.0, 1.0
_LEAST_ROWS = 3
_CENTRED_DB = 0.3
_LEAST_LEVEL_DB, _LEAST_TONE_DB, _LEAST_WIDTH_DB = 1.0, 1.5, 1.5
_HEARD_BELOW_LOUDEST_BAND_DB = 60
_MONO_DB = -60.0
_USUAL_FROM_HZ, _USUAL_TO_HZ = 60.0, 8500.0
# Where the ear looks for a part; a region is named only where it says something about it.
_REGIONS = (
    (re.compile(r"\b(?:bass|low end|sub)\b", re.I), (60.0, 160.0), "where a bass has most of its weight"),
    (re.compile(r"\bkick\b", re.I), (60.0, 125.0), "where a kick drum thumps"),
    (
        re.compile(r"\b(?:voice|vocals?|singer|singing|words)\b", re.I),
        (1000.0, 4000.0),
        "where words are made out",
    ),
    (re.compile(r"\b(?:cymbals?|hi-?hats?|hats)\b", re.I), (5000.0, 8000.0), "where cymbals hiss"),
)
_BANDS = (
    ("the low end", 25.0, 120.0),
    ("the low mids", 120.0, 500.0),
    ("the mids", 500.0, 2000.0),
    ("the presence region", 2000.0, 6000.0),
    ("the air", 6000.0, 16000.0),
)


@dataclass(frozen=True)
class Measured:
    """``amount`` in ``unit`` where there is a figure; ``plain`` says it in words, the figure included."""

    plain: str
    amount: float | None = None
    unit: str | None = None


class Heard:
    """One recording's features, to be asked about several questions; ``lufs``: its integrated loudness."""

    def __init__(self, features: Features, lufs: float | None) -> None:
        self._features, self._lufs = features, lufs
        self._heard = features.heard()

    def about(self, question: QuestionShape, agreement: Agreement) -> list[Measured]:
        if np.count_nonzero(self._heard) < _LEAST_ROWS:
            return []
        if question.kind == "pad":
            return [
                *self._space(),
                Measured("Where one voice or instrument stands in it cannot be read from a finished mix."),
            ]
        if question.kind == "slider":
            return self._loudness_of(question.part)
        return [found for place in agreement.places if (found := self._at(place))]

    # --- left and right ----------------------------------------------------------------------------------

    def _space(self) -> list[Measured]:
        width = self._width(self._heard)
        if width < _MONO_DB:
            return [Measured("The file is mono: left and right are the same.")]
        balance = self._balance(self._heard)
        side = "left" if balance < 0 else "right"
        sits = f"{abs(balance):.1f} dB to the {side}" if abs(balance) >= _CENTRED_DB else "in the middle"
        return [
            Measured(f"The mix as a whole sits {sits}.", round(balance, 1), "dB"),
            Measured(
                f"{_wide(width)}: the sides are {abs(width):.0f} dB {'below' if width < 0 else 'above'} the middle.",
                round(width, 1),
                "dB",
            ),
        ]

    def _balance(self, rows: Rows) -> float:
        """dB, right over left, of all the power in these rows."""
        power, ratio = self._powers[rows], 10 ** (self._features.balance_cdb[rows] / 1000.0)
        left = power / (1 + ratio)
        return _db(float((left * ratio).sum())) - _db(float(left.sum()))

    def _width(self, rows: Rows) -> float:
        mid, side = self._features.mean_tone(rows)
        return _db(float(_power(side).sum())) - _db(float(_power(mid).sum()))

    # --- the loudness of a part --------------------------------------------------------------------------

    def _loudness_of(self, part: str) -> list[Measured]:
        if re.search(r"\b(?:whole|song|everything|mix)\b", part, re.I):
            return (
                []
                if self._lufs is None
                else [
                    Measured(
                        f"The song is {_number(self._lufs)} LUFS loud, measured over all of it.",
                        round(self._lufs, 1),
                        "LUFS",
                    )
                ]
            )
        cannot = f"How loud {part} alone {is_or_are(part)} cannot be read from a finished mix"
        found = next((each for each in _REGIONS if each[0].search(part)), None)
        if found is None:
            return [Measured(f"{cannot}.")]
        _, (low, high), what = found
        amount = self._against_usual(low, high)
        how = (
            "about as strong as"
            if abs(amount) < _LEAST_TONE_DB
            else f"{abs(amount):.1f} dB {'stronger' if amount > 0 else 'weaker'} than"
        )
        where = f"{_hertz(low)} to {_hertz(high)}, {what},"
        said = f"{where} is {how} in most released music, against the rest of the song."
        return [Measured(said, round(amount, 1), "dB"), Measured(f"{cannot}: other things sound there too.")]

    def _against_usual(self, low: float, high: float) -> float:
        used = (CENTRES > _USUAL_FROM_HZ * 0.95) & (CENTRES < _USUAL_TO_HZ)
        unusual = np.where(used, self._tone(self._heard) - usual_tone(), np.nan)
        return float(np.nanmean(_part(unusual - np.nanmedian(unusual), low, high)))

    # --- a moment ----------------------------------------------------------------------------------------

    def _at(self, place: Place) -> Measured | None:
        """What stands out there against the song as a whole, the most telling first."""
        rows = np.zeros(len(self._heard), dtype=np.bool_)
        start, end = max(0.0, place.start - _BEFORE), place.end + _AFTER
        rows[int(start * ROWS_PER_SECOND) : int(np.ceil(end * ROWS_PER_SECOND))] = True
        rows &= self._heard
        when = clock(place.start)
        if np.count_nonzero(rows) < _LEAST_ROWS:
            return Measured(f"At {when} the file is as good as silent.")
        level = _db(float(self._powers[rows].mean())) - _db(float(self._powers[self._heard].mean()))
        said = [*self._said_of_level(level), *self._said_of_tone(rows), *self._said_of_width(rows)]
        if not said:
            return Measured(f"At {when} the file measures like the rest of the song.", round(level, 1), "dB")
        return Measured(
            f"At {when} the file is {', '.join(said)} than the song on average.", round(level, 1), "dB"
        )

    def _said_of_level(self, level: float) -> list[str]:
        return (
            [f"{abs(level):.1f} dB {'louder' if level > 0 else 'quieter'}"]
            if abs(level) >= _LEAST_LEVEL_DB
            else []
        )

    def _said_of_tone(self, rows: Rows) -> list[str]:
        """The band that differs most, at equal loudness."""
        song = self._tone(self._heard)
        sounding = song > song.max() - _HEARD_BELOW_LOUDEST_BAND_DB
        differs = np.where(sounding, self._tone(rows) - song, np.nan)
        differs -= np.nanmedian(differs)
        means = {name: _mean(_part(differs, low, high)) for name, low, high in _BANDS}
        name = max(means, key=lambda one: abs(means[one]))
        amount = means[name]
        if abs(amount) < _LEAST_TONE_DB:
            return []
        return [f"{abs(amount):.1f} dB {'stronger' if amount > 0 else 'weaker'} in {name}"]

    def _said_of_width(self, rows: Rows) -> list[str]:
        song = self._width(self._heard)
        if song < _MONO_DB:
            return []
        amount = self._width(rows) - song
        return (
            [f"{abs(amount):.1f} dB {'wider' if amount > 0 else 'narrower'}"]
            if abs(amount) >= _LEAST_WIDTH_DB
            else []
        )

    @property
    def _powers(self) -> Doubles:
        return self._features.row_powers()

    def _tone(self, rows: Rows) -> Doubles:
        """(30,): the levels of the bands over these rows, mid and side together."""
        mid, side = self._features.mean_tone(rows)
        return np.asarray(10 * np.log10(_power(mid) + _power(side)))


def _part(bands: Doubles, low: float, high: float) -> Doubles:
    return bands[(low * 0.95 < CENTRES) & (high * 1.05 > CENTRES)]


def _mean(bands: Doubles) -> float:
    kept = bands[~np.isnan(bands)]
    return float(kept.mean()) if len(kept) else 0.0


def _wide(width: float) -> str:
    return (
        "Nearly mono"
        if width < -20
        else "Narrow"
        if width < -12
        else "Wide"
        if width > -5
        else "Neither narrow nor wide"
    )


def _hertz(hertz: float) -> str:
    return f"{hertz:.0f} Hz" if hertz < 1000 else f"{hertz / 1000:g} kHz"


def _number(value: float) -> str:
    return f"{value:.1f}".replace("-", "\N{MINUS SIGN}")


def _power(levels: Doubles) -> Doubles:
    return np.asarray(10 ** (levels / 10))


def _db(power: float) -> float:
    return float(10 * np.log10(max(power, 1e-12)))
