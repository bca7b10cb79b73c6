"""click in two languages: commands and options that carry a `Text`, and what click says of a wrong call."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
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
        return super().get_help_record(ctx)


class _Spoken:
    """What commands and groups share: a `Text`, and headings in the present language."""

    text: Text

    def format_usage(self: Any, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The line that says how to call it."""
        words = {"[OPTIONS]": Text("[选项]", "[OPTIONS]"), "COMMAND [ARGS]...": Text("命令 [参数]…", "COMMAND [ARGS]...")}
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
    return click.option(
        *names, cls=Option, text=Text(zh, en), type=type, default=default, show_default=show_default, required=required,
        multiple=multiple, is_flag=is_flag, is_eager=is_eager, metavar=metavar, callback=callback, expose_value=expose_value,
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


def usage_error(error: click.UsageError) -> str:
    """What is wrong with a call, and where to read how it goes."""
    path = error.ctx.command_path if error.ctx else "restoration"
    return f"{_said(error)}\n{Text(f'用法见：{path} --help', f'See: {path} --help')}"


def _said(error: click.UsageError) -> str:
    if language() == "en":
        return error.format_message()
    if isinstance(error, click.NoSuchOption):
        near = f"（是不是 {'、'.join(error.possibilities)}？）" if error.possibilities else ""
        return f"没有 {error.option_name} 这个选项{near}。"
    if isinstance(error, click.MissingParameter) and error.param:
        return f"缺少 {error.param.get_error_hint(error.ctx) if error.ctx else error.param.name}。"
    if isinstance(error, click.BadParameter) and error.param:
        return f"{error.param.get_error_hint(error.ctx) if error.ctx else error.param.name} 的值不对：{error.message}"
    if "No such command" in error.message:
        return f"没有这个命令：{error.message.split(chr(39))[1] if chr(39) in error.message else error.message}。"
    return error.message
