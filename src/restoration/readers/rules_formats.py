"""Findings that only some formats make: tracks, drawings, 奥维, sequences, geodatabases. Each docstring is what ``explain`` prints."""

from __future__ import annotations

from collections.abc import Sequence

from ..model import Finding
from ..text import Text
from ..units import in_unit, rounded
from .rule import Where, listed, rule


@rule("R161")
def line_unreadable(where: Where, what: Text) -> Finding:
    """文件里的这一行读不出来，只拒收这一行。

    GeoJSONSeq 每行是一个独立的要素，CSV 每行是一条记录。一行写坏（例如文件在这里被截断）不影响别的行。
    行号是文件里的行号。请在原始资料里补上这一行。
    ---
    This line of the file cannot be read; it alone is refused.

    In a GeoJSONSeq every line is a feature of its own, in a CSV every line a record. A broken line, such as the last of a
    file that was cut off, does not touch the others. The number is that of the line in the file.
    """
    return where.error(
        Text(f"这一行读不出来：{what.zh}。", f"The line cannot be read: {what.en}."),
        Text("请重新导出，或在原始资料里补上这一行。", "Export it again, or mend this line in the original."),
    )


@rule("R162")
def datum_unknown(where: Where, kind: str) -> Finding:
    """图形写明的坐标类型不认识，拒收。

    奥维在每个图形里用 OvCoordType 写明坐标类型。认识的是 CGCS2000、WGS84（收）和 GCJ02、BD09（拒收）。别的类型可能是旧基准
    或本地坐标，与真实位置可以差几十到几百米，程序不猜。
    ---
    The shape names a coordinate type that is not known, and is refused.

    奥维 (Ovital) writes OvCoordType into each shape. Known are CGCS2000 and WGS84, which are taken, and GCJ02 and BD09, which
    are refused. Another may be an old datum or a local one, tens to hundreds of metres off, and is not guessed at.
    """
    return where.error(
        Text(f"坐标类型“{kind}”不认识，不能确定位置。", f"The coordinate type {kind!r} is not known, so the place is uncertain."),
        Text("请在奥维里改按 CGCS2000（或 WGS84）导出。", "Export it again as CGCS2000 (or WGS84)."),
    )


@rule("R163")
def tables_without_shapes(where: Where, names: Sequence[str]) -> Finding:
    """地理数据库里没有图形的属性表没有读。

    只读带图形的要素类。属性表、关系类、栅格都不是地块。若小班的属性在另一张表里，请先在 ArcGIS 里连接（Join）后导出。
    ---
    Tables without shapes in the geodatabase were left.

    Only feature classes are read: tables, relationships and rasters are no sites. If the attributes stand in another table,
    join it in ArcGIS and export the result.
    """
    which = listed(names)
    return where.note(
        Text(f"没有图形的表未读：{which.zh}。", f"Tables without shapes were left: {which.en}."),
        Text("属性若在这些表里，请先连接到要素类再导出。", "If attributes stand in them, join them to the feature class first."),
    )


@rule("R164")
def line_not_closed(where: Where, gap: float) -> Finding:
    """CAD 里的线没有闭合，不能当作地块，拒收。

    DXF 里的地块应是闭合的多段线。首尾相差多少以图上单位计（多为米）。程序不替画图的人连线：缺口可能漏了拐点，
    也可能这条线本来就不是界线（道路、等高线、图框）。
    ---
    The line of the drawing does not close, so it is no site; it is refused.

    A site in a DXF is a closed polyline. The gap between its ends is in drawing units, mostly metres. It is not joined here:
    a corner may be missing, or the line may be no boundary at all (a road, a contour, a frame).
    """
    return where.error(
        Text(f"线没有闭合，首尾相差 {gap:.10g}（图上单位）。", f"The line does not close: its ends are {gap:.10g} apart (drawing units)."),
        Text("若是界线，请在 CAD 里闭合；若不是，不必理会。", "If it is a boundary, close it in the CAD program; else leave it."),
        value=gap,
    )


@rule("R165")
def drawing_parts_left(where: Where, counts: Sequence[tuple[Text, int]]) -> Finding:
    """图里的文字、点、填充和图纸空间的对象不是界线，没有当作地块。

    界线取自模型空间的闭合多段线。填充（HATCH）常与边界线重复，只取边界线，免得同一块地算两次；落在一块地里的文字记在这块地的
    Text 列里（归最小的那一块），可用 --field 指为小班号或名称。
    ---
    Texts, points, hatches and paper space are no boundaries and were not taken for sites.

    Boundaries are the closed polylines of the model space. A hatch mostly repeats a boundary, which alone is taken, so that no
    ground counts twice. A text inside a parcel stands in its column Text (of the smallest parcel that holds it), which
    --field may name as number or name.
    """
    zh, en = ("、".join(f"{label.zh} {count}" for label, count in counts), ", ".join(f"{label.en} {count}" for label, count in counts))
    return where.note(
        Text(f"不是界线、未当作地块的：{zh}。", f"Not boundaries, so not taken for sites: {en}."),
        Text("若地块只画了填充，请在 CAD 里生成边界线。", "If a parcel is only a hatch, make its boundary in the CAD program."),
        value=float(sum(count for _, count in counts)),
    )


@rule("R171")
def walk_closed(where: Where, gap_m: float, limit_m: float) -> Finding:
    """轨迹的终点没有回到起点，已用直线连上。

    绕地块走一圈的轨迹很少正好闭合。缺口在门槛以内时用直线连上，门槛见 tracks.toml。这一段没有走过，面积因此有出入；
    缺口越大越要核对。
    ---
    The track does not end where it began and was closed by a straight line.

    A walk around a plot seldom closes exactly. A gap within the threshold (tracks.toml) is closed straight across. That stretch
    was not walked, so the area is that much less certain.
    """
    return where.warning(
        Text(f"轨迹首尾相差 {gap_m:.1f} 米（不超过 {limit_m:g} 米），已连上。",
             f"The track's ends are {gap_m:.1f} m apart (not over {limit_m:g} m); it was closed."),
        Text("请在地图上核对连上的一段。", "Check the closing stretch on the map."),
        value=gap_m,
    )  # fmt: skip


@rule("R172")
def walk_not_closed(where: Where, gap_m: float, limit_m: float) -> Finding:
    """轨迹缺口太大，不能当作地块的边界，拒收。

    首尾之间或中断处没有走过的一段超过门槛（tracks.toml）。用直线连上会凭空多出或少掉一块地。请补走这一段，
    或在 GIS 里按实地补画边界后导入。
    ---
    The gap in the track is too large for it to be a boundary; it is refused.

    The stretch that was not walked, between the ends or where the track breaks off, is longer than the threshold (tracks.toml).
    A straight line across it would invent ground or lose it. Walk the stretch, or draw the boundary in a GIS.
    """
    return where.error(
        Text(f"轨迹有 {gap_m:.1f} 米没有走过，超过 {limit_m:g} 米，不能当作边界。",
             f"{gap_m:.1f} m of the boundary were not walked, over {limit_m:g} m: the track is no boundary."),
        Text("请补走这一段，或在 GIS 里按实地补画后导入。", "Walk that stretch, or draw the boundary in a GIS."),
        value=gap_m,
    )  # fmt: skip


@rule("R173")
def walk_told(where: Where, points: int, spacing_m: float, error_m2: float, sigma: tuple[float, Text]) -> Finding:
    """这块地是走出来的：点数、点距，以及面积误差的估计。

    误差按“周长 × 单点误差 ÷ √独立点数”估计（一倍中误差）。单点误差取自文件的 hdop（乘以 tracks.toml 的测距误差），没有时取轨迹点
    左右摆动的大小和手机常见误差中较大的一个。相邻的点误差相近，所以独立点数按点距打折。整体偏移不改变面积，不计在内；树下、
    峡谷里的实际误差可能更大。验收面积请用测量级设备核实。
    ---
    The plot was walked: how many points, how far apart, and an estimate of the error of its area.

    The error is perimeter × error of a point ÷ √(independent points), one standard error. The error of a point is the file's hdop
    times the ranging error of tracks.toml; without hdop the larger of the scatter of the points and what phones are known for.
    Points near each other err alike, so they count as fewer. A shift of the whole changes no area and is left out; under trees or
    in a gorge the error may be larger. Verify an area for acceptance with surveying equipment.
    """
    size_m, why = sigma
    mu = rounded(in_unit(error_m2, "mu"), 2)
    return where.note(
        Text(
            f"轨迹 {points} 点，点距中位 {spacing_m:.1f} 米；面积误差约 ±{error_m2:.0f} 平方米（±{mu} 亩），"
            f"单点误差 {size_m:.1f} 米（{why.zh}）。",
            f"{points} points, {spacing_m:.1f} m apart (median); the area is uncertain by about {error_m2:.0f} m² ({mu} mu), "
            f"with {size_m:.1f} m a point ({why.en}).",
        ),
        Text("作验收依据前请用测量级设备核实。", "Verify it with surveying equipment before it counts for acceptance."),
        value=error_m2,
    )


@rule("R174")
def walk_sparse(where: Where, stretches: Sequence[Text]) -> Finding:
    """轨迹中有点距太大或停顿太久的地方。

    两点之间按直线算。点距大的地方可能漏掉弯曲；停顿久的地方可能信号丢失、绕路，或暂停以后换了地方。门槛见 tracks.toml。
    ---
    The track has points far apart, or long pauses.

    Between two points the boundary is taken as straight. Where they are far apart a bend may be missing; a long pause may be a
    lost signal, a detour, or a walk taken up elsewhere. The thresholds are in tracks.toml.
    """
    which = Text("；".join(one.zh for one in stretches), "; ".join(one.en for one in stretches))
    return where.warning(
        Text(f"轨迹不连续：{which.zh}。", f"The track is uneven: {which.en}."),
        Text("请在地图上核对这些地方的边界。", "Check the boundary there on the map."),
    )


@rule("R175")
def waypoints_left(where: Where, count: int) -> Finding:
    """GPX 里的航点没有读。

    航点（wpt）只是标记，连不成边界。若拐点是一个个打的航点，请在 GIS 里按次序连成面，或整理成拐点表。
    ---
    Waypoints of the GPX were left.

    Waypoints (wpt) are marks and make no boundary. If the corners were taken as waypoints, join them to a polygon in a GIS,
    or make a table of corners.
    """
    return where.note(
        Text(f"{count} 个航点未读，只读轨迹和航线。", f"{count} waypoints were left; only tracks and routes are read."),
        Text("拐点若是航点，请在 GIS 里连成面。", "If they are corners, join them to a polygon in a GIS."),
        value=float(count),
    )


@rule("R176")
def wgs84_by_rule(where: Where) -> Finding:
    """按 GPX 的规定读作 WGS84。

    GPX 只有 WGS84 一种坐标，文件里不另写。它与 2000 系在本地相差几分米，制图可以不计，界桩要另算。有的手机软件导出时勾选了
    “火星坐标”，文件就偏四百多米而看不出来，所以请与影像核对。
    ---
    Read as WGS84, as GPX has it.

    GPX knows WGS84 alone and does not say so. It is some decimetres off CGCS2000, which does not matter on a map and does for
    boundary stakes. A phone program that was set to GCJ-02 writes a file that is more than 400 m off and does not show it,
    so compare it with imagery.
    """
    return where.note(
        Text("坐标按 GPX 的规定读作 WGS84。", "The coordinates were read as WGS84, as GPX has it."),
        Text(
            "请与影像核对；导出时若勾选了火星坐标（GCJ-02），请重新导出。",
            "Compare with imagery; if it was exported as GCJ-02, do it again.",
        ),
    )


FORMAT_RULES = (
    line_unreadable, datum_unknown, tables_without_shapes, line_not_closed, drawing_parts_left, walk_closed, walk_not_closed, walk_told,
    walk_sparse, waypoints_left, wgs84_by_rule,
)  # fmt: skip
"""The rules that speak of one format's own ways."""
