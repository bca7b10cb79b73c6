"""How steep the ground of sites is, from an elevation model: slopes and surface areas, none of them an area of record."""

from .surface import NOT_OF_RECORD, NOTES, Summed, summed, surface_areas

__all__ = ["NOTES", "NOT_OF_RECORD", "Summed", "summed", "surface_areas"]
