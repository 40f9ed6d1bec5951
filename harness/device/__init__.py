"""What happens to the device itself while a client is at work: one event a file. Importing this registers the house's own."""

from harness.device import address_change, killed, offline, storage_full

__all__ = ["address_change", "killed", "offline", "storage_full"]
