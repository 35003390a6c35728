"""A small library of invented films and a show, rendered on the spot: something to see."""

from revenge.embedded.demo._library import Progress, make_demo

__all__ = ["Progress", "make_demo"]
