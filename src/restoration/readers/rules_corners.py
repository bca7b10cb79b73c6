"""Findings about lists of corners. Each docstring is what ``restoration explain CODE`` prints."""

from __future__ import annotations

from collections.abc import Sequence

from ..model import Finding
from ..text import Text
from ..units import in_unit, rounded
from .rule import Where, listed, rule


@rule("R141")
def axes_by_size(where: Where) -> Finding:
    """X、Y 两列的次序反了，已按数值大小对调。

    测量坐标 X 是纵坐标（向北，7 位），Y 是横坐标（向东，6 位，加带号 8 位）；经纬度则先纬度后经度。文件里反过来写了，或列名
    标反了。两者数值范围不相交，不会认错，所以按数值对调后读取。
    ---
    The columns X and Y are the other way round; their size told which is which.

    A surveyor's X is the northing (7 digits), Y the easting (6 digits, 8 with the zone); latitude stands before longitude.
    The file has them the other way round or has the headings wrong. The ranges do not meet, so nothing is guessed.
    """
    return where.warning(
        Text("X、Y（或经纬度）次序与习惯相反，已按数值大小认定。", "X and Y (or the degrees) are in the other order; told by their size."),
        Text("请在地图上核对位置。", "Check the position on the map."),
    )


@rule("R142")
def area_differs(where: Where, declared: str, declared_m2: float, read_m2: float) -> Finding:
    """文件写的面积与界址点围成的面积不符。

    地块行（或表下注明）的面积按公顷计，除非写了别的单位。差得多，可能是漏了界址点、录错了数、点的次序乱了、里圈没有扣除，
    或面积单位不是公顷。边界以界址点为准；写的面积作为上报面积，导入后仍按 S301 检查。
    ---
    The area that the file states is not that of its corners.

    The head of a parcel gives hectares unless it says otherwise. A large difference means a missing or wrong corner, corners
    out of order, a hole that was not deducted, or another unit. The corners are the boundary; the stated area is kept as
    reported and S301 looks at it again.
    """
    return where.warning(
        Text(
            f"写的面积 {declared}（{_both(declared_m2).zh}），界址点围成 {_both(read_m2).zh}。",
            f"The stated area is {declared} ({_both(declared_m2).en}), the corners enclose {_both(read_m2).en}.",
        ),
        Text("请核对界址点和面积单位。", "Check the corners and the unit of the area."),
        value=read_m2,
    )


@rule("R143")
def points_differ(where: Where, declared: int, read: int) -> Finding:
    """写的界址点数与读到的不同。

    点数可以含或不含各圈重复的闭合点，两种都算对。都对不上，多半是漏抄了点，或文件被截断。
    ---
    The number of points that is stated is not the number that was read.

    Closing points may be counted or not; both are right. If neither fits, points were left out or the file was cut.
    """
    return where.warning(
        Text(f"写的界址点数是 {declared}，读到 {read} 个。", f"{declared} points are stated, {read} were read."),
        Text("请核对是否漏了界址点。", "See whether corners are missing."),
        value=float(read),
    )


@rule("R144")
def header_unclear(where: Where, what: Text) -> Finding:
    """文件头（或标题）里有一项没有采用。

    例如坐标系的叫法不认识、带号与几度分带矛盾、写了转换参数。没有采用的项按没有写处理；坐标系因此要用 --crs 指明。
    ---
    Something in the head or title of the file was not used.

    Such as a coordinate system of an unknown name, a zone that its width does not have, or parameters of conversion. It
    counts as not written; name the CRS with --crs if that is what is missing.
    """
    return where.warning(
        Text(f"文件头有一项没有采用：{what.zh}。", f"Not used from the head of the file: {what.en}."),
        Text("请核对；坐标系可用 --crs 指明。", "Check it; the CRS can be named with --crs."),
    )


@rule("R145")
def rings_nested(where: Where, rows: Sequence[int]) -> Finding:
    """一个地块有几圈：落在外圈里面的作为扣除（洞），其余作为另一块。

    各单位圈号的用法不一，有的第 2 圈是洞，有的是另一块，所以只看位置。
    ---
    A parcel has several rings: those inside another are holes, the others further parts.

    Offices number rings differently, a second ring may be a hole or a part, so only the position counts.
    """
    which = listed(rows)
    return where.note(
        Text(f"第 {which.zh} 行有里圈，按扣除计。", f"Row {which.en} has inner rings, taken as holes."),
        Text("请在地图上核对。", "Check it on the map."),
    )


@rule("R146")
def point_unlike(where: Where, what: Text) -> Finding:
    """这一块有一个点与文件里其他的点不像，整块不收。

    例如多打或少打一位数字、X 与 Y 写反了一个点、带号不同、个别点是度。照读会错到几百公里外，或悄悄移位，所以不猜。
    ---
    A point of the parcel is unlike the other points of the file, and the parcel is refused.

    A digit too many or too few, X and Y of one point exchanged, another zone, degrees among metres. Read as it stands it
    would be far away or quietly moved, so nothing is guessed.
    """
    return where.error(
        Text(f"坐标与其他点不是一类：{what.zh}。", f"A point is not of the kind of the others: {what.en}."),
        Text("请改正这个点；不同带的地块请分成几个文件。", "Mend the point; put parcels of different zones into different files."),
    )


@rule("R147")
def ring_short(where: Where, points: int) -> Finding:
    """一圈不到三个点，围不成面。

    多半是漏抄了点，或圈号、分块写错了。
    ---
    A ring has fewer than three points and encloses nothing.

    Points were left out, or the ring's number is wrong.
    """
    return where.error(
        Text(f"有一圈只有 {points} 个点，围不成面。", f"A ring has only {points} points."),
        Text("请补全界址点，或改正圈号、分块。", "Add the points, or mend the ring's number."),
        value=float(points),
    )


@rule("R148")
def corners_read(where: Where, columns: Text, parcels: int, points: int) -> Finding:
    """拐点表是怎样读的：用了哪两列，分成几块，共几个点。

    表格没有统一的格式，请核对块数、点数是否与原件一致。
    ---
    How the table of corners was read: which columns, how many areas and points.

    Such tables have no common form: see that the numbers are those of the original.
    """
    return where.note(
        Text(f"拐点表：{columns.zh}；{parcels} 块，{points} 个点。", f"Table of corners: {columns.en}; {parcels} areas, {points} points."),
        Text("请与原件核对块数、点数。", "Compare areas and points with the original."),
        value=float(points),
    )


@rule("R149")
def lines_left(where: Where, lines: Sequence[str]) -> Finding:
    """有些行不是坐标，当作说明，没有读。

    标题、标高、面积、落款等文字行不是拐点。列出来，以便看出有没有漏掉的点。
    ---
    Some lines are no coordinates; they were taken as remarks.

    Titles, heights, areas, signatures. They are listed so that a corner left out would show.
    """
    which = listed(lines)
    return where.note(
        Text(f"当作说明的行：{which.zh}。", f"Lines taken as remarks: {which.en}."),
        Text("请看其中有没有应是拐点的。", "See that none should be a corner."),
    )


@rule("R151")
def deduction_outside(where: Where, title: str) -> Finding:
    """扣除区域不在任何一块里面，不收。

    扣除区域要从包含它的那一块里挖去。它不在任何一块之内，或与边界相交时，从哪里扣、扣多少都不清楚。
    ---
    An area to deduct lies in none of the areas, and is refused.

    It is cut out of the area that holds it. Where none holds it wholly, it is not known what to deduct from what.
    """
    return where.error(
        Text(f"扣除区域“{title}”不在任何一块里面。", f"The area to deduct {title!r} lies wholly inside no area."),
        Text("请核对它的拐点，或在 GIS 里画好后导入。", "Check its corners, or draw it in a GIS."),
    )


@rule("R152")
def area_within_area(where: Where, inner: str, outer: str) -> Finding:
    """一块完全在另一块里面，没有写明是扣除，两块都收。

    若里面这块是要扣除的，照现在这样外面的面积就多算了。标题写上“扣除区域”就会扣除。
    ---
    One area lies wholly inside another and is not said to be deducted; both were taken.

    If it should be deducted, the outer area is too large as it stands. Title it 扣除区域 and it will be.
    """
    return where.warning(
        Text(f"“{inner}”完全在“{outer}”里面，没有扣除。", f"{inner!r} lies wholly inside {outer!r} and was not deducted."),
        Text("若应扣除，请把它的标题写成“扣除区域”。", "If it should be, title it 扣除区域."),
    )


@rule("R153")
def licence_boundary(where: Where, title: str) -> Finding:
    """这是矿权范围的拐点，不是复绿的范围。

    采矿许可证的范围是权利的边界，不是扰动或治理的土地，不能拿来算复绿面积。
    ---
    These are the corners of a mining licence, not of ground that was re-greened.

    A licence bounds a right; the disturbed or restored ground is another, and its area must not be taken from here.
    """
    return where.warning(
        Text(f"标题是“{title}”，像是矿权范围。", f"The title is {title!r}, which is a licence boundary."),
        Text("复绿面积请用实测的治理范围。", "Use the surveyed boundary of the work for the area restored."),
    )


@rule("R154")
def number_from_file(where: Where, numbers: Sequence[str]) -> Finding:
    """地块没有编号，用了地块名称或文件名作编号。

    编号、措施、年度都相同的，导入时当作同一个小班。另一个地块的文件若取了同样的名字（如“拐点.csv”），会被当作这个小班改了界线。
    请在文件里加一列“地块编号”，或给文件起不重复的名字。
    ---
    A parcel has no number; its name or the file's was taken for one.

    Rows of the same number, measure and year are one site to an import. A file of another parcel under the same name (such
    as 拐点.csv) would redraw this one. Add a column 地块编号, or give files names that differ.
    """
    which = listed(numbers)
    return where.warning(
        Text(f"没有编号，用名称作编号：{which.zh}。", f"There is no number; a name stands for it: {which.en}."),
        Text("请加一列“地块编号”，或让文件名不重复。", "Add a column 地块编号, or give files names that differ."),
    )


def _both(area_m2: float) -> Text:
    ha, mu = rounded(in_unit(area_m2, "ha"), 4), rounded(in_unit(area_m2, "mu"), 2)
    return Text(f"{ha} 公顷、{mu} 亩", f"{ha} ha, {mu} mu")


CORNER_RULES = (
    axes_by_size, area_differs, points_differ, header_unclear, rings_nested, point_unlike, ring_short, corners_read, lines_left,
    deduction_outside, area_within_area, licence_boundary, number_from_file,
)  # fmt: skip
"""The rules that speak of lists of corners."""
