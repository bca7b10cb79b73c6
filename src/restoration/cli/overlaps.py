"""The command that states which sites share ground, what kind of overlap it is, and what is left to each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..errors import BadRequest
from ..text import Text
from .footing import Footed, residual_told, when_told
from .look import shown_value
from .options import as_of, lang, open_project, output, project, unit, words_of
from .output import say, tell_table
from .words import command, option

if TYPE_CHECKING:
    import pandas as pd

    from ..lifecycle import Lifecycle
    from ..tally import Statement

PAIR_HEADINGS = (
    Text("编号", "site"),
    Text("措施年度", "measure and year"),
    Text("对方小班", "other"),
    Text("对方措施年度", "other's measure and year"),
)
MEANT = (Text("类型", "kind"), Text("性质", "verdict"), Text("归谁", "kept by"))
UNKEPT = {"even": Text("均分", "split"), "undecided": Text("待定", "open")}
_TOLD_OF_A_SITE = ("measure", "plan_year", "status")
NET_HEADINGS = (Text("编号", "site"), Text("措施", "measure"), Text("年度", "year"), Text("状态", "status"))


@command(
    "overlaps",
    "重叠：哪些小班占了同一块地，多少、什么性质、按规则归谁；净面积加起来等于土地面积。",
    "Overlaps: which sites share ground, how much, of what kind, who keeps it; net areas add up to the land area.",
)
@option("--by", "word", default="measure", show_default=True, metavar="layer,measure,status,group,town,year",
        zh="交叉表按什么分：图层、措施、状态、分组、乡镇、年度", en="what the matrix is grouped by")  # fmt: skip
@option("--rule", "rule_name", metavar="RULE", zh="净面积规则（不写为本单位的规则）", en="rule of net areas (the office's if not given)")
@option("--net", is_flag=True, default=False, zh="列出每个小班的净面积", en="list the net area of every site")
@option("--all", "everything", is_flag=True, default=False, zh="边界误差也列出", en="the noise of edges too")
@option("--out", type=click.Path(path_type=Path), metavar="OUT.gpkg",
        zh="把重叠的地块写成图层（.gpkg 或 .geojson）", en="write the shared ground as a layer (.gpkg or .geojson)")  # fmt: skip
@as_of
@unit
@project
@output
@lang
def overlaps(
    word: str,
    rule_name: str | None,
    net: bool,
    everything: bool,
    out: Path | None,
    as_of: date | None,
    clock: Any,
    unit: str,
    project_path: Path | None,
    form: str,
) -> None:
    """State the overlaps."""
    from ..tally import matrix, overlap_statement

    held = open_project(project_path, read_only=True)
    sites, rules = held.sites(as_of=as_of, clock=clock), held.net_rules()
    stated = overlap_statement(sites, rule=rules.rule(rule_name), limits=held.limits())
    crossed = matrix(stated.pairs, by=_one(word))
    about = {"as_of": as_of, "clock": clock, "left_out": int((~sites["counted"]).sum())}
    data = {**about, **_plain(stated), "matrix": crossed.to_dict("records")}
    if out:
        _write(stated, held.table, out, about)
    if form == "table":
        _tell_pairs(stated, held.table, unit, form, data, everything=everything)
        _tell_matrix(crossed, held.table, unit)
    if net:
        _tell_net(stated, sites, held.table, unit, form, data)
    elif form != "table":
        _tell_pairs(stated, held.table, unit, form, data, everything=everything)
    if form == "table":
        _close(stated, unit, about)
        say(*([Text(f"重叠的地块：{out}", f"Shared ground: {out}")] if out else []))


def _one(words: str) -> str:
    """The one grouping of the matrix."""
    if len(words_of(words)) != 1:
        raise BadRequest(
            Text(f"交叉表只能按一种方式分，不能按“{words}”。", f"The matrix is grouped by one word, not by {words!r}."),
            Text("请写其中一个，例如 --by town。", "Give one of them, for example --by town."),
        )
    return words.strip()


def _plain(stated: Statement) -> dict[str, Any]:
    """The statement as JSON has it: without shapes, the rule with its source."""
    pairs, rule = stated.pairs, stated.rule
    return {
        **stated._asdict(),
        "pairs": pairs.drop(columns="geometry").to_dict("records"),
        "sites": stated.sites.to_dict("records"),
        "rule": {"code": rule.code, "zh": rule.label.zh, "en": rule.label.en, "source": rule.source},
    }


def _tell_pairs(stated: Statement, table: Lifecycle, unit: str, form: str, data: Any, *, everything: bool) -> None:
    from ..units import LABEL

    pairs = stated.pairs if everything else stated.pairs[stated.pairs["kind"] != "noise"]
    sizes = [str(Text(f"重叠({LABEL[unit].zh})", f"shared ({LABEL[unit].en})")), *([] if unit == "m2" else [_square_metres()])]
    headings = [*map(str, PAIR_HEADINGS), *sizes, str(Text("平均宽(米)", "width (m)")), str(Text("重合率(%)", "alike (%)"))]
    rows = [_pair_row(row, table, unit, stated.rule.way) for row in pairs.to_dict("records")]
    if rows or form != "table":
        numbers = range(len(PAIR_HEADINGS), len(headings))
        tell_table([*headings, *map(str, MEANT)], rows, form=form, data=data, right=numbers)
    else:
        say(Text("没有小班重叠。", "No sites overlap."))


def _square_metres() -> str:
    return str(Text("重叠(平方米)", "shared (m²)"))


def _pair_row(row: Mapping[Any, Any], table: Lifecycle, unit: str, way: str) -> list[str]:
    from ..sharing import KIND_LABEL, VERDICT_LABEL
    from ..units import rounded, shown

    sizes = [shown(row["area_m2"], unit), *([] if unit == "m2" else [rounded(row["area_m2"], 2)])]
    kept = Text("前者", "first") if row["keeps"] == row["site_id"] else Text("对方", "other")
    return [
        str(row["site_id"]), _measured_as(row, table), str(row["other_id"]), _measured_as(row, table, "other_"), *sizes,
        rounded(row["width_m"], 1), rounded(row["likeness_pct"], 1), str(KIND_LABEL[row["kind"]]), str(VERDICT_LABEL[row["verdict"]]),
        str(UNKEPT.get(way, kept)),
    ]  # fmt: skip


def _measured_as(row: Mapping[Any, Any], table: Lifecycle, side: str = "") -> str:
    said = (shown_value(name, row[f"{side}{name}"], table) for name in ("measure", "plan_year"))
    return " ".join(word for word in said if word)


def _tell_matrix(crossed: pd.DataFrame, table: Lifecycle, unit: str) -> None:
    """The groups against each other, both ways; nothing where they share nothing."""
    from ..units import LABEL, shown

    if not len(crossed):
        return
    one, other = (str(name) for name in crossed.columns[:2])
    shared = {(a, b): area for a, b, area in zip(crossed[one], crossed[other], crossed["shared_m2"], strict=True)}
    groups = sorted({group for pair in shared for group in pair}, key=str)
    names = [shown_value(one, group, table) or str(Text("（未填）", "(blank)")) for group in groups]
    rows = [
        [name, *(shown(area, unit) if (area := shared.get((a, b), shared.get((b, a)))) else "" for b in groups)]
        for name, a in zip(names, groups, strict=True)
    ]
    say("", Text(f"重叠交叉表（{LABEL[unit].zh}）：", f"Shared ground, group by group ({LABEL[unit].en}):"))
    tell_table(["", *names], rows, form="table", data=None, right=1)


def _tell_net(stated: Statement, sites: pd.DataFrame, table: Lifecycle, unit: str, form: str, data: Any) -> None:
    from ..units import LABEL, shown

    labels = (Text("图斑面积", "area of record"), Text("扣减面积", "taken off"), Text("净面积", "net area"))
    headings = [*map(str, NET_HEADINGS), *(f"{label}({LABEL[unit]})" for label in labels)]
    facts = sites.loc[stated.sites.index]
    rows = [
        [str(site.site_id), *(shown_value(name, getattr(site, name), table, str(site.measure)) for name in _TOLD_OF_A_SITE),
         *(shown(area, unit) for area in areas)]
        for site, areas in zip(facts.itertuples(), stated.sites[["area_m2", "lost_m2", "net_m2"]].to_numpy(), strict=True)
    ]  # fmt: skip
    if stated.rule.way == "undecided":
        rows.append([str(Text("待定", "open")), "", "", "", "", "", shown(stated.undecided_m2, unit)])
    given_up = "" if stated.rule.way == "undecided" else shown(stated.task_m2 - stated.land_m2, unit)  # what is left open stands twice
    whole = [shown(stated.task_m2, unit), given_up, shown(stated.land_m2, unit)]
    say(*([""] if form == "table" else []))
    tell_table(headings, [*rows, [str(Text("合计", "in all")), "", "", "", *whole]], form=form, data=data, right=4)
    if form == "table":
        say(residual_told((Footed(label, [row[4 + at] for row in rows], whole[at]) for at, label in enumerate(labels)), unit))


def _close(stated: Statement, unit: str, about: Mapping[str, Any]) -> None:
    from ..units import LABEL, shown

    task, twice, land = (shown(area, unit) for area in (stated.task_m2, stated.task_m2 - stated.land_m2, stated.land_m2))
    noise, rule, name = shown(stated.noise_m2, unit), stated.rule, LABEL[unit]
    when, left_out = when_told(about), about["left_out"]
    say(
        "",
        Text(f"{when.zh}。核减/调出的 {left_out} 个小班不计。", f"{when.en}. Left out as cancelled: {left_out}."),
        Text(
            f"任务面积 {task} − 重复计算 {twice} = 土地面积 {land} {name.zh}。净面积之和等于土地面积。",
            f"Task area {task} - counted again {twice} = land area {land} {name.en}. Net areas add up to the land area.",
        ),
        Text(
            f"净面积规则：{rule.label.zh}（{rule.code}；{rule.source}）。",
            f"Rule of net areas: {rule.label.en} ({rule.code}).",
        ),
        Text(
            f"另有边界误差 {stated.noise_pairs} 处，共 {noise} {name.zh}，不算重叠，但土地面积里同样只算一次。"
            "三个以上小班重叠的地，在每一对里各列一次。",
            f"Noise along edges: {stated.noise_pairs} places, {noise} {name.en}; no overlaps, but counted once in the land area too. "
            "Ground under three or more sites stands in each pair.",
        ),
    )


def _write(stated: Statement, table: Lifecycle, out: Path, about: Mapping[str, Any]) -> None:
    from ..export import write_layer
    from ..model import today
    from ..sharing import KIND_LABEL, VERDICT_LABEL
    from ..units import in_unit

    labels = {"area_mu": [in_unit(area, "mu") for area in stated.pairs["area_m2"]],
              "rule": stated.rule.code, "as_of": str(about["as_of"] or today()),
              "kind_label": [str(KIND_LABEL[kind]) for kind in stated.pairs["kind"]],
              "verdict_label": [str(VERDICT_LABEL[verdict]) for verdict in stated.pairs["verdict"]],
              "measure_label": _labels(stated.pairs["measure"], table),
              "other_measure_label": _labels(stated.pairs["other_measure"], table)}  # fmt: skip
    write_layer(stated.pairs.assign(**labels), out, name="overlap")


def _labels(measures: Sequence[str], table: Lifecycle) -> list[str]:
    return [str(table.measures[measure].label) for measure in measures]


COMMANDS = {"overlaps": overlaps}
