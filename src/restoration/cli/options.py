"""Options that many commands share, and the values that they take."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypedDict

import click

from ..errors import BadRequest, NotFound
from ..text import LANGUAGES, Text
from .words import Decorator, gathered, option

if TYPE_CHECKING:
    from ..project import Project


class Day(click.ParamType[date, Any]):
    """A date as offices write it: 2021-03-05, 2021/3/5, 2021.3.5, 20210305, 2021年3月5日."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read the text as a date."""
        if isinstance(value, date):
            return value
        found = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d{2})(\d{2})", str(value).strip())
        try:
            return date(*(int(part) for part in found.groups() if part)) if found else self._refuse(value)
        except ValueError:
            return self._refuse(value)

    @staticmethod
    def _refuse(value: object) -> date:
        raise BadRequest(Text(f"“{value}”不是日期。", f"{value!r} is not a date."), Text("请写成 2021-03-05。", "Write it as 2021-03-05."))


DAY = Day()


class Detail(click.ParamType[Any, Any]):
    """A word or a number; what it may be, the map says."""

    name = "full|METRES"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read a number as one, with or without its unit."""
        found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(?:m|米)?", str(value).strip())
        return float(found[1]) if found else str(value).strip().lower()


DETAIL = Detail()


def together(*decorators: Decorator) -> Decorator:
    """Several options as one decorator, shown in the order given."""
    return lambda function: reduce(lambda made, add: add(made), reversed(decorators), function)


def _path(value: str | None) -> Path | None:
    return Path(value) if value else None


project = option(
    "--project",
    "project_path",
    metavar="P.gpkg",
    callback=lambda context, parameter, value: _path(value),
    zh="项目文件；不写则用 RESTORATION_PROJECT，或本文件夹里唯一的项目",
    en="project file; else RESTORATION_PROJECT, else the only one in this folder",
)
lang = option("--lang", type=click.Choice(LANGUAGES), expose_value=False, zh="语言", en="language")
output = option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json"]),
    default="table",
    show_default=True,
    zh="输出形式",
    en="form of the output",
)


class Worded(click.Choice[str]):
    """A choice of codes that may also be said in the words that stand beside them."""

    def __init__(self, words: Mapping[str, Sequence[str]]) -> None:
        super().__init__(list(words))
        self.words = words

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The code that is meant."""
        meant = next((code for code, words in self.words.items() if str(value).strip() in words), value)
        return super().convert(meant, param, ctx)


UNIT = Worded({"mu": ("亩",), "ha": ("公顷",), "m2": ("平方米", "m²"), "km2": ("平方公里", "平方千米", "km²")})
DEGREES = Worded({"decimal": ("十进制", "度"), "packed": ("度.分秒", "ddd.mmss")})
CLOCK = Worded({"field": ("发生", "发生日期"), "office": ("录入", "录入日期")})
unit = option("--unit", type=UNIT, default="mu", show_default=True, zh="面积单位：亩、公顷、平方米、平方公里", en="unit of area")


def grouped_by(default: str | None, *, zh: str, en: str) -> Decorator:
    """The option that says how areas are grouped."""
    told = f"{zh}：图层、措施、状态、分组、县代码、乡镇、村、年度"
    return option("--by", "words", default=default, show_default=default is not None, metavar=GROUPINGS, zh=told, en=en)


GROUPINGS = "layer,measure,status,group,county,town,village,year"


def words_of(given: str) -> list[str]:
    """The words of a list with commas."""
    return [word.strip() for word in given.split(",") if word.strip()]


by = option("--by", required=True, metavar="NAME", zh="填报人", en="who records this")
on = option("--on", type=DAY, metavar="DATE", zh="发生日期（不写为今天）", en="the day it happened (today if not given)")
doc = option("--doc", "doc_no", default="", metavar="NO", zh="文号", en="document number")
note = option("--note", default="", metavar="TEXT", zh="说明", en="note")
as_of = together(
    option(
        "--as-of", type=DAY, metavar="DATE", callback=lambda context, parameter, day: not_future(day),
        zh="截至哪一天（不写为现在）", en="as it stood on this day (now if not given)",
    ),
    option(
        "--clock", type=CLOCK, default="field", show_default=True,
        zh="按发生日期(field)还是按录入日期(office)", en="by the day it happened (field) or was recorded (office)",
    ),
)  # fmt: skip


def not_future(day: date | None) -> date | None:
    """A day that has come; ``None`` as it is."""
    from ..model import today

    if day and day > today():
        raise BadRequest(
            Text(f"{day} 还没有到，不能作截至日期。", f"{day} is still to come: nothing stands as of it."),
            Text("请写今天或以前的日期。", "Give today or a day before."),
        )
    return day


of_file = (
    option("--crs", metavar="EPSG:4523", zh="坐标系；auto 表示接受软件的判断", en="CRS; auto takes what is recognised"),
    option("--swap-xy", is_flag=True, zh="X、Y 对调", en="x and y are swapped"),
    option("--shift", metavar="dx,dy,…", zh="西安80/北京54 的 4 或 7 参数", en="4 or 7 parameters for Xian80 / Beijing54"),
    option("--encoding", zh="文字编码，如 GBK", en="encoding, as GBK"),
    option("--layer", zh="图层名", en="layer"),
    option(
        "--degrees",
        type=DEGREES,
        zh="界址点、拐点表里经纬度的写法：decimal 十进制度，packed 度.分秒",
        en="how degrees in a list of corners are written: decimal, or packed as ddd.mmss",
    ),
)
"""How a file from outside is read, where it does not say so itself."""


class Reading(TypedDict):
    """What `readers.read` takes of `of_file`."""

    encoding: str | None
    crs: str | None
    layer: str | None
    swapped: bool | None
    shift: list[float] | None
    degrees: Literal["decimal", "packed"] | None


def reading(how: Mapping[str, Any]) -> Reading:
    """The values of `of_file` as the readers take them."""
    return {
        "encoding": how["encoding"],
        "crs": how["crs"],
        "layer": how["layer"],
        "swapped": how["swap_xy"] or None,
        "degrees": how["degrees"],
        "shift": [_number(part) for part in how["shift"].split(",")] if how["shift"] else None,
    }


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise BadRequest(
            Text(f"“{text}”不是数字。", f"{text!r} is not a number."), Text("--shift 写成 dx,dy,…", "Write --shift as dx,dy,...")
        ) from None


def pairs_of(words: Sequence[str], flag: str) -> dict[str, str]:
    """The values of an option that is written as name=value."""
    for word in words:
        if "=" not in word:
            raise BadRequest(
                Text(f"{flag} {word} 少了等号。", f"{flag} {word} lacks an equals sign."),
                Text(f"写成 {flag} 名=值。", f"Write {flag} NAME=VALUE."),
            )
    return {name.strip(): value.strip() for name, _, value in (word.partition("=") for word in words)}


surveyed = option(
    "--surveyed-on",
    type=DAY,
    metavar="DATE",
    zh="调查日期（不写则同发生日期）",
    en="day of the survey (that of --on if not given)",
)
MEASURES = {
    "verified_mu": ("--verified-mu", "核实面积(亩)", "verified area (mu)"),
    "qualified_mu": ("--qualified-mu", "核实合格面积(亩)", "qualified area (mu)"),
    "reported_mu": ("--reported-mu", "上报面积(亩)", "reported area (mu)"),
    "replant_mu": ("--replant-mu", "补植面积(亩)", "area to replant (mu)"),
    "lost_mu": ("--lost-mu", "损失面积(亩)", "lost area (mu)"),
    "preserved_mu": ("--preserved-mu", "保存面积(亩)", "preserved area (mu)"),
    "survival_pct": ("--survival-pct", "成活率(%)", "survival (%)"),
    "cover_pct": ("--cover-pct", "植被综合盖度(%)", "vegetation cover (%)"),
    "canopy_ratio": ("--canopy-ratio", "郁闭度(0–1)", "canopy closure (0-1)"),
    "stems_per_ha": ("--stems-per-ha", "每公顷株数", "stems per hectare"),
}
measured = gathered("values", *(option(flag, name, type=float, metavar="N", zh=zh, en=en) for name, (flag, zh, en) in MEASURES.items()))


def measured_values(given: dict[str, float | None]) -> dict[str, float]:
    """What was given of `MEASURES`, by the ledger's names and in m²."""
    from ..units import to_m2

    found = {name: value for name, value in given.items() if name in MEASURES and value is not None}
    return {
        name.removesuffix("_mu") + "_m2" if name.endswith("_mu") else name: to_m2(v, "mu") if name.endswith("_mu") else v
        for name, v in found.items()
    }


def open_project(path: Path | None, *, read_only: bool = False, checked: bool = True) -> Project:
    """The project named, else that of RESTORATION_PROJECT, else the only one in this folder."""
    from ..project import Project

    return Project.open(path or _default_project(), read_only=read_only, checked=checked)


def _default_project() -> Path:
    from ..store import is_project

    named = os.environ.get("RESTORATION_PROJECT")
    if named:
        return Path(named)
    found = sorted(path for path in Path.cwd().glob("*.gpkg") if is_project(path))
    if len(found) == 1:
        return found[0]
    names = "、".join(path.name for path in found)
    raise NotFound(
        Text(
            f"本文件夹里有 {len(found)} 个项目文件{f'：{names}' if names else ''}。",
            f"There are {len(found)} project files in this folder{f': {names}' if names else ''}.",
        ),
        Text("请用 --project 指明，或用 restoration init 新建。", "Name one with --project, or make one with `restoration init`."),
    )


def findings_out(name: str, flag: str) -> Decorator:
    """The option that writes findings to a file."""
    told = Text(
        "把问题写成文件：.gpkg（点和图斑，QGIS 用）、.html（地图，可断网打开）、.xlsx、.csv、.json",
        "write the findings: .gpkg (points and polygons for a GIS), .html (a map, opens with no network), .xlsx, .csv, .json",
    )
    return option(flag, name, type=click.Path(path_type=Path), metavar="OUT.html", zh=told.zh, en=told.en)
