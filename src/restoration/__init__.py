"""A geospatial ecological-restoration tracker: files in, a ledger that keeps them, areas that add up, one offline map."""

__version__ = "0.1.0"
