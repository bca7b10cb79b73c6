"""click in two languages: commands and options that carry a `Text`, and what click says of a wrong call."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import reduce, wraps
from typing import Any

import click

from ..text import Text, language

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


class Option(click.Option):
    """An option whose help is a `Text`."""

    def __init__(self, *args: Any, text: Text, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.text = text

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """The line for ``--help``, in the present language."""
        self.help = str(self.text)
        found = super().get_help_record(ctx)
        return found and (found[0], reduce(lambda told, word: told.replace(word[0], str(word[1])), _EXTRAS.items(), found[1]))

    def make_metavar(self, ctx: click.Context) -> str:
        """What stands for the value, in the present language."""
        made = super().make_metavar(ctx)
        return str(_KINDS.get(made, made))


_KINDS = {
    "INTEGER": Text("整数", "INTEGER"),
    "FLOAT": Text("数", "NUMBER"),
    "TEXT": Text("文字", "TEXT"),
    "PATH": Text("路径", "PATH"),
    "NAME": Text("姓名", "NAME"),
    "DATE": Text("日期", "DATE"),
    "MONTH": Text("月份", "MONTH"),
    "STATUS": Text("状态", "STATUS"),
    "SITE": Text("小班", "SITE"),
    "NO": Text("文号", "NO"),
    "BASEMAP": Text("底图", "BASEMAP"),
    "FIELD": Text("列名", "FIELD"),
    "DIGEST": Text("摘要", "DIGEST"),
    "TOTAL": Text("哪个数", "TOTAL"),
    "措施": Text("措施", "MEASURE"),
    "名=列": Text("名=列", "NAME=COLUMN"),
    "字段=值": Text("字段=值", "FIELD=VALUE"),
}
_EXTRAS = {"[required]": Text("[必填]", "[required]"), "[default: ": Text("[默认：", "[default: ")}


class _Spoken:
    """What commands and groups share: a `Text`, and headings in the present language."""

    text: Text

    def format_usage(self: Any, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The line that says how to call it."""
        words = {
            "[OPTIONS]": Text("[选项]", "[OPTIONS]"),
            "COMMAND [ARGS]...": Text("命令 [参数]…", "COMMAND [ARGS]..."),
            "[COMMAND] [ARGS]...": Text("[命令 [参数]…]", "[COMMAND [ARGS]...]"),
            "SITE": Text("小班", "SITE"),
            "SITE...": Text("小班…", "SITE..."),
            "[SITE...]": Text("[小班…]", "[SITE...]"),
            "DEM.tif": Text("高程模型.tif", "DEM.tif"),
            "FILE": Text("文件", "FILE"),
            "FILE...": Text("文件…", "FILE..."),
            "CODE": Text("代码", "CODE"),
            "[TABLE]": Text("[表]", "[TABLE]"),
            "[DIR]": Text("[文件夹]", "[DIR]"),
        }
        pieces = [str(words.get(piece, piece)) for piece in self.collect_usage_pieces(ctx)]
        formatter.write_usage(ctx.command_path, " ".join(pieces), prefix=str(Text("用法：", "Usage: ")))

    def format_help_text(self: Any, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What it does."""
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(str(self.text))

    def get_help_option(self: Any, ctx: click.Context) -> click.Option | None:
        """``--help`` itself, told in the present language."""
        found: click.Option | None = super().get_help_option(ctx)  # type: ignore[misc]
        if found:
            found.help = str(Text("显示本说明", "show this and exit"))
        return found

    def format_options(self: Any, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options, under a heading in the present language."""
        records = [record for param in self.get_params(ctx) if isinstance(param, click.Option) and (record := param.get_help_record(ctx))]
        with formatter.section(str(Text("选项", "Options"))):
            formatter.write_dl(records)
        if isinstance(self, click.Group):
            self.format_commands(ctx, formatter)


class Command(_Spoken, click.Command):
    """A command that speaks both languages."""

    def __init__(self, *args: Any, text: Text, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.text = text


class Group(_Spoken, click.Group):
    """A group of commands that speaks both languages."""

    def __init__(self, *args: Any, text: Text, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.text = text

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands, each with what it does in the present language."""
        told = [(name, str(found.text)) for name, found in self.commands.items() if isinstance(found, _Spoken)]
        with formatter.section(str(Text("命令", "Commands"))):
            formatter.write_dl(told)


def command(name: str, zh: str, en: str) -> Callable[[Callable[..., Any]], click.Command]:
    """Make a function a command, with what it does in two languages."""
    return click.command(
        name, cls=Command, text=Text(zh, en), context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110}
    )


def option(
    *names: str,
    zh: str,
    en: str,
    type: click.ParamType[Any, Any] | type[Any] | None = None,  # noqa: A002 - click's own word
    default: Any = None,
    show_default: bool = False,
    required: bool = False,
    multiple: bool = False,
    is_flag: bool | None = None,
    is_eager: bool = False,
    metavar: str | None = None,
    callback: Callable[[click.Context, click.Parameter, Any], Any] | None = None,
    expose_value: bool = True,
) -> Decorator:
    """An option with its help in two languages; the rest as click has it."""
    # A default of None is a value to click: a required option that has it is never missed.
    known = {} if default is None else {"default": default}
    return click.option(
        *names, cls=Option, text=Text(zh, en), type=type, show_default=show_default, required=required,
        multiple=multiple, is_flag=is_flag, is_eager=is_eager, metavar=metavar, callback=callback, expose_value=expose_value, **known,
    )  # fmt: skip


def gathered(name: str, *options: Decorator) -> Decorator:
    """Several options whose values reach the command as one dictionary, by the options' names."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def command(**values: Any) -> Any:
            kept = {key: values.pop(key) for key in names}
            return function(**values, **{name: kept})

        made: Callable[..., Any] = command
        for add in reversed(options):
            made = add(made)
        names = [parameter.name for parameter in made.__dict__["__click_params__"][-len(options) :]]
        return made

    return decorate


def usage_error(error: click.ClickException) -> str:
    """What is wrong with a call, and where to read how it goes."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    path = context.command_path if context else "restoration"
    return f"{_said(error)}\n{Text(f'用法见：{path} --help', f'See: {path} --help')}"


def _said(error: click.ClickException) -> str:
    if language() == "en":
        return error.format_message()
    for kind, say in _SAYINGS.items():
        if isinstance(error, kind):
            return say(error)
    return next(
        (told.format(*found.groups()) for pattern, told in _PATTERNS if (found := re.search(pattern, error.message))), error.message
    )


def _hint(error: click.BadParameter) -> str:
    known = error.param.get_error_hint(error.ctx) if error.param and error.ctx else str(error.param_hint or "")
    return known.replace("'", "")


def _no_option(error: click.NoSuchOption) -> str:
    near = f"（是不是 {'、'.join(error.possibilities)}？）" if error.possibilities else ""
    return f"没有 {error.option_name} 这个选项{near}。"


def _bad_value(error: click.BadParameter) -> str:
    return f"{_hint(error)} 的值不对：{_of_value(error.message)}"


def _of_value(message: str) -> str:
    return next((told.format(*found.groups()) for pattern, told in _VALUES if (found := re.search(pattern, message, re.DOTALL))), message)


_SAYINGS: dict[type[click.ClickException], Callable[[Any], str]] = {
    click.NoSuchOption: _no_option,
    click.MissingParameter: lambda error: f"缺少 {_hint(error)}。",
    click.BadParameter: _bad_value,
}
"""What is said of click's errors in Chinese, the narrower kind first."""
_VALUES = (
    (r"^'(.*)' is not one of (.*)\.$", "“{0}”不在 {1} 之中。"),
    (r"^'(.*)' is not a valid integer\.$", "“{0}”不是整数。"),
    (r"^'(.*)' is not a valid float\.$", "“{0}”不是数。"),
    (r"^'(.*)' is not a valid boolean", "“{0}”不是 是/否。"),
)
_PATTERNS = (
    (r"^No such command '(.*?)'", "没有这个命令：{0}。"),
    (r"^Missing command", "缺少命令。"),
    (r"^Option '(.*)' requires an argument", "{0} 后面缺少它的值。"),
    (r"^Option '(.*)' requires (\d+) arguments", "{0} 后面要有 {1} 个值。"),
    (r"^Option '(.*)' does not take a value", "{0} 后面不带值。"),
    (r"^Got unexpected extra arguments? \((.*)\)", "多出了参数：{0}。"),
)
