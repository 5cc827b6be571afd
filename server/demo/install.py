"""Puts the demo band into a data folder and lets it play, so that there is something to look at and to hear."""
