"""The program ``restoration``: which commands there are, in which language they speak, and how they end."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module

import click

from ..errors import BadRequest, CannotWrite, RestorationError, why_of_system
from ..text import LANGUAGES, Language, Text, speaking, visible
from .words import Group, Option, usage_error

COMMANDS: dict[str, tuple[str, Text]] = {
    "demo": ("files", Text("用自带示例数据走一遍：建项目、算面积、出地图", "the main job on the sample data: project, areas, map")),
    "init": ("write", Text("新建项目文件", "make a new project file")),
    "import": ("importing", Text("导入图斑文件（shp、gpkg、gdb、dxf、kml 等）", "take in a file of sites (shp, gpkg, gdb, dxf, kml …)")),
    "list": ("look", Text("列出小班", "list the sites")),
    "show": ("look", Text("看一个小班", "show one site")),
    "history": ("look", Text("看一个小班的全部记录", "show everything that happened to a site")),
    "update": ("write", Text("变更状态", "change the status of sites")),
    "measure": ("write", Text("登记面积和指标", "record areas and indicators")),
    "correct": ("write", Text("更正记错的内容", "put a wrong record right")),
    "note": ("write", Text("加备注", "note something")),
    "waive": ("write", Text("豁免一项检查问题", "accept a finding")),
    "worksheet": ("worksheet", Text("做一张 Excel 表给人填", "an Excel sheet to be filled in")),
    "apply": ("worksheet", Text("收回填好的 Excel 表", "take a filled-in sheet back")),
    "area": ("count", Text("面积汇总", "areas by group and in all")),
    "inside": ("inside", Text("某个范围内的面积", "areas inside a boundary: township, reserve, cropland")),
    "slope": ("terrain", Text("坡度与坡面面积（非上报面积）", "slopes and surface areas, not of record")),
    "overlaps": ("overlaps", Text("重叠与净面积", "overlaps and net areas")),
    "targets": ("count", Text("任务与完成", "plan against done")),
    "progress": ("progress", Text("进度：按日或逐月", "progress on a day, or month by month")),
    "table": ("table", Text("出报表（Excel）", "the tables that the office hands in, as workbooks")),
    "bridge": ("bridge", Text("面积为什么变了", "why a total changed")),
    "closing": ("closing", Text("面积账平不平", "whether the ledger of areas closes")),
    "check": ("check", Text("检查数据", "check what is kept")),
    "explain": ("check", Text("解释一个问题代码", "explain a finding's code")),
    "repair": ("repair", Text("修复边界：先看建议，再写入", "mend boundaries: propose, then write")),
    "map": ("files", Text("生成离线地图（一个 HTML 文件）", "make the offline map, one HTML file")),
    "figure": ("files", Text("出一张打印用的图（png、pdf、svg）", "draw one sheet for print: png, pdf, svg")),
    "report": ("report", Text("出报告（pdf 或 docx）", "the report, as pdf or docx")),
    "dossier": ("report", Text("出一个小班的档案", "one site's file, as pdf or docx")),
    "export": ("files", Text("导出 gpkg、geojson、shp", "write the sites to gpkg, geojson or shp")),
    "verify": ("files", Text("核验历史记录没有被改动", "prove that the history was not changed")),
    "backup": ("files", Text("备份项目文件", "copy the project file consistently")),
}
"""Each command: the module that has it, and what it does in a few words."""


class Program(Group):
    """The commands of `COMMANDS`, each loaded only when it is run."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names in the order in which they are told."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f".{COMMANDS[cmd_name][0]}", __package__)
        found: click.Command = module.COMMANDS[cmd_name]
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Tell the commands without loading any."""
        with formatter.section(str(Text("命令", "Commands"))):
            formatter.write_dl([(name, str(told)) for name, (_, told) in COMMANDS.items()])


@click.group(
    cls=Program,
    name="restoration",
    text=Text(
        "义龙新区生态修复台账：导入图斑、变更状态、汇总面积、出离线地图。",
        "Ecological-restoration tracker: import sites, update their status, sum areas, make an offline map.",
    ),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.option("--lang", cls=Option, type=click.Choice(LANGUAGES), expose_value=False, text=Text("语言", "language"))
@click.option(
    "--version",
    is_flag=True,
    cls=Option,
    is_eager=True,
    callback=lambda c, p, v: _version(c, v),
    expose_value=False,
    text=Text("版本", "version"),
)
def program() -> None:
    """Only a place to hang the commands on."""


def _version(ctx: click.Context, wanted: bool) -> None:
    if wanted:
        from .. import __version__

        click.echo(__version__)
        ctx.exit()


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and give its exit code; every error is told in two sentences, never as a traceback."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a console in GBK has no ² and must not stop the program
    with speaking(_language(given)):
        return _run(given)


def _run(given: list[str]) -> int:
    try:
        _require_text(given)
        result = program.main(given, prog_name="restoration", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.exceptions.Exit as asked:
        return asked.exit_code
    except RestorationError as error:
        return _fail(str(error), error.exit_code)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.message, err=True)
        return error.exit_code
    except click.Abort:
        raise KeyboardInterrupt from None
    except click.ClickException as error:
        return _fail(usage_error(error), error.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        return _fail(_of_system(error), CannotWrite.exit_code)
    except Exception as error:
        if os.environ.get("RESTORATION_TRACEBACK"):
            raise
        return _fail(_of_program(error), BROKEN)


BROKEN = 70
"""The exit code of a fault in the program itself (EX_SOFTWARE of sysexits.h)."""


def _require_text(given: Sequence[str]) -> None:
    for word in given:
        try:
            word.encode()
        except UnicodeEncodeError as error:
            raise BadRequest(
                Text(f"{word.encode(errors='backslashreplace').decode()} 不是可读的文字。", f"{word!r} is not readable text."),
                Text("请把文件名或内容改成 UTF-8 文字后再试。", "Rename the file, or write the text in UTF-8."),
            ) from error


def _of_system(error: OSError) -> str:
    name = error.filename if isinstance(error.filename, str) else ""
    why = why_of_system(error)
    fact = Text(f"系统不能完成：{name} {why.zh}。", f"The system could not do it: {name} {why.en}.")
    return f"{fact}\n{Text('请检查文件、权限和磁盘空间。', 'Check the file, its permissions and the disk.')}"


def _of_program(error: Exception) -> str:
    what = f"{type(error).__name__}: {error}"
    fact = Text(f"程序内部出错：{what}", f"The program itself failed: {what}")
    way_out = Text(
        "台账没有写进一半的内容。请把这一行和所用命令告诉维护人员（设 RESTORATION_TRACEBACK=1 可看详情）。",
        "Nothing half-done is in the ledger. Report this line and the command (RESTORATION_TRACEBACK=1 shows more).",
    )
    return f"{fact}\n{way_out}"


def _fail(said: str, code: int) -> int:
    click.echo(visible(f"{Text('错误：', 'Error: ')}{said}"), err=True)
    return code


def _language(given: Sequence[str]) -> Language | None:
    """The language must be known before the first word is said, so it is looked for before the options are read."""
    for at, word in enumerate(given):
        said = word.partition("=")[2] if word.startswith("--lang=") else given[at + 1] if word == "--lang" and at + 1 < len(given) else ""
        for known in LANGUAGES:
            if said == known:
                return known
    return None
