"""Audits exported case data of looked-after children against law and local policy."""

__version__ = "0.1.0"
