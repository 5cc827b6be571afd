"""The instruments: each gives one sound, mono float32 of shape (frames,), as long as it can ring.

Sounds are made once per pitch and variant and kept; performing a note cuts the sound to its length.
"""
