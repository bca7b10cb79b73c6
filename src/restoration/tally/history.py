"""What each event of a site changed: the old value beside the new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import NamedTuple

from ..model import MEASURED, Attributes, Event, State


class Change(NamedTuple):
    """One field that an event changed; ``None`` where there was or is nothing."""

    field: str
    old: object
    new: object


def changes(
    history: Sequence[Event], *, attributes: Mapping[int, Attributes], areas_m2: Mapping[int, float]
) -> list[tuple[Event, tuple[Change, ...]]]:
    """Pair each event of a site with what it changed.

    Parameters
    ----------
    history
        The site's events, oldest first.
    attributes, areas_m2
        Every version of the site's attributes, and the area of record of every version of its boundary.
    """
    before: State | None = None
    told = []
    for event in history:
        told.append((event, tuple(_between(before, event.state, attributes, areas_m2))))
        before = event.state
    return told


def _between(old: State | None, new: State, attributes: Mapping[int, Attributes], areas_m2: Mapping[int, float]) -> list[Change]:
    found = [Change("status", old.status if old else None, new.status)]
    found.append(Change("area_m2", areas_m2.get(old.boundary) if old else None, areas_m2.get(new.boundary)))
    was = attributes.get(old.attributes) if old else None
    now = attributes.get(new.attributes)
    found += [Change(field.name, getattr(was, field.name, None), getattr(now, field.name, None)) for field in fields(Attributes)]
    found += [Change(name, old.measured.get(name) if old else None, new.measured.get(name)) for name in MEASURED]
    is_redrawn = old is not None and old.boundary != new.boundary
    return [c for c in found if (c.old or None) != (c.new or None) or (c.field == "area_m2" and is_redrawn)]
