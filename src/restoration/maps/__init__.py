"""The sites frame as one map that opens anywhere without the network, unless a service is chosen as its basemap."""

from .basemaps import Basemap, basemap, image
from .building import Map, build, require_for_office
from .encoding import Detail
from .findings import build_findings
from .marks import Mark
from .page import inert
from .photos import Photos, site_photos
from .saving import save
from .sites_layer import SitesLayer

__all__ = [
    "Basemap",
    "Detail",
    "Map",
    "Mark",
    "Photos",
    "SitesLayer",
    "basemap",
    "build",
    "build_findings",
    "image",
    "inert",
    "require_for_office",
    "save",
    "site_photos",
]
