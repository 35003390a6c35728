"""The fixtures of the gateway's own tests."""

from revenge.gateway.testing import house, services, settings

__all__ = ["house", "services", "settings"]
