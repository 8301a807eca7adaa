"""Judging one duty: pure expressions over columns, no frame, no clock, no file."""
