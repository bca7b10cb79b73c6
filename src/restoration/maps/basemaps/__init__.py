"""What may lie under the sites: services, files of tiles, pictures; all by choice, none by default."""

from .choosing import basemap, image
from .element import Backdrop
from .kinds import Basemap, Picture, Service, Tiles

__all__ = ["Backdrop", "Basemap", "Picture", "Service", "Tiles", "basemap", "image"]
