"""The readers of files from outside."""
