"""The sites frame as one map that opens anywhere without the network, unless a service is chosen as its basemap."""

from .basemaps import Basemap, basemap, image
from .building import build
from .page import inert
from .saving import save
from .sites_layer import SitesLayer

__all__ = ["Basemap", "SitesLayer", "basemap", "build", "image", "inert", "save"]
