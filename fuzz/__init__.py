"""Inputs that nobody thought of, made by atheris; a tool of the developers, no part of the package."""
