"""Every test of this folder runs on both kinds of stores."""

from tests.fake_servers.both_stores import files, on_both_stores

__all__ = ["files", "on_both_stores"]
