"""The sites frame as one map that opens anywhere without the network."""

from .building import build
from .encoding import Detail
from .page import inert
from .saving import save
from .sites_layer import SitesLayer

__all__ = ["Detail", "SitesLayer", "build", "inert", "save"]
