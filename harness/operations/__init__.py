"""The five operations as tables, and the retry policy as data."""
