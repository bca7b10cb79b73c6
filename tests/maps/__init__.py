"""The maps room: what is in the file, and what a browser makes of it."""
