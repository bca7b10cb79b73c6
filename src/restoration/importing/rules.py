"""What importing may say of a row; each function's docstring is its explanation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..frame import label_of
from ..lifecycle import Lifecycle
from ..model import Event, Finding
from ..text import Text
from .plan import Told


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
        row=told.row,
        site_id=told.site_id,
    )


RULES = {"I101": row_refused, "I102": status_differs, "I103": correction_kept, "I104": row_outdated}
"""What importing may say, by code; each function's docstring is its explanation."""
