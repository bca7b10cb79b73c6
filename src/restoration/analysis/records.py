"""An open project as an analyst reads it: every record a frame, nothing that writes, nobody locked out."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import cast

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from .. import model
from ..frame import CRS, label_of
from ..lifecycle import Lifecycle
from ..model import Event
from ..project import Project
from ..store import Clock
from ..style import look_of
from ..tally import Bridge, NetRules
from ..text import Text, visible
from ..thresholds import Thresholds
from ..units import LABEL, shown
from .days import Day, day_of, required_day
from .frames import events_frame, findings_frame, targets_frame
from .table import Table


def open_records(path: str | Path) -> Records:
    """A project file to read from; nothing that is called on it can write, and staff go on working meanwhile.

    Raises
    ------
    NotFound, NotAProject, Damaged, Busy

    Examples
    --------
    >>> import tempfile
    >>> from restoration import sample
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     records = open_records(sample.build(Path(folder)).project.path)
    ...     print(len(records.sites(as_of="2021-12-31")), len(records.events()), records.targets()["target_m2"].sum() > 0)
    100 440 True
    """
    return Records(Project.open(Path(path), read_only=True))


class Records:
    """The records of one project, as frames.

    ``project`` is the `Project` beneath, read-only, for what is not here; ``table`` is its lifecycle, to be given to functions of a
    frame where the office has its own.

    Examples
    --------
    >>> import tempfile
    >>> from restoration import sample
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     records = open_records(sample.build(Path(folder)).project.path)
    ...     print(records.path.name, records.title, list(records.table.layers))
    ...     print(type(records.limits).__name__, type(records.net_rules).__name__)
    ...     print(len(records.sites(as_of="2021-12-31")), len(records.events()), len(records.history()), len(records.boundaries()))
    ...     print(records.targets()[["measure", "plan_year", "target_m2"]].head(1).values.tolist())
    ...     print(set(records.findings()["state"]) <= {"failed", "waived", "stale"})
    ...     print(records.progress_by_month(since="2021-11-01", until="2021-12-31")["accepted_number"].tolist())
    ...     print(records.bridge("2021-09-30", "2021-12-31", total="accepted").whole["sites"].tolist())
    ...     print(records.site("KQFL-2021-522301011-0002"))
    yilong-sample.gpkg 义龙新区生态修复（示例数据） ['desertification_control', 'reforestation', 'mine_sites']
    Thresholds NetRules
    100 440 440 101
    [['hill_closure', 2021, 3000000.0]]
    True
    [21, 30]
    [12, 19, 2, 31]
    Site('KQFL-2021-522301011-0002')
    """

    def __init__(self, project: Project) -> None:
        self.project = project

    @property
    def path(self) -> Path:
        """The project file."""
        return self.project.path

    @property
    def title(self) -> str:
        """What the project is called; ``""`` if nothing."""
        return self.project.ledger.about().get("title", "")

    @property
    def table(self) -> Lifecycle:
        """Measures, statuses and who may follow whom: the built-in lifecycle, or the office's own."""
        return self.project.table

    @property
    def limits(self) -> Thresholds:
        """The thresholds of the checks: the built-in ones, or the office's own."""
        return self.project.limits()

    @property
    def net_rules(self) -> NetRules:
        """Who may keep shared ground: the built-in rules, or the office's own."""
        return self.project.net_rules()

    def sites(self, *, as_of: Day | None = None, clock: Clock = "field") -> gpd.GeoDataFrame:
        """The sites frame (`docs/frame.md`) as the district stood at the end of a day.

        Parameters
        ----------
        as_of
            A day, or its ISO text; all that is recorded if not given.
        clock
            ``field``: by the day that things happened; ``office``: by the day that they were recorded.

        Raises
        ------
        BadRequest
        """
        return self.project.sites(as_of=day_of(as_of), clock=clock)

    def events(self) -> Table:
        """The whole history, one row an event, site by site, oldest first.

        ``event_id``, ``site_id``, ``step``, ``kind``, ``happened_on`` (field), ``recorded_at`` (office, UTC), ``recorded_by``, ``status``
        that results, ``to_status`` where it moved, ``doc_no``, ``note``, ``boundary_version``, and the figures that it recorded
        (``reported_m2``, ``survival_pct`` …; NaN where it recorded none), and ``erased``: the names of figures that it took away again.
        """
        return events_frame(self._events())

    def history(self) -> gpd.GeoDataFrame:
        """The `events`, each with the boundary that it left behind (EPSG:4490): history that a GIS can play."""
        drawn = self.boundaries().set_index(["site_id", "version"]).geometry
        events = pd.DataFrame(self.events())
        place = pd.MultiIndex.from_arrays([events["site_id"], events["boundary_version"].astype("int64")])
        return gpd.GeoDataFrame(events, geometry=drawn.reindex(place).to_numpy(), crs=CRS)

    def boundaries(self) -> gpd.GeoDataFrame:
        """Every version of every boundary, EPSG:4490: ``site_id``, ``version``, ``area_m2``, ``drawn_on``, ``recorded_at``."""
        versions = self.project.ledger.boundary_versions().astype({"site_id": "str", "version": "int64", "area_m2": "float64"})
        first = self.events().drop_duplicates(["site_id", "boundary_version"])
        when = pd.DataFrame(first[["site_id", "boundary_version", "happened_on", "recorded_at"]])
        when = when.rename(columns={"boundary_version": "version", "happened_on": "drawn_on"}).astype({"version": "int64"})
        joined = versions.merge(when, on=["site_id", "version"], how="left")
        return cast(gpd.GeoDataFrame, joined[["site_id", "version", "area_m2", "drawn_on", "recorded_at", "geometry"]])

    def targets(self) -> Table:
        """The targets that hold: ``measure``, ``plan_year``, ``target_m2``, ``target_number``, ``source``, who recorded it and when."""
        return targets_frame(self.project.targets())

    def findings(self) -> gpd.GeoDataFrame:
        """What the checks find in what is kept, as `check` tells it, with ``state``: ``failed``, ``waived`` or ``stale``."""
        return findings_frame([(one.finding, one.state) for one in self.project.check()], table=self.table)

    def progress_by_month(
        self, *, by: str | Sequence[str] = (), since: Day | None = None, until: Day | None = None, clock: Clock = "field"
    ) -> Table:
        """Progress at the end of each month, one row a month and group; see `tally.series`.

        Raises
        ------
        BadRequest, UnknownName
        """
        words = [by] if isinstance(by, str) else list(by)
        return Table(self.project.progress_by_month(by=words, since=day_of(since), until=day_of(until), clock=clock))

    def bridge(
        self, since: Day, until: Day | None = None, *, total: str = "task", by: str | Sequence[str] = (), measure: str | None = None,
        clock: Clock = "field",
    ) -> Bridge:  # fmt: skip
        """Why a total changed from the end of one day to the end of another, each change with the entry that made it; see `tally.bridge`.

        Parameters
        ----------
        until
            Today if not given.
        total, by, measure
            As in `restoration.bridge`.
        clock
            As in `sites`.

        Raises
        ------
        BadRequest, UnknownName
        """
        words = [by] if isinstance(by, str) else list(by)
        last = day_of(until)
        return self.project.bridge(required_day(since), last, total=total, by=words, measure=measure, clock=clock)

    def site(self, name: str) -> Site:
        """One site, by its number here, its number in the source, or its name.

        Raises
        ------
        NotFound, BadRequest
        """
        site_id = self.project.resolve([name])[0]
        sites = self.project.sites()
        return Site(self, sites[sites["site_id"] == site_id].iloc[0])

    def _events(self) -> list[Event]:
        return [event for history in self.project.ledger.histories().values() for event in history]

    def __repr__(self) -> str:
        return f"Records({str(self.path)!r})"

    def _repr_html_(self) -> str:
        sites = self.project.sites()
        counted = sites[sites["counted"]]
        by_group = counted.groupby("group")["area_m2"].agg(["size", "sum"])
        rows = [
            (str(label), look_of(code).colour, int(by_group.loc[code, "size"]), float(by_group.loc[code, "sum"]))
            for code, label in self.table.groups.items()
            if code in by_group.index
        ]
        unit = str(LABEL["mu"])
        heading = _HEAD.format(*(escape(str(text)) for text in (_GROUP, _NUMBER, Text(f"措施面积({unit})", f"task area ({unit})"))))
        body = "".join(
            _ROW.format(colour=colour, label=_safe(label), number=number, area=shown(area)) for label, colour, number, area in rows
        )
        facts = Text(f"{len(sites)} 个小班 · 只读 · {model.today()}", f"{len(sites)} sites · read only · {model.today()}")
        return f"<div><b>{_safe(self.title or self.path.name)}</b> <small>{_safe(str(facts))}</small><table>{heading}{body}</table></div>"


_GROUP, _NUMBER = Text("状态", "status"), Text("个数", "sites")
_HEAD = "<thead><tr><th style='text-align:left'>{}</th><th>{}</th><th>{}</th></tr></thead>"
_ROW = "<tr><td style='text-align:left'><span style='color:{colour}'>&#9632;</span> {label}</td><td>{number}</td><td>{area}</td></tr>"


class Site:
    """One site of a project as it stands now: ``facts`` is its row of the sites frame.

    Examples
    --------
    >>> import tempfile
    >>> from restoration import sample
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     site = open_records(sample.build(Path(folder)).project.path).site("KQFL-2021-522301011-0002")
    ...     print(site.site_id, site.facts["status"], site.geometry.geom_type, len(site.events()), len(site.boundaries()))
    KQFL-2021-522301011-0002 county_accepted MultiPolygon 7 1
    """

    def __init__(self, records: Records, facts: pd.Series) -> None:
        self.records = records
        self.facts = facts

    @property
    def site_id(self) -> str:
        """Its number."""
        return str(self.facts["site_id"])

    @property
    def geometry(self) -> shapely.MultiPolygon:
        """Its boundary now, EPSG:4490."""
        return cast(shapely.MultiPolygon, self.facts["geometry"])

    def events(self) -> Table:
        """Its history, oldest first; the columns are those of `Records.events`."""
        return events_frame(self.records.project.history(self.site_id))

    def boundaries(self) -> gpd.GeoDataFrame:
        """Every version of its boundary: ``site_id``, ``version``, ``area_m2``, EPSG:4490."""
        return self.records.project.ledger.boundary_versions([self.site_id])

    def __repr__(self) -> str:
        return f"Site({self.site_id!r})"

    def _repr_html_(self) -> str:
        cells = "".join(f"<tr><th style='text-align:left'>{_safe(label)}</th><td>{_safe(value)}</td></tr>" for label, value in self._told())
        colour = look_of(str(self.facts["group"])).colour
        return (
            f"<div style='display:flex;gap:1.5em;align-items:flex-start'>{_drawing(self.geometry, colour)}"
            f"<table><caption style='text-align:left'><b>{_safe(self.site_id)}</b></caption>{cells}</table></div>"
        )

    def _told(self) -> list[tuple[str, str]]:
        table, facts = self.records.table, self.facts
        unit = str(LABEL["mu"])
        areas = [(f"{label_of(name)} ({unit})", shown(float(facts[name]))) for name in ("area_m2", *model.AREAS)]
        words = [
            (str(label_of("name")), str(facts["name"])),
            (str(label_of("measure")), str(table.measures[str(facts["measure"])].label)),
            (str(label_of("plan_year")), "" if pd.isna(facts["plan_year"]) else str(facts["plan_year"])),
            (str(label_of("status")), str(table.label(str(facts["status"]), str(facts["measure"])))),
            *((str(label_of(name)), str(facts[name])) for name in ("town", "village", "last_on")),
        ]
        return [(label, value) for label, value in (*words, *areas) if value]


def _safe(text: str) -> str:
    return escape(visible(text))


def _drawing(geometry: shapely.MultiPolygon, colour: str) -> str:
    """The outline as a small SVG, degrees of longitude shortened as they are on the ground."""
    if geometry.is_empty:
        return ""
    west, south, east, north = geometry.bounds
    narrow = float(np.cos(np.radians((south + north) / 2)))
    scale = 96 / max((east - west) * narrow, north - south, 1e-9)

    def path(ring: shapely.LinearRing) -> str:
        points = shapely.get_coordinates(shapely.simplify(ring, 0.3 / scale, preserve_topology=False))
        return "M" + "L".join(f"{(x - west) * narrow * scale + 2:.1f} {(north - y) * scale + 2:.1f}" for x, y in points) + "Z"

    rings = "".join(path(ring) for part in geometry.geoms for ring in (part.exterior, *part.interiors))
    return (
        f"<svg width='100' height='100' role='img'><path d='{rings}' fill='{colour}' fill-opacity='.35' fill-rule='evenodd' "
        f"stroke='{colour}'/></svg>"
    )
