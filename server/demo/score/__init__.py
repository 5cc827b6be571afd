"""What The Lanterns play: sections, chords, grooves and the tune, in beats; nothing here makes sound."""
