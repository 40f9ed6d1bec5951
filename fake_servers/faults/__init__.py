"""Every way in which a service can fail, one fault a file. Importing this package registers the house's own."""

from fake_servers.faults import bytes, connect, http, service, tls

__all__ = ["bytes", "connect", "http", "service", "tls"]
