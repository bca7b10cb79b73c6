"""The sites frame as one map that opens anywhere without the network."""

from .building import build
from .encoding import Detail
from .findings import Mark, build_findings
from .page import inert
from .saving import save
from .sites_layer import SitesLayer

__all__ = ["Detail", "Mark", "SitesLayer", "build", "build_findings", "inert", "save"]
