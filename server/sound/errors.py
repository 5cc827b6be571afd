"""What is said when a file cannot be used."""

SENTENCES = {
    "empty": "This file is empty.",
    "not-audio": "This is not an audio file Earmark can read.",
    "truncated": "This file is cut off: it ends before its audio does. Please export or copy it again.",
    "no-audio": "There is no audio in this file: it is 0 seconds long.",
    "no-sound": "This is a video without sound.",
    "video": "This is a video. Please export its sound as WAV, FLAC or MP3 and upload that.",
    "playlist": "This is a playlist: it only points at other files. Please upload the audio file itself.",
    "too-long": "This recording is longer than the {hours:g} hours Earmark takes.",
    "too-many-channels": "This recording has {channels} channels; Earmark takes up to {limit}.",
    "odd-sample-rate": "This recording has a sample rate of {hertz} Hz; Earmark takes {low} to {high} Hz.",
    "took-too-long": "Reading this file took longer than its length allows, so it was stopped.",
    "too-big-to-decode": "Reading this file needs more memory than a recording may take, so it was stopped.",
    "crashed": "This file broke the audio decoder. Please export it again, as WAV or FLAC for example.",
    "nothing-there": "The recording ends before this piece begins.",
    "note-too-long": "A spoken note may be {minutes} minutes long. Please say it in two.",
    "silent-note": "There is nothing to be heard in this note. Is the microphone on?",
    "damaged": "This file is damaged: its audio cannot be decoded.",
    "unsupported-codec": "This kind of audio ({codec}) is not one Earmark can read."
    " Please export it as WAV, FLAC, MP3 or AAC.",
}


class UnreadableAudio(Exception):
    """A file that Earmark refuses. ``code`` is for programs, ``str(error)`` is one sentence for people."""

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(SENTENCES[code].format(**details))
        self.code = code
        self.details = details

    def __reduce__(self) -> tuple[object, tuple[str, dict[str, object]]]:
        # The default would call the class with the finished sentence: it has to cross from the child process.
        return _again, (self.code, self.details)


def _again(code: str, details: dict[str, object]) -> UnreadableAudio:
    return UnreadableAudio(code, **details)
