"""What importing may say of a row; each function's docstring is its explanation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..frame import label_of
from ..lifecycle import Lifecycle
from ..model import Event, Finding, Level
from ..text import Text
from ..units import rounded
from .known import Same
from .offset import Offset
from .plan import Source, Told


def correction_kept(told: Told, held: Sequence[str]) -> Finding:
    """文件里还是更正以前的旧值，台账保留更正后的值。

    台账里这些内容在上次导入之后用 correct 或 measure 改过，而文件里仍是原来的旧值；导入不会把更正悄悄改回去。
    如果文件是对的：用 restoration correct 再更正一次并说明理由；如果台账是对的：请改正源文件。

    ---
    The file still has the value from before a correction; the ledger keeps the corrected one.

    These fields were changed by `correct` or `measure` since a file brought them, and the file has the old values still; an import
    does not silently undo that. If the file is right, use `restoration correct` once more; if the ledger is right, mend the file.
    """
    zh, en = ("、".join(label_of(name).zh for name in held), ", ".join(label_of(name).en for name in held))
    return Finding(
        "I103",
        "warning",
        Text(
            f"文件里的{zh}是更正以前的旧值；台账没有改回去。",
            f"The file has the old {en} from before a correction; the ledger's were kept.",
        ),
        Text("确要改回时用 restoration correct；否则请改正源文件。", "To go back use `restoration correct`; else mend the file."),
        file=told.file,
        layer=told.layer,
        row=told.row,
        site_id=told.site_id,
    )


def row_outdated(told: Told, same: Event, later: Event) -> Finding:
    """这一行以前导入过，后来又导入了更新的内容；没有改回去。

    同一行内容在较早的一次导入中已经写入，之后别的文件又改过这个小班的边界或内容。旧文件再导入一次不会把台账退回去。
    如果确实要退回：请在源文件里改动后再导入，或用 restoration correct 更正。

    ---
    This row was imported before, and a later file changed the site since; it was not changed back.

    An old file that is imported again does not take the ledger back. If it should go back, change the row in the source and import
    it, or use `restoration correct`.
    """
    old, new = same.payload["source"]["file"], later.payload["source"]["file"]
    return Finding(
        "I104",
        "warning",
        Text(
            f"这一行与以前导入的（{old}，{same.happened_on}）相同，之后 {new}（{later.happened_on}）又改过；没有改回去。",
            f"The row is as {old} had it ({same.happened_on}); {new} ({later.happened_on}) changed it since, and it was not changed back.",
        ),
        Text("请核对哪一份文件是新的。", "See which of the files is the newer one."),
        file=told.file,
        layer=told.layer,
        row=told.row,
        site_id=told.site_id,
    )


def status_differs(told: Told, row: Mapping[str, Any], kept: str, table: Lifecycle) -> Finding:
    """文件里的状态与台账不同，导入不改状态。

    状态只能通过 update 逐步办理，这样每一步都有日期、文号和责任人；导入文件不能悄悄改掉。
    如果文件是对的：用 restoration update 办理；如果台账原先记错：用 restoration correct 更正并说明理由。

    ---
    The file's status is not the ledger's; an import does not change it.

    A status changes only by an update, so that each step has its day, document and person.
    If the file is right, use `restoration update`; if the ledger was wrong, `restoration correct` with a reason.
    """
    said = row["status"]
    file_label, ledger_label = (table.label(status, row["measure"]).zh for status in (said, kept))
    return Finding(
        "I102",
        "warning",
        Text(
            f"文件里的状态是“{file_label}”，台账是“{ledger_label}”；状态没有改。",
            f"The file says {said}, the ledger {kept}; the status was not changed.",
        ),
        Text(
            f"需要时：restoration update {told.site_id} --to {said} --by …",
            f"If it is due: restoration update {told.site_id} --to {said} --by ...",
        ),
        file=told.file,
        layer=told.layer,
        row=told.row,
        site_id=told.site_id,
    )


def row_refused(told: Told) -> Finding:
    """这一行没有写入台账。

    原因写在该行；其余的行不受影响。未采用的行另存在 .refused.gpkg 里，改好后可以单独再导入。

    ---
    This row was not written to the ledger.

    The reason stands with the row; the others are not touched by it. Refused rows are in the .refused.gpkg beside the file:
    mend them and import that file again.
    """
    return Finding(
        "I101",
        "error",
        Text(told.why, told.why),
        Text("改正后单独导入 .refused.gpkg 里的这一行。", "Mend the row in the .refused.gpkg and import it."),
        file=told.file,
        layer=told.layer,
        row=told.row,
        site_id=told.site_id,
    )


def ground_is_known(told: Told, other: Same) -> Finding:
    """这一行的图形就是台账里另一个小班的，同措施、同年度，只是编号不同；没有采用。

    照编号收，同一块地就登记两次，面积和补助都算两遍；或者这个小班的历史接到了别的地上（两个小班号对调、整列错位时）。
    是同一个小班改了号的：加 --same-ground renumber，历史接着记，小班号改成新的（原编号在文件里还有、或新编号已被别的小班占用的不改）。
    确实是两个小班，或者就该按文件里的编号来的：加 --same-ground by_number。

    ---
    The row's polygon is that of another site of the same measure and year, under another number; it was not taken.

    By its number the same ground would be registered twice and counted twice, or the history of one site would go on on the ground of
    another (two numbers exchanged, a column moved by one). If it is the same site with a new number, --same-ground renumber goes on with
    its history under the new number (not where the file has the old number too, or the new one is taken). If they are two sites, or
    the file's numbers are right as they are, use --same-ground by_number.
    """
    share = f"{rounded(other.iou * 100, 1)}%"
    if other.is_known:
        fact = Text(
            f"图形已不在 {told.site_id} 原来的地方，而与台账的 {other.site_id} 相同（{share}）：编号可能对调或错位。",
            f"The polygon has left the ground of {told.site_id} and is that of {other.site_id} ({share}): numbers may have been exchanged.",
        )
    elif other.is_in_file:
        fact = Text(
            f"图形与 {other.site_id} 相同（{share}），而 {other.site_id} 也在文件里：同一块地有两个编号。",
            f"The polygon is that of {other.site_id} ({share}), which is in the file too: one ground has two numbers.",
        )
    else:
        fact = Text(
            f"图形与台账的 {other.site_id} 相同（{share}），措施、年度也相同，只是编号不同。",
            f"The polygon is that of {other.site_id} ({share}), of the same measure and year; only the number differs.",
        )
    first = Text("改了号的加 --same-ground renumber；", "If it has a new number, add --same-ground renumber; ")
    if other.is_known or other.is_in_file:
        first = Text("请先核对编号；", "Look at the numbers first; ")
    way_out = Text(
        f"{first.zh}确要按文件的编号收，加 --same-ground by_number。",
        f"{first.en}to go by the file's numbers, add --same-ground by_number.",
    )
    return replace(_finding("I105", "error", told, fact, way_out), other_site_id=other.site_id, value=other.iou)


def number_changed(told: Told, old: str, new: str) -> Finding:
    """小班改了号：图形与台账的小班相同，按 --same-ground renumber 接着记，小班号改成文件里的。

    台账里的编号不变（它是历史的名字），变的是小班号；以后文件里写新号，就认得是它，写旧号的行不收。

    ---
    A site got a new number: its polygon is the ledger's, and --same-ground renumber was given.

    The site's number here stays, as its history goes by it; its number in the source changes. A file that has the new number means it
    from now on, a row with the old one is refused.
    """
    return _finding(
        "I106",
        "note",
        told,
        Text(f"小班号由 {old} 改为 {new}，历史接着记。", f"Its number in the source changes from {old} to {new}; the history goes on."),
        Text("", ""),
    )


def site_gone(file: str, site_id: str, name: str, brought: str) -> Finding:
    """以前同一来源的文件里有、这次没有的小班；台账没有改动。

    范围：上一次带来这个小班的文件和图层，与这次同名（或这次的文件有它带来的小班的五分之四以上），并且措施、年度、乡镇相同的小班，这次也有别的。
    少了的可能是漏了、改了号，也可能是真的不做了。导入从不删除：不做了的，用 update 办核减或调出，写明依据。

    ---
    A site that an earlier file of the same source had and this one has not; nothing was changed.

    Meant are sites which a file and layer of the same name brought last (or of which this file has four fifths), where the file has others
    of the same measure, year and town. The site may be forgotten, have a new number, or be given up. An import deletes nothing: what is
    given up is struck off with `restoration update`, with a document.
    """
    return Finding(
        "I107",
        "warning",
        Text(
            f"{site_id}{f'（{name}）' if name else ''} 在 {brought} 里有，这次的文件里没有。",
            f"{site_id} was in {brought} and is not in the file now.",
        ),
        Text("请问清是漏了、改了号还是不做了；台账没有改动。", "Forgotten, renumbered or given up? Nothing was changed."),
        file=file,
        site_id=site_id,
    )


def layer_shifted(source: Source, offset: Offset, *, accepted: bool) -> Finding:
    """整个图层与已知的图形错开，方向和距离正是 GCJ-02（火星坐标）或 BD-09（百度坐标）的偏移；没有采用。

    图形与台账里（或参照图层里）的形状相同，位置却整体错开，逐个符合公开的偏移公式。手机地图、网络地图里描的图常常这样，文件却说自己是
    WGS84 或 CGCS2000。收下来，地块就在四百多米外（BD-09 一公里多）。反算的结果不是测量成果，所以程序不反算：请让制作单位按
    CGCS2000（或 WGS84）重新导出。核对过实地、确认坐标没有错的，加 --offset-checked 照收。

    ---
    The whole layer is off by just the shift of GCJ-02 or BD-09 from polygons that are known; it was not taken.

    The polygons have the shapes of the ledger's (or the reference's) and each lies where the public formula would put it. What is drawn on
    a phone's or a web map is often so, while the file says WGS84 or CGCS2000. Taken in, the ground would be more than 400 m away (BD-09:
    more than a kilometre). What is computed back is no survey, so that is not done: have it exported as CGCS2000 or WGS84. If somebody
    has seen on the ground that the coordinates are right, --offset-checked takes them.
    """
    return Finding(
        "I108",
        "warning" if accepted else "error",
        Text(
            f"图层“{source.layer}”与已知图形整体错开 {_shift(offset).zh}，符合 {offset.system} 的偏移（{offset.pairs} 个图形，"
            f"残差 {offset.residual_m:.1f} 米；按声明的坐标系则差 {offset.distance_m:.0f} 米）。",
            f"The layer {source.layer!r} is off by {_shift(offset).en} from what is known: the shift of {offset.system} "
            f"({offset.pairs} polygons; that leaves {offset.residual_m:.1f} m, the declared CRS {offset.distance_m:.0f} m).",
        ),
        Text("已按 --offset-checked 照收。", "Taken, as --offset-checked says.")
        if accepted
        else Text(
            "请让制作单位按 CGCS2000 或 WGS84 重新导出；核对过实地、确认无误的加 --offset-checked。",
            "Have it exported again as CGCS2000 or WGS84; if it was seen to be right on the ground, add --offset-checked.",
        ),
        file=source.file,
        layer=source.layer,
        value=offset.distance_m,
    )


def layer_offset(source: Source, offset: Offset) -> Finding:
    """整个图层与已知的图形错开同样的距离；照收，请核对坐标系。

    形状相同而位置整体平移，多半是坐标系弄错：西安80、北京54 当成了 2000 系（几十到一百多米），UTM 当成了高斯（约一公里），或用错了参数。
    真的整体重测过的也会这样。收下以后边界都会重划，请先核对。如果是台账里的图形当初按 GCJ-02 收的，这里也会说明。

    ---
    The whole layer is off by one and the same shift from polygons that are known; it was taken: look at the CRS.

    Shapes that are the same and moved as a whole usually mean a wrong CRS: Xian80 or Beijing54 taken for CGCS2000 (tens of metres to more
    than a hundred), UTM for Gauss-Krüger (about a kilometre), or wrong parameters. A new survey of everything would look so too. It is
    also told here where it is the ledger's polygons that seem to be in GCJ-02.
    """
    which = (
        Text(
            f"；是已知的那些图形像 {offset.system}，不是这个文件",
            f"; it is the known polygons that seem to be in {offset.system}, not this file",
        )
        if offset.known_is_shifted
        else Text("，像是坐标系弄错（西安80、北京54、UTM）", ", as with a wrong CRS (Xian80, Beijing54, UTM)")
    )
    return Finding(
        "I109",
        "warning",
        Text(
            f"图层“{source.layer}”的 {offset.pairs} 个图形与已知图形整体错开 {_shift(offset).zh}"
            f"（残差 {offset.residual_m:.1f} 米）{which.zh}。",
            f"{offset.pairs} polygons of the layer {source.layer!r} are off by {_shift(offset).en} as a whole "
            f"(that leaves {offset.residual_m:.1f} m){which.en}.",
        ),
        Text("请先核对坐标系和转换参数，再写入。", "Look at the CRS and the parameters before it is written."),
        file=source.file,
        layer=source.layer,
        value=offset.distance_m,
    )


def reference_unmatched(source: Source, reference: str) -> Finding:
    """参照图层里没有与这个图层形状相同的图形，位置没有核对成。

    用 --reference 给的图层要有同样的地块（形状、大小相同，一公里多以内）；乡镇界、底图这样的图层对不上。

    ---
    The reference has no polygon of the same shape as one of this layer, so that its place could not be compared.

    What is given with --reference must have the same parcels, of one shape and size, within some 1.5 km; outlines of towns do not do.
    """
    return Finding(
        "I110",
        "warning",
        Text(
            f"参照 {reference} 里没有与图层“{source.layer}”形状相同的图形，位置没有核对。",
            f"{reference} has no polygon of {source.layer!r}; its place was not compared.",
        ),
        Text("请换一个有相同地块的参照图层。", "Give a reference that has the same parcels."),
        file=source.file,
        layer=source.layer,
    )


def _shift(offset: Offset) -> Text:
    east, north = offset.east_m, offset.north_m
    across, along = (Text("东", "east"), Text("西", "west"))[east < 0], (Text("北", "north"), Text("南", "south"))[north < 0]
    return Text(
        f"{offset.distance_m:.0f} 米（向{across.zh} {abs(east):.1f}，向{along.zh} {abs(north):.1f}）",
        f"{offset.distance_m:.0f} m ({abs(east):.1f} {across.en}, {abs(north):.1f} {along.en})",
    )


def _finding(code: str, level: Level, told: Told, message: Text, way_out: Text) -> Finding:
    return Finding(code, level, message, way_out, file=told.file, row=told.row, site_id=told.site_id)


RULES = {
    "I101": row_refused,
    "I102": status_differs,
    "I103": correction_kept,
    "I104": row_outdated,
    "I105": ground_is_known,
    "I106": number_changed,
    "I107": site_gone,
    "I108": layer_shifted,
    "I109": layer_offset,
    "I110": reference_unmatched,
}
"""What importing may say, by code; each function's docstring is its explanation."""
