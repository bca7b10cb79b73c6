"""Findings about columns and their values. Each docstring is what ``restoration explain CODE`` prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..model import Finding
from ..text import Text
from ..units import LABEL, rounded, shown
from .rule import Where, listed, rule


@rule("R201")
def headings_understood(where: Where, mapping: Mapping[str, str], unused: Sequence[str]) -> Finding:
    """哪一列被当作哪一项，哪些列没有用上。

    程序按别名表认列名（如 TBBH、XIAO_BAN 都是小班号），不分大小写和全角半角，截成 10 个字节的也认。认错时用
    --field 项=列名 指明；没有用上的列不进台账。
    ---
    Which column was taken for what, and which were left.

    Headings are recognised by a table of aliases (TBBH and XIAO_BAN are both the plot number), whatever their case and
    width, also when cut to ten bytes. Put a wrong one right with --field NAME=COLUMN; columns left do not enter the ledger.
    """
    taken, left = [f"{name}←{column}" for name, column in mapping.items()], listed(unused)
    return where.note(
        Text(f"列的用法：{'、'.join(taken)}；未用：{left.zh or '无'}。", f"Columns taken: {', '.join(taken)}; left: {left.en or 'none'}."),
        Text("不对时用 --field 指明，如 --field measure=措施。", "Put it right with --field, such as --field measure=COLUMN."),
    )


@rule("R202")
def two_columns_one_meaning(where: Where, name: str, taken: str, left: Sequence[str]) -> Finding:
    """有几列都像同一项，用了其中一列。

    例如同时有 TBMJ 和 XBMJ，都像上报面积。按别名表的先后取第一个，其余不用。两列数值可能不同，请确认。
    ---
    Several columns fit one meaning; one was taken.

    TBMJ and XBMJ both look like the reported area, say. The one that stands first among the aliases was taken. They may
    differ, so see that it is the right one.
    """
    others = listed(left)
    return where.warning(
        Text(f"{name} 用了“{taken}”列，没有用：{others.zh}。", f"{name} was taken from {taken!r}, not from: {others.en}."),
        Text(f"要用别的列，请加 --field {name}=列名。", f"For another, add --field {name}=COLUMN."),
    )


@rule("R203")
def unit_by_ratio(where: Where, column: str, unit: str, ratio: float) -> Finding:
    """面积列没有写单位，是按它与图形面积的比例推断的。

    各单位相差 15 倍以上（1 公顷 = 15 亩），各行比例的中位数只贴近一个单位时，就按那个单位。推断可能错，请确认。
    ---
    The area column names no unit; it was inferred from its ratio to the geometry.

    Units differ by 15 times and more (1 ha = 15 mu), so a median ratio near one of them is near no other. It is an
    inference: confirm it.
    """
    label = LABEL[unit]
    return where.warning(
        Text(
            f"“{column}”没有单位，按{label.zh}计（中位数是图形面积的 {rounded(ratio, 2)} 倍）。",
            f"{column!r} names no unit; taken as {label.en} (its median is {rounded(ratio, 2)} of the geometry's area).",
        ),
        Text(f"确认后请加 --unit {unit}，或把单位写进列名。", f"To confirm, add --unit {unit}, or put the unit in the heading."),
        value=ratio,
    )


@rule("R204")
def qualified_above_verified(where: Where, qualified_m2: float, verified_m2: float) -> Finding:
    """合格面积大于核实面积。

    合格面积是核实面积里的一部分，不应更大。多半是两列填反，或单位不同。不拒收，请核对检查验收表。
    ---
    The qualified area is larger than the verified one.

    It is a part of it. Usually the columns are swapped or have different units. Not refused: check the acceptance table.
    """
    return where.warning(
        Text(
            f"合格面积 {shown(qualified_m2)} 亩，大于核实面积 {shown(verified_m2)} 亩。",
            f"Qualified are {shown(qualified_m2)} mu, more than the {shown(verified_m2)} mu verified.",
        ),
        Text("请核对检查验收表。", "Check the acceptance table."),
        value=qualified_m2 - verified_m2,
    )


@rule("R205")
def town_unmatched(where: Where, code: str, town: str, readings: Text, rows: Sequence[int]) -> Finding:
    """乡镇代码与乡镇名称对不上。

    通行的乡镇代码有两套，互相矛盾：郑屯镇在一套里是 522301112，在另一套里是 522301116。只有代码与名称一起才认得清。
    这里列出两套代码的读法，请按实际改正。
    ---
    The town's code and name do not go together.

    Two lists of town codes are in use and contradict each other: 郑屯镇 is 522301112 in one and 522301116 in the other.
    Only code and name together say which town is meant. Both readings are given.
    """
    which = listed(rows)
    return where.warning(
        Text(
            f"乡镇代码 {code} 与“{town}”对不上（第 {which.zh} 行）：{readings.zh}。",
            f"Town code {code} is not {town!r} (rows {which.en}): {readings.en}.",
        ),
        Text("请核对代码出自哪一套，改正代码或名称。", "See which list the code is from; mend the code or the name."),
    )


@rule("R206")
def given_overrides(where: Where, name: str, column: str, given: str, rows: Sequence[int]) -> Finding:
    """调用时统一指定的值，盖过了文件里不同的值。

    例如用 --measure 指定了措施，而文件的措施列里有别的措施。以指定的为准。
    ---
    A value given for all rows overrode different ones in the file.

    With --measure, say, while the file's own column names other measures. The one given counts.
    """
    which = listed(rows)
    return where.warning(
        Text(
            f"{name} 统一用“{given}”，“{column}”列第 {which.zh} 行另有写法。",
            f"{name} is {given!r} for all; column {column!r} says otherwise in rows {which.en}.",
        ),
        Text("若应以文件为准，请去掉统一指定的选项。", "If the file is right, leave the option away."),
        value=float(len(rows)),
    )


@rule("R207")
def id_from_name(where: Where, column: str) -> Finding:
    """没有编号列，用地标、轨迹的名称作小班号。

    KML、奥维的地标和 GPX 的轨迹通常只有名称。名称当编号用时要不重不漏，改名会被当成新地块。
    ---
    There is no number column; the name of the Placemark or track is taken as one.

    KML, 奥维 and GPX have little but names. As numbers they must be unique, and a changed name looks like a new site.
    """
    return where.warning(
        Text(f"没有编号列，用名称（“{column}”）作小班号。", f"There is no number; the name ({column!r}) is taken as one."),
        Text("有更好的编号时用 --id 指明。", "If there is a better one, name it with --id."),
    )


@rule("R208")
def ratio_or_percent(where: Where, name: str, column: str, largest: float) -> Finding:
    """百分数列里的数都不大于 1，可能填的是小数。

    成活率、盖度按百分数读：85 表示 85%。若填的是 0.85，请乘以 100 或写成 85%。
    ---
    A column of percentages holds nothing above 1: these may be fractions.

    Survival and cover are read as percentages: 85 means 85 %. If 0.85 was meant so, multiply by 100 or write 85%.
    """
    return where.warning(
        Text(
            f"“{column}”最大只有 {largest:g}，按百分数（{name}）读取，可能填的是小数。",
            f"{column!r} is {largest:g} at most, read as percent ({name}): are these fractions?",
        ),
        Text("若是小数，请乘以 100 或写成“85%”。", "If so, multiply by 100 or write '85%'."),
        value=largest,
    )


@rule("R221")
def no_id(where: Where, columns: Sequence[str]) -> Finding:
    """这一行没有编号。

    没有编号就认不出是哪个小班，下次导入也对不上。由几列组成的编号，每一列都要有值。
    ---
    The row has no number.

    Without one the site cannot be told from others nor found again. A number made of several columns needs each of them.
    """
    which = listed(columns)
    return where.error(
        Text(f"编号为空（{which.zh}）。", f"The number is empty ({which.en})."),
        Text("请补上编号再导入。", "Fill in the number and import again."),
    )


@rule("R222")
def duplicate_id(where: Where, source_id: str, rows: Sequence[int]) -> Finding:
    """同一文件里有几行的编号、措施、年度都相同。

    分不清哪一行才是，所以都不收。小班号只在村内唯一，跨村的文件要把乡镇、村、小班号合成编号。
    ---
    Several rows of the file have the same number, measure and year.

    Which of them is meant cannot be told, so none is taken. A plot number is unique within its village only: compose it
    of town, village and number.
    """
    which = listed(rows)
    return where.error(
        Text(
            f"编号“{source_id}”重复：第 {which.zh} 行措施、年度也相同。",
            f"The number {source_id!r} is there more than once: rows {which.en}.",
        ),
        Text("请合成编号：--id 乡镇 --id 村 --id 小班号。", "Compose it: --id 乡镇 --id 村 --id 小班号 (your columns)."),
    )


@rule("R223")
def name_unknown(where: Where, what: Text, found: str, known: Sequence[str]) -> Finding:
    """措施或状态的名称不认识，或者没有填。

    措施、状态只用规定的名称或代码，可用的都列在信息里。空着的措施用 --measure 统一指定。
    ---
    The name of a measure or status is not known, or is missing.

    Only the names of the office's table are taken; they are listed. Give a measure for all rows with --measure.
    """
    fact = (
        Text(f"{what.zh}“{found}”不认识。", f"{what.en} {found!r} is not known.")
        if found
        else Text(f"{what.zh}为空。", f"{what.en} is empty.")
    )
    return where.error(fact, Text(f"可用的有：{'、'.join(known)}。", f"Known are: {', '.join(known)}."))


@rule("R224")
def year_unreadable(where: Where, column: str, found: str) -> Finding:
    """年度没有填，或者不是年份。

    年度写四位数，如 2021 或 2021年。空着的可用 --year 统一指定。
    ---
    The plan year is missing or is no year.

    Four digits, as 2021 or 2021年. Give one for all rows with --year.
    """
    return where.error(
        Text(f"年度“{found}”不是年份（{column}）。", f"The plan year {found!r} is no year ({column})."),
        Text("请写成四位数年份，如 2021；或用 --year 统一指定。", "Write four digits, such as 2021, or give one for all with --year."),
    )


@rule("R225")
def date_unreadable(where: Where, column: str, found: str) -> Finding:
    """日期读不懂，或者不完整。

    认得的写法：2021-03-05、2021.3.5、2021/3/5、20210305、2021年3月5日。只有年月没有日的不能用；表格软件里的日期序号
    （如 44260）也不能用，因为起算日不止一种。
    ---
    The date cannot be read or is not complete.

    Read are 2021-03-05, 2021.3.5, 2021/3/5, 20210305 and 2021年3月5日. A month without a day will not do, nor a
    spreadsheet's day count (44260), which begins on more than one day.
    """
    return where.error(
        Text(f"“{column}”的日期“{found}”读不懂或不完整。", f"The date {found!r} in {column!r} cannot be read or is not complete."),
        Text("请写成 2021-03-05 的样子，年月日都要有。", "Write it as 2021-03-05: year, month and day."),
    )


@rule("R226")
def date_ahead(where: Where, column: str, found: str) -> Finding:
    """日期在今天之后。

    台账只记已经发生的事。日期在将来，多半是年份录错。
    ---
    The date lies ahead.

    The ledger records what has happened. A day to come is usually a slip in the year.
    """
    return where.error(
        Text(f"“{column}”的日期 {found} 在今天之后。", f"The date {found} in {column!r} lies ahead."),
        Text("请改正日期。", "Mend the date."),
    )


@rule("R227")
def number_unreadable(where: Where, column: str, found: str, wanted: Text) -> Finding:
    """应当是数的格子里不是数，或超出可能的范围。

    成活率、盖度在 0 到 100 之间，郁闭度在 0 到 1 之间，封育年限是整数年。
    ---
    A cell that should be a number is none, or is out of range.

    Survival and cover go from 0 to 100, canopy closure from 0 to 1, years of closure are whole.
    """
    return where.error(
        Text(f"“{column}”的值“{found}”不对，应为{wanted.zh}。", f"{found!r} in {column!r} will not do: it should be {wanted.en}."),
        Text("请改正这一格；不知道就空着。", "Mend the cell, or leave it empty."),
    )


@rule("R228")
def area_unreadable(where: Where, column: str, found: str) -> Finding:
    """面积不是数，或者是负数、大得不可能，或者单位不认识。

    面积写成数，可以带单位：300亩、12.5公顷、2000平方米。不知道就空着，不要填负数或文字。
    ---
    The area is no number, is negative or larger than can be, or has an unknown unit.

    A number, with its unit if you like: 300亩, 12.5公顷, 2000 m2. Leave it empty if it is not known.
    """
    return where.error(
        Text(f"“{column}”的面积“{found}”不对。", f"The area {found!r} in {column!r} will not do."),
        Text("请写成不小于零的数，可带单位（亩、公顷、平方米）。", "Write a number of zero or more, with a unit if you like (mu, ha, m2)."),
    )


@rule("R229")
def id_shortened(where: Where, column: str, found: str) -> Finding:
    """编号成了科学计数（如 5.22328E+18），末尾几位已经丢了。

    表格软件把长数字当数存，只留 15 位左右，19 位的图斑编号存一次就不是原来的编号了，不同的小班会变成同一个编号。丢了的数字推不回来。
    ---
    A number became a power of ten (such as 5.22328E+18) and has lost its last digits.

    Spreadsheets keep some 15 digits of a number, so a plot number of 19 is another once it is saved, and different plots become
    one. Digits that are lost cannot be told from what is left.
    """
    return where.error(
        Text(f"编号“{found}”是科学计数，末几位已丢（{column}）。", f"The number {found!r} has lost its last digits ({column})."),
        Text("请在原表里把这一列设为文本，重新填写编号。", "Make the column a text in the original and fill the numbers in again."),
    )


INTAKE_RULES = (
    headings_understood, two_columns_one_meaning, unit_by_ratio, qualified_above_verified, town_unmatched, given_overrides,
    id_from_name, ratio_or_percent, no_id, duplicate_id, name_unknown, year_unreadable, date_unreadable, date_ahead,
    number_unreadable, area_unreadable, id_shortened,
)  # fmt: skip
"""The rules that speak of columns and their values."""
