"""drm-harness: judges how a DRM client reports and retries while its license services fail."""

__version__ = "0.1.0"
