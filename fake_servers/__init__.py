"""Fake license services that fail on purpose; usable alone, they import nothing of the harness."""
