"""The command line: for staff in Chinese, with ``--lang en`` in English. Commands load what they need when they run."""

from .app import main

__all__ = ["main"]
