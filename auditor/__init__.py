"""Compares what is done with people's data to what they were told is done with it."""

__version__ = "0.1.0"
