"""Asking at a terminal for what an import lacks; in a script nothing is ever asked."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import astuple
from typing import TYPE_CHECKING, Any

import click

from ..errors import BadRequest, RestorationError, Wanted
from ..text import Text, visible
from .output import say

if TYPE_CHECKING:
    from ..project import ImportAccount

_KEYS = {"--id": "ids", "--swap-xy": "swap_xy"}
_YES, _NO = ("是", "y", "yes"), ("否", "n", "no", "")


def can_ask() -> bool:
    """Whether somebody sits at a terminal, to read the question and to answer it."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def with_answers(plan: Callable[[dict[str, Any]], ImportAccount], how: dict[str, Any]) -> ImportAccount:
    """The account of an import, asking for one thing after the other until nothing is missing.

    Parameters
    ----------
    plan
        Gives the account, or raises what is missing.
    how
        The values of the options; what is answered is put into it.
    """
    asked: Wanted | None = None
    doubted = False
    while True:
        try:
            account = plan(how)
        except RestorationError as error:
            if error.wanted is None and not (asked and isinstance(error, BadRequest)):
                raise
            asked = error.wanted or asked  # what was answered could not be meant: once more
            assert asked is not None
            say(error.fact)
            _put(how, asked, _answer(asked))
            continue
        if doubted or how["encoding"] or not _is_garbled(account):
            return account
        doubted = True
        encoding = _answer(_ENCODING)
        how["encoding"] = None if encoding == _AS_IS else encoding


def _put(how: dict[str, Any], wanted: Wanted, value: str) -> None:
    key = _KEYS.get(wanted.option, wanted.option.removeprefix("--").replace("-", "_"))
    how[key] = {"--id": (value,), "--swap-xy": value == "yes", "--year": value}.get(wanted.option, value)
    if wanted.option == "--year":
        how[key] = int(value)


_AS_IS = "-"
_ENCODING = Wanted(
    "--encoding",
    Text("文字编码（有些字解不出来，见上面的提醒）", "the encoding (some characters could not be read, see above)"),
    (
        (_AS_IS, Text("照现在的", "as it is")),
        ("GBK", Text("国标", "Chinese")),
        ("UTF-8", Text("国际", "universal")),
        ("Big5", Text("繁体", "traditional Chinese")),
    ),
)


def _is_garbled(account: ImportAccount) -> bool:
    """Whether some text could not be read; what was found of the encoding is told with it."""
    from ..readers.rules_file import characters_replaced, encoding_used, mangled_text
    from .findings import tell_findings

    codes = {found.code for found in account.plan.findings}
    names = [str(value) for entry in account.plan.entries if entry.attributes for value in astuple(entry.attributes)]
    if not codes & {characters_replaced.code, mangled_text.code} and not any("\ufffd" in name for name in names):
        return False
    told = (encoding_used.code, characters_replaced.code, mangled_text.code)
    tell_findings([found for found in account.plan.findings if found.code in told])
    return True


def _answer(wanted: Wanted) -> str:
    """One of the choices by its number, or another value as it is typed."""
    say(Text(f"请说明{wanted.label.zh}（相当于 {wanted.option}）：", f"Please say {wanted.label.en} (as {wanted.option} does):"))
    for number, (value, label) in enumerate(wanted.choices, 1):
        said = str(label)
        say(f"  {number}. {value}{'' if said == value else f'  {said}'}")
    while True:
        typed = click.prompt(visible(str(_question(wanted.choices))), default="", show_default=False).strip()
        value = _meant(typed, wanted)
        if value:
            return value
        say(Text("看不懂，请再写一次；不想导入了按 Ctrl-C。", "That is not understood; again, or Ctrl-C to give up."))


def _question(choices: Sequence[tuple[str, Text]]) -> Text:
    if not choices:
        return Text("请输入", "Value")
    return Text(f"输入序号 1–{len(choices)}，或直接写值", f"A number from 1 to {len(choices)}, or another value")


def _meant(typed: str, wanted: Wanted) -> str:
    if wanted.option == "--year":
        year = typed.removesuffix("年")
        return year if year.isdecimal() and year.isascii() else ""
    if typed.isdecimal() and 1 <= int(typed) <= len(wanted.choices):
        return wanted.choices[int(typed) - 1][0]
    return typed


def wants_to_write() -> bool:
    """Whether the account that was just told is to be written."""
    while True:
        typed = click.prompt(str(Text("写入台账？是/否", "Write it to the ledger? yes/no")), default="", show_default=False).strip().lower()
        if typed in _YES:
            return True
        if typed in _NO:
            say(Text("没有写入任何内容。", "Nothing was written."))
            return False
