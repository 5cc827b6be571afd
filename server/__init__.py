"""Earmark: feedback on demos, at the very second, live."""

__version__ = "0.1.0"
