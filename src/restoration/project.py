"""The one thing that writes: a project file, and everything that may be done to it."""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import geopandas as gpd
import pandas as pd

from . import checks, lifecycle, tally
from .deciding import (
    Asked,
    Decided,
    Examined,
    Judged,
    correction,
    decided,
    facts_at,
    figures_judged,
    judged,
    not_future,
    repair_entry,
    require_order,
    require_repairs,
    signed_by,
    slips,
    survey,
)
from .entering import (
    checked_measured,
    require_agreeing,
    require_recorder,
    require_target,
)
from .errors import BadRequest, MoveRefused, NotFound, RestorationError, Stale
from .export import write_refused
from .foreseeing import foreseen
from .importing import Options, Plan, Signed, following
from .lifecycle import Lifecycle
from .model import Attributes, Event, Finding, Target, statuses_of, today
from .planning import plan_files
from .reference_files import Given, Named, Sources, given_by, named_in
from .references import kind_named
from .store import Clock, Entry, Head, Ledger, Proof, create_ledger, open_ledger
from .tables import Days, Filled, Layouts, fill, layouts
from .text import Text
from .thresholds import Thresholds, thresholds
from .units import Rounding

TABLE_FILE = "lifecycle.toml"
THRESHOLDS_FILE = "thresholds.toml"
NET_RULES_FILE = "net_rules.toml"
REFERENCES_FILE = "references.toml"
TABLES_FILE = "tables.toml"
"""An office's own table of measures and statuses, its thresholds, its rules of net areas, the names of its reference layers and the
layouts of its tables are looked for beside the project file."""


class Project:
    """One office's ledger.

    Make one with `Project.create` or `Project.open`. Reading gives the sites frame; every writing call is one
    transaction, all or nothing, and gives back the events that it wrote.

    Examples
    --------
    >>> import tempfile
    >>> from datetime import date
    >>> from restoration import sample
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     project = sample.build(Path(folder)).project
    ...     events = project.note(["KQFL-2021-522301011-0002"], text="看过", by="甲")
    ...     print(len(project.sites(as_of=date(2021, 12, 31))), [event.kind for event in events], project.verify().findings)
    100 ['noted'] ()
    """

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.table: Lifecycle = ledger.table

    @classmethod
    def create(cls, path: Path, *, title: str = "") -> Project:
        """Make a new project file; refuses to overwrite.

        Raises
        ------
        CannotWrite, FileRefused
        """
        return cls(create_ledger(path, about={"title": title}, table=_table_for(path)))

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False, checked: bool = True) -> Project:
        """Open a project file; ``checked=False`` opens also one whose protection was altered, for `verify` to say so.

        Raises
        ------
        NotFound, NotAProject, Damaged, Busy, CannotWrite, FileRefused
        """
        return cls(open_ledger(path, table=_table_for(path), read_only=read_only, checked=checked))

    @property
    def path(self) -> Path:
        """The project file."""
        return self.ledger.path

    # ------------------------------------------------------------------ reading

    def sites(self, *, as_of: date | None = None, clock: Clock = "field") -> gpd.GeoDataFrame:
        """The sites frame as the district stood at the end of a day; ``None`` is all that is recorded."""
        return self.ledger.sites(as_of=as_of, clock=clock)

    def history(self, site: str) -> list[Event]:
        """The events of one site, oldest first; the site by its number or name."""
        site_id = self.resolve([site])[0]
        return self.ledger.histories([site_id])[site_id]

    def resolve(self, sites: Iterable[str]) -> list[str]:
        """The numbers of sites named by number here, number in the source, or name.

        Raises
        ------
        NotFound, BadRequest
            No site, or several, go by that name; the message lists near or matching ones.
        """
        wanted = list(dict.fromkeys(site.strip() for site in sites))
        exact = set(self.ledger.heads(wanted))
        frame = self.sites() if set(wanted) - exact else None
        return list(dict.fromkeys(site if frame is None or site in exact else _resolved(frame, site) for site in wanted))

    def changes(self, site: str) -> list[tuple[Event, tuple[tally.Change, ...]]]:
        """The events of one site, oldest first, each with the old and new values that it changed."""
        site_id = self.resolve([site])[0]
        drawn = self.ledger.boundary_versions([site_id])
        areas_m2 = dict(zip(drawn["version"], drawn["area_m2"], strict=True))
        return tally.changes(
            self.ledger.histories([site_id])[site_id], attributes=self.ledger.attribute_versions(site_id), areas_m2=areas_m2
        )

    def progress_by_month(
        self, *, by: Sequence[str] = (), since: date | None = None, until: date | None = None, clock: Clock = "field"
    ) -> pd.DataFrame:
        """Progress at the end of each month, one row a month and group; see `tally.series`.

        Parameters
        ----------
        by
            Words of `tally.BY`; none gives one row a month for all sites.
        since
            A day of the first month; that of the first event if not given.
        until
            The last day, which may lie within its month; today if not given. There is nothing after it: progress is not foretold.

        Raises
        ------
        BadRequest, UnknownName
        """
        last = not_future(until or today())
        first = since or self.ledger.first_on(clock=clock) or last
        if since and since > last:
            raise BadRequest(
                Text(f"起始月份 {since:%Y-%m} 在截至日期 {last} 之后。", f"The first month {since:%Y-%m} is after the last day {last}."),
                Text("请把起始月份改早，或把截至日期改晚。", "Give an earlier month, or a later day."),
            )
        frames = self.ledger.sites_on(tally.month_ends(first, last), clock=clock)
        return tally.series(frames, self.targets(), by=by, table=self.table)

    def bridge(
        self,
        since: date,
        until: date | None = None,
        *,
        total: str = "task",
        by: Sequence[str] = (),
        measure: str | None = None,
        clock: Clock = "field",
    ) -> tally.Bridge:
        """Why a total changed from the end of one day to the end of another; see `tally.bridge`.

        Parameters
        ----------
        until
            Today if not given.
        measure
            By code or label; the total of this measure alone.

        Raises
        ------
        BadRequest, UnknownName
        """
        last = not_future(until or today())
        if since > last:
            raise _after(since, last)
        states = self.ledger.states_between(since, last, clock=clock)
        closing = states.drop_duplicates("site_id", keep="last")
        opening, between = states[states["is_opening"]], states[~states["is_opening"]]
        code = measure and self.table.measure(measure).code
        return tally.bridge(opening, closing, between, total=total, by=by, measure=code, table=self.table)

    def targets(self) -> list[Target]:
        """The targets that hold."""
        return self.ledger.targets()

    def check(self, *, given: Given | None = None) -> list[Judged]:
        """What is wrong with what is kept, each with whether somebody accepted it.

        Parameters
        ----------
        given
            Reference layers and photos, see `given`; those that `references.toml` names if not given.
        """
        return self.examine(given=given).judged

    def examine(self, *, given: Given | None = None) -> Examined:
        """The findings of `check`, and what each rule gave back for each site: failed, stale, waived, passed, or not run and why."""
        frame = self.sites()
        drawn = dict(zip(frame["site_id"], frame["boundary_version"], strict=True))
        held = given or self.given()
        ran = checks.run(frame, table=self.table, limits=self.limits(), references=held.references, photos=held.photos)
        found = judged(ran.findings, self.ledger.histories(), drawn)
        return Examined(found, ran.results([one.state for one in found]))

    def given(self, *, against: Mapping[str, Path] | None = None, photos: Path | None = None) -> Given:
        """The layers and the photos that checks hold sites against: those that `references.toml` beside the project names, and these.

        Parameters
        ----------
        against
            Files by kind (a code or a Chinese word, see `references.kinds`); they go before those that are named.
        photos
            The folder of photos.

        Raises
        ------
        FileRefused, NotFound, UnknownName
        """
        path = _beside(self.path, REFERENCES_FILE)
        named = named_in(path) if path else Sources({})
        own = {kind_named(kind).code: Named(file) for kind, file in (against or {}).items()}
        return given_by(Sources({**named.files, **own}, photos or named.photos))

    def repairs(self, sites: Sequence[str] = (), *, codes: Sequence[str] = ()) -> list[checks.Proposal]:
        """Mended boundaries for the sites that have S101, S103 or S104 and no waiver for it; nothing is written.

        Parameters
        ----------
        sites
            Numbers or names; all sites if none is given.
        codes
            Which of these findings to mend; all if none is given.

        Raises
        ------
        NotFound, BadRequest, UnknownName
        """
        named = set(self.resolve(sites))
        mendable = [code.strip().upper() for code in codes] or [rule.code for rule in checks.MENDED]
        checks.require_mended(mendable)
        found: dict[str, set[str]] = {}
        for one in self.check():
            if one.state != "waived" and one.finding.code in mendable and (not named or one.finding.site_id in named):
                found.setdefault(one.finding.site_id, set()).add(one.finding.code)
        return checks.repairs(self.sites(), found, table=self.table, limits=self.limits())

    def net_rules(self) -> tally.NetRules:
        """Who may keep shared ground: the built-in rules, with the office's own where it has any beside the project file."""
        return tally.net_rules(_beside(self.path, NET_RULES_FILE))

    def layouts(self) -> Layouts:
        """The layouts of tables: the built-in ones, with the office's own where it has any beside the project file."""
        return layouts(_beside(self.path, TABLES_FILE))

    def fill(
        self,
        name: str,
        *,
        as_of: date | None = None,
        since: date | None = None,
        clock: Clock = "field",
        year: int | None = None,
        rounding: Rounding = "whole",
        office: str = "",
    ) -> Filled:
        """One of the tables that the office hands in, filled as of a day; see `tables.fill`.

        Parameters
        ----------
        name
            Code or title of a layout.
        since
            The day that changes are counted from; the last of the month before if not given.
        year
            The plan year of a layout that is of one; that of the day if not given.

        Raises
        ------
        UnknownName, BadRequest, FileRefused
        """
        (filled,) = self.fill_all([name], as_of=as_of, since=since, clock=clock, year=year, rounding=rounding, office=office)
        return filled

    def fill_all(
        self,
        names: Sequence[str],
        *,
        as_of: date | None = None,
        since: date | None = None,
        clock: Clock = "field",
        year: int | None = None,
        rounding: Rounding = "whole",
        office: str = "",
    ) -> list[Filled]:
        """Several tables of one day, for which the ledger is read once; parameters and errors are those of `fill`."""
        layouts, day = [self.layouts().layout(name) for name in names], not_future(as_of or today())
        earlier = since or day.replace(day=1) - timedelta(days=1)
        if earlier > day:
            raise _after(earlier, day)
        sites, targets = self.sites(as_of=as_of, clock=clock), self.targets()
        before = self.sites(as_of=earlier, clock=clock) if any(layout.has_change for layout in layouts) else None
        histories = self.ledger.histories() if any(layout.needs_events for layout in layouts) else None
        return [
            fill(
                layout, sites, table=self.table, days=Days(day, earlier, clock, year or day.year), targets=targets,
                before=before if layout.has_change else None, histories=histories, rounding=rounding, office=office,
            )
            for layout in layouts
        ]  # fmt: skip

    def limits(self) -> Thresholds:
        """The thresholds of the checks: the office's own, where it has any beside the project file."""
        return thresholds(_beside(self.path, THRESHOLDS_FILE))

    def verify(self) -> Proof:
        """Prove that no byte of the history was changed."""
        return self.ledger.verify()

    def backup(self, out: Path) -> None:
        """A consistent copy of the file, also while others write to it; never over another file."""
        self.ledger.backup(out)

    # ------------------------------------------------------------------ writing

    def update(
        self,
        sites: Sequence[str],
        *,
        to: str,
        by: str,
        on: date | None = None,
        doc_no: str = "",
        note: str = "",
        surveyed_on: date | None = None,
        measured: Mapping[str, float] | None = None,
        expected: Mapping[str, str] | None = None,
    ) -> list[Event]:
        """Change the status of sites, all of them or none.

        Parameters
        ----------
        sites
            Numbers or names.
        to
            The status wanted, by code or label.
        by
            Who records it.
        on
            The day that it happened; today if not given.
        surveyed_on
            The day of the survey behind an acceptance; ``on`` if not given and something surveyed is.
        measured
            Areas in m² and indicators, by the names of `model.MEASURED`.
        expected
            By site the id of the event that the caller last saw; a site that has moved on since is refused.

        Raises
        ------
        MoveRefused
            The table of moves or a guard does not allow it; the message says what is allowed or missing.
        Stale
            Somebody else changed a site first.
        BadRequest, NotFound, UnknownName
        """
        status = self.table.status(to).code
        sites = self.resolve(sites)
        signed = signed_by(by, on, doc_no, note)
        payload = survey(checked_measured(measured or {}, count=len(sites)), surveyed_on, on=signed.on)

        def move(head: Head, history: Sequence[Event]) -> Entry:
            _require_seen(head, expected)
            require_agreeing(head.event.state.measured, payload.get("measured", {}))
            facts = facts_at(head, history, payload, signed)
            measure = self.table.measures[head.attributes.measure]
            self.table.require_move(measure, statuses_of(history), status, on=signed.on, facts=facts)
            return Entry(following(head.event, kind="moved", payload=payload, signed=signed, to_status=status))

        return self._write(sites, signed, move)

    def measure(
        self,
        site: str,
        *,
        measured: Mapping[str, float],
        by: str,
        on: date | None = None,
        surveyed_on: date | None = None,
        doc_no: str = "",
        note: str = "",
    ) -> list[Event]:
        """Record areas (m²) and indicators of one site, without a change of status."""
        values = checked_measured(measured, count=1)
        signed = signed_by(by, on, doc_no, note)
        payload = survey(values, surveyed_on, on=signed.on)

        def record(head: Head, _: Sequence[Event]) -> Entry:
            require_agreeing(head.event.state.measured, values)
            return Entry(following(head.event, kind="measured", payload=payload, signed=signed))

        return self._write([site], signed, record)

    def correct(
        self, site: str, *, changes: Mapping[str, str], reason: str, by: str, on: date | None = None, doc_no: str = ""
    ) -> list[Event]:
        """Put a wrong record right; the old one stays in the history. The one event that may break the table of moves.

        Parameters
        ----------
        changes
            New values as text, by column name or heading: ``status``, an attribute, or a measured value (``reported_mu`` and the
            like are in 亩, ``…_m2`` in m²; an empty text takes the value away).
        reason
            Why; must not be empty.
        """
        if not reason.strip():
            raise BadRequest(Text("更正必须说明理由。", "A correction needs a reason."), Text("请加 --reason。", "Give --reason."))
        if not changes:
            raise BadRequest(
                Text("没有给出要更正的内容。", "Nothing to correct was given."), Text("请加 --set 字段=值。", "Give --set FIELD=VALUE.")
            )
        signed = signed_by(by, on, doc_no, reason)

        def put_right(head: Head, _: Sequence[Event]) -> Entry:
            made = correction(head, changes, signed, self.table)
            self._require_free(head, made.attributes or head.attributes)
            return made

        return self._write([site], signed, put_right)

    def note(self, sites: Sequence[str], *, text: str, by: str, on: date | None = None, doc_no: str = "") -> list[Event]:
        """Note something about sites: an inspection, works done, a document."""
        if not text.strip():
            raise BadRequest(Text("备注是空的。", "The note is empty."), Text("请写明内容。", "Say what is to be noted."))
        signed = signed_by(by, on, doc_no, text)
        return self._write(sites, signed, lambda head, _: Entry(following(head.event, kind="noted", payload={}, signed=signed)))

    def waive(
        self, site: str, *, code: str, reason: str, by: str, on: date | None = None, other: str = "", doc_no: str = ""
    ) -> list[Event]:
        """Accept a finding of a site, with a person and a reason; it falls when a boundary changes, or a figure that the rule judges.

        Parameters
        ----------
        code
            The finding's code, such as ``S202``; it must be one that the site has now.
        other
            The other site, where the finding is about two. It may be left out where the site has one such pair; one that comes
            to light later is never accepted with it.
        """
        if not reason.strip():
            raise BadRequest(Text("豁免必须说明理由。", "A waiver needs a reason."), Text("请加 --reason。", "Give --reason."))
        site_id, *others = self.resolve([site, *([other] if other else [])])
        seen = self.sites().set_index("site_id")  # read first: what changes meanwhile was not judged
        finding = self._finding(site_id, code.strip().upper(), others[0] if others else "")
        figures = figures_judged(finding.code, seen.loc[site_id])
        signed = signed_by(by, on, doc_no, reason)

        def accept(head: Head, _: Sequence[Event]) -> Entry:
            meant = next((one for one in (finding.other_site_id, finding.site_id) if one != site_id), "")
            accepted = {site: int(seen["boundary_version"][site]) for site in (site_id, *([meant] if meant else []))}
            payload = {"code": finding.code, "other": meant, "waived_at": accepted, **({"figures": figures} if figures else {})}
            return Entry(following(head.event, kind="waived", payload=payload, signed=signed))

        return self._write([site_id], signed, accept)

    def repair(
        self,
        sites: Sequence[str] = (),
        *,
        by: str,
        reason: str,
        codes: Sequence[str] = (),
        large: Sequence[str] = (),
        on: date | None = None,
        doc_no: str = "",
    ) -> list[Event]:
        """Write the boundaries that `repairs` proposes as new versions, all or none; the old ones stay in the ledger.

        Where no sites are named, those that cannot be mended are left out; one that is named is refused, and all with it.

        Parameters
        ----------
        large
            Sites whose area may change by more than the threshold ``repair``; each must be named.

        Raises
        ------
        BadRequest
            No reason; a proposal that changes an area by more than the threshold and is not named; a named site that is not mended.
        Stale
            Somebody redrew a site meanwhile.
        NotFound, UnknownName
        """
        if not reason.strip():
            raise BadRequest(Text("修复必须说明理由。", "A repair needs a reason."), Text("请加 --reason。", "Give --reason."))
        signed = signed_by(by, on, doc_no, reason)
        proposed = [one for one in self.repairs(sites, codes=codes) if sites or one.verdict != "unmended"]
        require_repairs(proposed, named=set(self.resolve(large)), limits=self.limits())
        proposals = {one.site_id: one for one in proposed}
        return self._write(list(proposals), signed, lambda head, _: repair_entry(head, proposals[head.event.site_id], signed))

    def add_targets(self, targets: Sequence[Target]) -> None:
        """Record planned figures; a later one of the same measure and year takes the place of an earlier."""
        for target in targets:
            require_target(target)
        self.ledger.add_targets([replace(target, measure=self.table.measure(target.measure).code) for target in targets])

    def import_files(
        self,
        paths: Sequence[Path],
        *,
        by: str,
        on: date | None = None,
        doc_no: str = "",
        note: str = "",
        options: Options | None = None,
        check: bool = True,
        dry_run: bool = False,
    ) -> ImportAccount:
        """Take files in: all their good rows in one transaction, and an account of every row.

        Parameters
        ----------
        paths
            Files of any format that `readers` takes, also zipped, and folders of geodatabases.
        by, on, doc_no, note
            Who, on which day (today if not given; a row's own date goes before it), by which document.
        options
            How to read the files and understand their columns.
        check
            Tell also what the checks find in the sites as they would be; the findings stop nothing.
        dry_run
            Tell everything, write nothing.

        Raises
        ------
        FileRefused, NotFound, BadRequest, UnknownName, Stale
        """
        signed = signed_by(by, on, doc_no, note)
        plan = plan_files(
            self.ledger, paths, signed=signed, options=options or Options(), limits=self.limits() if check else None, given=self.given()
        )
        account = ImportAccount(plan, tuple(paths))
        return account if dry_run else self.take(account)

    def take(self, account: ImportAccount) -> ImportAccount:
        """Write what `import_files` told in a dry run, as it was told.

        Raises
        ------
        Stale
            Somebody changed one of the sites since.
        CannotWrite, Busy
        """
        plan = account.plan
        with write_refused(plan.refused, beside=account.paths[0], otherwise=self.path.parent) as out:
            if plan.entries:
                self.ledger.append(plan.entries)
        return replace(account, refused_files=(out,) if out else (), is_dry_run=False)

    def foreseen(self, account: ImportAccount) -> gpd.GeoDataFrame:
        """The sites frame with an import done, whether it was a dry run or not."""
        now = self.sites()
        return foreseen(now, account.plan.entries, table=self.table) if account.is_dry_run else now

    def decide(self, asked: Sequence[Asked], *, by: str) -> list[Decided]:
        """What becomes of changes that were asked for on a sheet, each by itself; nothing is written.

        Raises
        ------
        BadRequest
            Nobody signs them.
        """
        require_recorder(by)
        site_ids = list(dict.fromkeys(one.site_id for one in asked))
        heads, histories = self.ledger.heads(site_ids), self.ledger.histories(site_ids)
        return [decided(one, heads.get(one.site_id), histories.get(one.site_id, []), by=by, table=self.table) for one in asked]

    def slips(self, events: Sequence[Event]) -> list[Text]:
        """What is to be looked at again in entries, written or still to be: areas that are a slip beside their polygons, see `slips`."""
        told = [event for event in events if event.payload.get("measured")]
        drawn = self.ledger.boundary_versions({event.site_id for event in told}) if told else pd.DataFrame({"site_id": [], "area_m2": []})
        latest = drawn.drop_duplicates("site_id", keep="last")
        return slips(told, dict(zip(latest["site_id"], latest["area_m2"], strict=True)), limits=self.limits())

    def record(self, made: Sequence[Decided]) -> list[Event]:
        """Write the entries of what was decided, all or none.

        Raises
        ------
        Stale
            Somebody wrote to one of the sites since.
        """
        return self.ledger.append([one.entry for one in made if one.entry])

    def _write(self, sites: Sequence[str], signed: Signed, make: Callable[[Head, Sequence[Event]], Entry]) -> list[Event]:
        site_ids = self.resolve(sites)
        heads, histories = self.ledger.heads(site_ids), self.ledger.histories(site_ids)
        entries: list[Entry] = []
        refused: list[RestorationError] = []
        for site_id in site_ids:
            try:
                require_order(heads[site_id].event, signed.on)
                entries.append(make(heads[site_id], histories[site_id]))
            except (MoveRefused, BadRequest) as error:
                refused.append(_named(error, site_id))
        if refused:
            raise _together(refused, len(site_ids))
        return self.ledger.append(entries)

    def _require_free(self, head: Head, new: Attributes) -> None:
        """Two sites of one measure, year and number in the source would be one to every file that comes."""
        old = head.attributes
        key = (new.measure, new.plan_year, new.source_id)
        if key == (old.measure, old.plan_year, old.source_id):
            return
        site_id = f"{self.table.measures[new.measure].abbr}-{new.plan_year}-{new.source_id}"
        taken = self.ledger.renumbered().get(key) or next(iter(self.ledger.heads([site_id])), head.event.site_id)
        if taken != head.event.site_id:
            raise BadRequest(
                Text(f"已有同措施、同年度、同小班号的 {taken}。", f"{taken} has that measure, year and number already."),
                Text(
                    "请核对两个小班是不是同一块地；重复的请核减。",
                    "Are they one? Cancel the one that is double.",
                ),
            )

    def _finding(self, site_id: str, code: str, other: str) -> Finding:
        mine = [j.finding for j in self.check() if site_id in (j.finding.site_id, j.finding.other_site_id)]
        pairs = [f for f in mine if f.code == code and (not other or other in (f.site_id, f.other_site_id))]
        if not pairs:
            codes = sorted({finding.code for finding in mine})
            raise BadRequest(
                Text(f"{site_id} 现在没有 {code} 这个问题。", f"{site_id} has no finding {code} now."),
                Text(f"它现有的问题：{'、'.join(codes) or '无'}。", f"It has: {', '.join(codes) or 'none'}."),
            )
        others = sorted({one for f in pairs for one in (f.site_id, f.other_site_id)} - {site_id, ""})
        if len(others) > 1:
            raise BadRequest(
                Text(
                    f"{site_id} 的 {code} 涉及几个小班：{'、'.join(others)}。",
                    f"{code} of {site_id} is about several: {', '.join(others)}.",
                ),
                Text("请用 --other 指明其中一个，逐个豁免。", "Name one with --other, and waive them one by one."),
            )
        return pairs[0]


@dataclass(frozen=True, slots=True)
class ImportAccount:
    """What an import did, or would do."""

    plan: Plan
    paths: tuple[Path, ...]
    refused_files: tuple[Path, ...] = ()
    is_dry_run: bool = True


def _table_for(path: Path) -> Lifecycle:
    named = os.environ.get("RESTORATION_LIFECYCLE")
    return lifecycle.table(Path(named) if named else _beside(path, TABLE_FILE))


def _beside(path: Path, name: str) -> Path | None:
    found = path.resolve().parent / name
    return found if found.is_file() else None


def _after(since: date, last: date) -> BadRequest:
    return BadRequest(
        Text(f"起始日期 {since} 在截止日期 {last} 之后。", f"The first day {since} is after the last day {last}."),
        Text("请把起始日期改早，或把截止日期改晚。", "Give an earlier first day, or a later last day."),
    )


def _require_seen(head: Head, expected: Mapping[str, str] | None) -> None:
    seen = (expected or {}).get(head.event.site_id)
    if seen is not None and seen != head.event.id:
        last = head.event
        raise Stale(
            Text(
                f"{last.site_id}：你看到之后，{last.recorded_by} 又改过（{last.recorded_at}）。",
                f"{last.site_id}: {last.recorded_by} changed it since you saw it ({last.recorded_at}).",
            ),
            Text("请重新读取后再办。", "Read it again and decide anew."),
        )


def _resolved(frame: gpd.GeoDataFrame, wanted: str) -> str:
    for column in ("site_id", "source_id", "name"):
        found = frame.loc[frame[column].str.casefold() == wanted.casefold(), "site_id"].tolist() if wanted else []
        if len(found) == 1:
            return str(found[0])
        if found:
            raise BadRequest(
                Text(f"“{wanted}”不止一个。", f"{wanted!r} is more than one site."),
                Text(f"请用编号：{'、'.join(found[:10])}。", f"Use the number: {', '.join(found[:10])}."),
            )
    known = pd.concat([frame["site_id"], frame["name"]]).tolist()
    near = difflib.get_close_matches(wanted, [str(name) for name in known if name], n=5, cutoff=0.5)
    raise NotFound(
        Text(f"没有编号或名称为“{wanted}”的小班。", f"No site has the number or name {wanted!r}."),
        Text(
            f"相近的有：{'、'.join(near)}。" if near else "用 restoration list 查看全部。",
            f"Near it: {', '.join(near)}." if near else "See them all with `restoration list`.",
        ),
    )


def _named(error: RestorationError, site_id: str) -> RestorationError:
    kind = MoveRefused if isinstance(error, MoveRefused) else BadRequest
    return kind(Text(f"{site_id}：{error.fact.zh}", f"{site_id}: {error.fact.en}"), error.way_out)


def _together(refused: Sequence[RestorationError], count: int) -> RestorationError:
    if len(refused) == 1 and count == 1:
        return refused[0]
    zh, en = ("\n".join(f"{getattr(error.fact, lang)} {getattr(error.way_out, lang)}" for error in refused) for lang in ("zh", "en"))
    return type(refused[0])(
        Text(zh, en),
        Text(f"{count} 个小班都没有改动（要么全改，要么不改）。", f"None of the {count} sites was changed (all or none)."),
    )
