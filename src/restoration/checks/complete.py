"""What a site should have with it, and what it should not: attributes S407, photos S408, no personal numbers S409."""

# ruff: noqa: D205 -- a rule's docstring is what `explain` prints: Chinese first, in three parts

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from ..frame import COLUMNS, WRITTEN, label_of
from ..model import Finding
from ..personal import is_code, personal_in
from ..photos import photos_of_sites
from ..text import Text
from . import phrases
from .conditions import COUNTED, DONE
from .inspection import Inspection, rule


@rule("S407", "note", applies=(COUNTED,))
def attributes(seen: Inspection) -> Iterator[Finding]:
    """问题：说明小班是哪一个的属性没有填全：县代码、乡镇、村、小班号、年度；人工造林和退耕还林还要有树种。
    影响：“属性不完整”是全国上图退回的四种原因之一；没有村和小班号，也没法和原始表对上。
    改法：上图以前补全：在原始文件里补好重新导入，或逐个更正；项目确实不用的项，可在 thresholds.toml 里去掉。
    ---
    What: attributes that say which site it is are missing: county code, town, village, number, year; and species where trees are planted.
    Why: incomplete attributes are one of the four reasons for which the national upload refuses a parcel.
    Mend: fill them in before the upload, in the source file or one by one; what is not needed may be taken out in thresholds.toml.
    """
    groups = seen.limits.groups
    planting = np.isin(seen.words["measure"], list(groups["S407_planting"]))
    lacking: dict[int, list[str]] = {}
    for name in (column.name for column in COLUMNS if column.name in groups["S407"] | groups["S407_planted"]):
        asked = seen.counted if name in groups["S407"] else seen.counted & planting
        empty = np.isnan(seen.numbers[name]) if name in seen.numbers else seen.words[name] == ""
        for row in np.flatnonzero(asked & empty).tolist():
            lacking.setdefault(row, []).append(name)
    for row, names in sorted(lacking.items()):
        labels, right = [label_of(name) for name in names], phrases.correct(str(seen.words["site_id"][row]), f"{names[0]}=…")
        yield seen.finding(
            "S407", "note", row,
            Text(f"没有填：{'、'.join(label.zh for label in labels)}。", f"Not filled in: {', '.join(label.en for label in labels)}."),
            Text(f"补全后重新导入，或：{right.zh}", f"Fill it in and import again, or: {right.en}"),
            value=float(len(names)),
        )  # fmt: skip


@rule("S408", "warning", applies=(COUNTED, DONE), needs=("photos",))
def photos(seen: Inspection) -> Iterator[Finding]:
    """问题：已完工或已验收的小班，在所给的照片文件夹里没有一张文件名带有它编号的照片。文件名（不计扩展名）用下划线、空格、
    括号或逗号分段，有一段等于本软件的编号即算；等于小班号的也算，但几个小班同号时，还要有村名或乡镇名一段。最后一段是一两位数、
    前一段也带数字的，当作照片序号（县_乡_村_小班_1.jpg）。不分大小写和全角半角；编号前的零不能省。
    影响：“举证照片不全”是全国上图退回的四种原因之一。
    改法：补拍或补放照片，按编号命名后再查。
    ---
    What: the works are done or accepted, but no photo in the folder has the site's number in its name. A name without its ending is cut at
    underscores, blanks, brackets and commas; a piece must be the number here, or the source's number, which several sites may have: then
    their village or town must be a piece too. A last piece of one or two digits after a piece with digits is the photo's own number.
    Why: missing photos are one of the four reasons for which the national upload refuses a parcel.
    Mend: take or add the photo, name it after the number, and check again.
    """
    proven = np.isin(seen.words["group"], list(seen.limits.groups["S408"])) & seen.counted
    of_site = photos_of_sites(seen.photos or (), seen.words, seen.counted)
    for row in np.flatnonzero(proven).tolist():
        if not of_site[row]:
            site_id, source_id = (str(seen.words[name][row]) for name in ("site_id", "source_id"))
            also = Text(f" 或小班号 {source_id}", f" or {source_id}") if source_id else Text("", "")
            yield seen.finding(
                "S408", "warning", row,
                Text(f"没有照片：没有文件名带编号 {site_id}{also.zh}。", f"No photo: no file's name has the number {site_id}{also.en}."),
                Text(f"补上照片，例如 {site_id}_1.jpg", f"Add a photo, such as {site_id}_1.jpg"),
            )  # fmt: skip


@rule("S409", "warning")
def personal(seen: Inspection) -> Iterator[Finding]:
    """问题：小班的名称、单位、树种等文字里夹着身份证号、银行卡号或手机号码（这里不显示号码）。
    影响：个人信息不该进台账；台账只增不删，也会随导出和地图传出去（本软件的导出和地图默认打上星号）。
    改法：更正那一项，去掉号码；旧的值仍在历史里，项目文件要按涉及个人信息的资料保管。
    ---
    What: a name, a unit, a species or another text of the site holds an identity, bank card or mobile number (it is not shown here).
    Why: personal data does not belong in a ledger, where nothing is erased, and would travel with exports and maps (ours mask it).
    Mend: correct that field and leave the number out; the old value stays in the history, so keep the file as one with personal data.
    """
    held: dict[int, list[tuple[str, Text]]] = {}
    for name in WRITTEN:
        values = pd.Series(seen.words[name])
        kinds = {value: personal_in(value, is_code=is_code(name)) for value in values.unique()}
        for row in np.flatnonzero(values.map(kinds).map(bool).to_numpy(dtype=np.bool_)).tolist():
            held.setdefault(row, []).extend((name, kind) for kind in kinds[values[row]])
    for row, told in sorted(held.items()):
        right = phrases.correct(str(seen.words["site_id"][row]), f"{told[0][0]}=…")
        yield seen.finding(
            "S409", "warning", row,
            Text(f"{'、'.join(f'{label_of(name).zh}里有{kind.zh}' for name, kind in told)}。",
                 f"It holds {', '.join(f'{kind.en} ({label_of(name).en})' for name, kind in told)}."),
            Text(f"去掉号码：{right.zh}", f"Leave the number out: {right.en}"),
            value=float(len(told)),
        )  # fmt: skip
