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


@rule("R209")
def personal_columns(where: Where, found: Sequence[tuple[str, Text, int]], used: Sequence[str]) -> Finding:
    """文件里有个人信息：列的标题像姓名、证件、电话、银行卡，或者值像身份证号、银行卡号、手机号码。

    没有用上的列不进台账，也不进导出和地图。但是没有采用的行会原样另存为 .refused.gpkg，所有的列都在里面，好让人改了
    再导入：那个文件请按个人信息保管，用完删去。最好请交表的单位去掉这些列再交。
    ---
    The file holds personal data: a heading says names, papers, telephones or bank cards, or values look like their numbers.

    Columns left do not enter the ledger, the exports or the map. But rows that are refused are kept whole in the .refused.gpkg file,
    with every column, so that they can be mended: keep that file as one with personal data and delete it afterwards. Better still,
    ask for a file without these columns.
    """
    told = [(name, kind, count) for name, kind, count in found]
    zh = "；".join(f"“{name}”{kind.zh} {count} 行" for name, kind, count in told)
    en = "; ".join(f"{name!r} {kind.en}, {count} rows" for name, kind, count in told)
    which = listed(used)
    kept = Text(f"其中 {which.zh} 用上了，会进台账。", f" Of these {which.en} is used and enters the ledger.") if used else Text("", "")
    return where.warning(
        Text(f"有个人信息：{zh}。{kept.zh}", f"Personal data: {en}.{kept.en}"),
        Text(
            "最好去掉这些列再导入；未采用的行另存时带着所有的列，请妥善保管，用后删去。",
            "Better leave these columns out; the file of refused rows has every column: keep it safe, delete it afterwards.",
        ),
        value=float(sum(count for *_, count in told)),
    )


@rule("R210")
def numbers_masked(where: Where, name: str, rows: Sequence[int]) -> Finding:
    """要进台账的文字里有身份证号、银行卡号或手机号码，已经打上星号。

    台账只增不删，号码写进去就去不掉，所以只留前几位。编号不能打星号：编号里有这样的号码时，那一行不收（R229）。
    ---
    A text that goes into the ledger holds an identity, bank card or mobile number; it was masked.

    Nothing is ever erased from the ledger, so only the first digits are kept. A site's number cannot be masked: such a row is
    refused (R229).
    """
    which = listed(rows)
    return where.warning(
        Text(f"{name} 里的个人号码已打星号：第 {which.zh} 行。", f"Personal numbers in {name} were masked: rows {which.en}."),
        Text("请在原文件里去掉号码。", "Take the numbers out of the file."),
        value=float(len(rows)),
    )


@rule("R211")
def survey_undated(where: Where, names: Sequence[str], rows: Sequence[int]) -> Finding:
    """有调查得来的数（成活率、盖度、核实面积等），没有调查日期。

    成活率要在造林满一年或一个完整生长季以后调查才算数；没有日期，就看不出是哪一次的，也不能作为验收的依据。
    ---
    Surveyed figures (survival, cover, verified area …) come without the day of the survey.

    Survival counts only a year or a whole growing season after planting; without its day nobody can tell which survey it was, and no
    acceptance can rest on it.
    """
    which, what = listed(rows), listed(names)
    return where.warning(
        Text(f"有{what.zh}，没有调查日期：第 {which.zh} 行。", f"{what.en} without the day of the survey: rows {which.en}."),
        Text("请加一列“调查日期”。", "Add a column 调查日期 (surveyed_on)."),
        value=float(len(rows)),
    )


@rule("R212")
def month_without_day(where: Where, column: str, found: str, day: str, rows: Sequence[int]) -> Finding:
    """日期只有年月，按当月最后一天登记。

    到那一天事情一定已经发生，所以按月统计不会提前；当月还没过完的按今天。知道确切日期的，请在文件里补全后再导入。
    “2021.3”这样的写法不收：存成数时 2021.10 会变成 2021.1，分不清是一月还是十月。
    ---
    A date has no day; the last day of its month was taken.

    By then it had happened, so figures by month do not come early; in the present month it is today. Where the day is known, put it
    into the file. 2021.3 is not read: as a number, October (2021.10) and January are the same.
    """
    which = listed(rows)
    return where.warning(
        Text(
            f"“{column}”只有年月（如“{found}”，第 {which.zh} 行），按当月最后一天 {day} 登记。",
            f"{column!r} has a month without a day (such as {found!r}, rows {which.en}); the last day of the month, {day}, was taken.",
        ),
        Text("知道确切日期的请补全。", "Where the day is known, put it into the file."),
    )


@rule("R213")
def day_count_read(where: Where, column: str, found: str, day: str, rows: Sequence[int]) -> Finding:
    """日期是表格软件里的序号，按通常的 1900 起算读成日期。

    Excel、WPS 里日期是一个天数，导出成文本或数字时露了出来（44260 是 2021-03-05）。旧的苹果机表格从 1904 年起算，那样会差四年零一天：
    请核对一个日期；不对的，把单元格设成日期格式后重新导出。
    ---
    A date is a spreadsheet's count of days; it was read by the usual count, from 1900.

    A date in Excel is a number of days, and an export may show it bare (44260 is 2021-03-05). Old Macintosh workbooks count from 1904,
    four years and a day apart: compare one date, and if it is wrong, format the cells as dates and export again.
    """
    which = listed(rows)
    return where.warning(
        Text(
            f"“{column}”是表格软件的日期序号（第 {which.zh} 行）：{found} 读成 {day}。",
            f"{column!r} holds a spreadsheet's day counts (rows {which.en}): {found} was read as {day}.",
        ),
        Text("请核对；不对的请设成日期格式后重新导出。", "Compare one; if it is wrong, format the cells as dates and export again."),
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

    认得的写法：2021-03-05、2021.3.5、2021/3/5、20210305、2021年3月5日；只有年月的 2021年3月、2021-03 按月末（R209）；表格软件的序号 44260
    按 1900 起算（R210）。只有年份的、2021.3 这样的，分不清，不收。
    ---
    The date cannot be read or is not complete.

    Read are 2021-03-05, 2021.3.5, 2021/3/5, 20210305 and 2021年3月5日; a month alone (2021年3月, 2021-03) as its last day (R209), and a
    spreadsheet's day count, 44260 (R210). A year alone and 2021.3 may mean more than one thing and are not taken.
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
def number_is_personal(where: Where, kind: Text) -> Finding:
    """编号里有身份证号或银行卡号。

    编号到处都要用：台账、导出、地图、照片。个人号码不能作编号，也不能打星号代替（不同的人会变成同一个）。
    ---
    The row's number holds an identity or bank card number.

    A number is used everywhere: ledger, exports, map, photos. A personal number cannot be one, nor can it be masked (two people would
    become one).
    """
    return where.error(
        Text(f"编号里有{kind.zh}。", f"The number holds {kind.en}."),
        Text("请用小班号作编号：--id 列名。", "Take the plot number: --id COLUMN."),
    )


@rule("R230")
def id_digits_lost(where: Where, columns: Sequence[str], found: str) -> Finding:
    """编号太长，在表格软件里按数字存过，后几位已经丢了。

    超过 15 位的数字存成“数值”时，后面的位数会变成 0 或别的数（5.22328E+18）。这样的编号对不上任何小班，几个小班还会变成一个。
    请找没有经过表格软件的原文件；或把这一列设成“文本”再重新填。
    ---
    The number is long and was kept as a figure by a spreadsheet: its last digits are lost.

    A figure has 15 digits; what is longer becomes 5.22328E+18. Such a number fits no site, and several sites become one. Find the file
    from before the spreadsheet, or set the column to text and fill it in again.
    """
    which = listed(columns)
    return where.error(
        Text(
            f"编号 {found}（{which.zh}）按数字存过，后几位已经丢了。",
            f"The number {found} ({which.en}) was kept as a figure; its last digits are lost.",
        ),
        Text(
            "请用未经表格软件的原文件，或把该列设成文本重填。",
            "Use the file from before the spreadsheet, or set the column to text and fill it in again.",
        ),
    )


INTAKE_RULES = (
    headings_understood, two_columns_one_meaning, unit_by_ratio, qualified_above_verified, town_unmatched, given_overrides,
    id_from_name, ratio_or_percent, personal_columns, numbers_masked,
    survey_undated, month_without_day, day_count_read, number_is_personal,
    no_id, duplicate_id, name_unknown, year_unreadable, date_unreadable, date_ahead,
    number_unreadable, area_unreadable, id_digits_lost,
)  # fmt: skip
"""The rules that speak of columns and their values."""
