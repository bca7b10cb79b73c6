"""How one contractor's files are read, kept as a TOML file that a person can read and mend, for the next file."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path

from ..data import from_file
from ..errors import BadRequest, CannotWrite, FileRefused, why_of_system
from ..readers import Given, canonical_names, column_named
from ..text import Text
from .plan import Options, Understood

_FILE: Mapping[str, type] = {"layer": str, "encoding": str, "crs": str, "swapped": bool, "shift": list, "degrees": str}
_VALUES: Mapping[str, type] = {"measure": str, "plan_year": int, "status": str, "town": str}
_NUMBER = "number"
_HEAD = """# 导入口径：这样的文件怎样读。下次导入加 --profile 本文件；命令里写明的优先。可以用记事本改，存成 UTF-8。
# How such files are read: give it with --profile; options that are written out go before it. A text editor may change it (UTF-8).
"""


def save_profile(path: Path, options: Options, understood: Sequence[Understood]) -> None:
    """Write how files were read, from the options and from what was understood of their layers.

    Raises
    ------
    BadRequest
        The layers were not understood alike, so that no one profile says how.
    CannotWrite
        The file is there already, or cannot be written.
    """
    alike = {(tuple(sorted(one.fields.items())), tuple(one.numbered_by), one.unit) for one in understood}
    if len(alike) != 1:
        raise BadRequest(
            Text(f"这次有 {len(alike)} 种不同的读法，存不成一份口径。", f"{len(alike)} ways of reading were used: no one profile."),
            Text("请一次只导入一个图层（--layer），再存口径。", "Import one layer at a time (--layer) and save again."),
        )
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(_as_toml(options, understood[0]))
    except OSError as error:
        raise cannot_save(path, why_of_system(error)) from error


def cannot_save(path: Path, why: Text) -> CannotWrite:
    """The refusal to write a profile."""
    return CannotWrite(
        Text(f"口径文件 {path} 写不了：{why.zh}。", f"The profile {path} cannot be written: {why.en}."),
        Text("请换一个名称或位置。", "Choose another name or place."),
    )


def _as_toml(options: Options, understood: Understood) -> str:
    crs = understood.source.crs if options.crs == "auto" else options.crs
    file = {**{name: getattr(options, name) for name in _FILE}, "crs": crs, "shift": options.shift and list(options.shift)}
    columns = {_NUMBER: list(understood.numbered_by)} | {name: column for name, column in understood.fields.items() if name != "source_id"}
    values = {name: getattr(options.given, name) for name in _VALUES}
    tables = {"file": file, "columns": columns, "values": values, "area": {"unit": options.unit or understood.unit}}
    parts = [_HEAD + f"# {_comment(understood)}\n"]
    for title, table in tables.items():
        lines = [f"{name} = {_word(value)}" for name, value in table.items() if value is not None]
        parts.append("\n".join([f"[{title}]", *lines]) + "\n")
    return "\n".join(parts)


def _comment(understood: Understood) -> str:
    source = understood.source
    told = Text(f"取自 {source.file}（{source.encoding}，{source.crs}）", f"From {source.file} ({source.encoding}, {source.crs})")
    return "".join(mark if mark.isprintable() else " " for mark in str(told))


def _word(value: object) -> str:
    """A value as TOML writes it: as JSON does, but for DEL, which TOML wants escaped."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def read_profile(path: Path) -> Options:
    """The options that a profile holds.

    Raises
    ------
    FileRefused
        It cannot be read, or says something that no profile says; the message names it.
    """
    table = from_file(path)
    allowed = {
        "file": _FILE,
        "columns": {_NUMBER: list} | {name: str for name in canonical_names() if name != "source_id"},
        "values": _VALUES,
        "area": {"unit": str},
    }
    for title, part in table.items():
        if title not in allowed or not isinstance(part, dict):
            raise _unknown(path, title, allowed)
        for name, value in part.items():
            if name not in allowed[title]:
                raise _unknown(path, f"{title}.{name}", allowed[title])
            _require_kind(path, f"{title}.{name}", value, allowed[title][name])
    part = {title: dict(table.get(title, {})) for title in allowed}
    ids = part["columns"].pop(_NUMBER, [])
    return Options(**part["file"], unit=part["area"].get("unit"), ids=ids, fields=part["columns"], given=Given(**part["values"]))


_ITEMS: Mapping[str, tuple[type, ...]] = {"file.shift": (int, float), f"columns.{_NUMBER}": (str,)}


def _require_kind(path: Path, name: str, value: object, kind: type) -> None:
    items = value if isinstance(value, list) else []
    sound = isinstance(value, kind) and isinstance(value, bool) is (kind is bool)
    if sound and all(isinstance(item, _ITEMS.get(name, ())) and not isinstance(item, bool) for item in items):
        return
    wanted = {str: Text("文字", "a text"), int: Text("整数", "a whole number"), bool: Text("true 或 false", "true or false")}
    what = wanted.get(kind, Text("方括号里的一列值", "a list in brackets"))
    raise FileRefused(
        Text(f"口径文件 {path} 的 {name} 应是{what.zh}。", f"{name} in the profile {path} should be {what.en}."),
        Text("请改正后再试。", "Mend it and try again."),
    )


def _unknown(path: Path, name: str, known: Mapping[str, object]) -> FileRefused:
    return FileRefused(
        Text(f"口径文件 {path} 里的“{name}”不认识。", f"{name!r} in the profile {path} is not known."),
        Text(f"可用的有：{'、'.join(known)}。", f"Known are: {', '.join(known)}."),
    )


def with_profile(options: Options, profile: Options, name: str) -> Options:
    """Options with a profile behind them: what is said in the call goes before it."""
    given = {one.name: getattr(options.given, one.name) for one in fields(Given)}
    kept = {one.name: getattr(profile.given, one.name) for one in fields(Given)}
    taken = {key: getattr(profile, key) for key in (*_FILE, "unit", "ids") if not getattr(options, key) and getattr(profile, key)}
    columns = {key: column for key, column in profile.fields.items() if key not in options.fields}
    return replace(
        options,
        **taken,
        fields={**columns, **options.fields},
        given=Given(**{key: kept[key] if value is None else value for key, value in given.items()}),
        profile=name,
        profiled=frozenset({*taken, *columns}),
    )


def require_columns(options: Options, columns: Sequence[str], file: str) -> None:
    """Refuse a file that lacks columns which its profile names: others might be guessed, and another column taken for them.

    Raises
    ------
    BadRequest
    """
    named = {key: column for key, column in options.fields.items() if key in options.profiled and column}
    wanted = [*named.values(), *(options.ids if "ids" in options.profiled else ())]
    missing = [column for column in dict.fromkeys(wanted) if not _has(columns, column)]
    if missing:
        raise BadRequest(
            Text(
                f"{file} 没有口径 {options.profile} 里写的列：{'、'.join(missing)}。",
                f"{file} lacks columns that the profile {options.profile} names: {', '.join(missing)}.",
            ),
            Text(
                f"文件的列有：{'、'.join(columns)}。改了名的用 --field 名=列（编号用 --id），没有了的用 --field 名=（等号后留空）。",
                f"It has: {', '.join(columns)}. For one with another name use --field NAME=COLUMN (--id for the number), "
                "for one that is no more --field NAME= (nothing behind the sign).",
            ),
        )


def _has(columns: Sequence[str], wanted: str) -> bool:
    try:
        return bool(column_named(wanted, columns))
    except BadRequest:
        return False
