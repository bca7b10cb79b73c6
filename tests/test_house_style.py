"""The house style of the package: sizes, names, signatures. Each rule is shown to see what it forbids."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from statistics import median, quantiles

import pytest

SOURCE = Path(__file__).resolve().parent.parent / "src" / "restoration"
MODULES = sorted(path for path in SOURCE.rglob("*.py") if "vendor" not in path.parts)
VAGUE = {"base", "common", "core", "helper", "helpers", "manager", "misc", "shared", "utils", "util"}
LAYOUT = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER, tokenize.ENCODING}
CALLED_BY_FOLIUM = {"render"}  # an override of what a library calls takes what the library gives it
LONGEST_FILE, LONGEST_FUNCTION, USUAL_FUNCTION, MEDIAN_FUNCTION = 450, 60, 30, 8

Function = ast.FunctionDef | ast.AsyncFunctionDef
Documented = Function | ast.ClassDef


def code_lines(source: str) -> set[int]:
    """The lines that hold code: no blank line, no comment, no docstring."""
    held: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in LAYOUT:
            held.update(range(token.start[0], token.end[0] + 1))
    return held - set(chain.from_iterable(_docstring_lines(node) for node in ast.walk(ast.parse(source))))


def _docstring_lines(node: ast.AST) -> range:
    """A string that stands alone says something about what it follows, or is the docstring of a module, class or function."""
    alone = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    return range(node.lineno, (node.end_lineno or 0) + 1) if alone and isinstance(node, ast.Expr) else range(0)


def functions(source: str) -> Iterator[tuple[str, int]]:
    """Every function's name and its lines of code, without its docstring."""
    held = code_lines(source)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, Function):
            yield node.name, len(held.intersection(range(node.lineno, (node.end_lineno or 0) + 1)))


def public(source: str) -> Iterator[tuple[str, Documented]]:
    """Every function, class and method that a reader of the documentation can reach."""
    yield from _public_of(ast.parse(source).body, "")


def _public_of(body: list[ast.stmt], prefix: str) -> Iterator[tuple[str, Documented]]:
    for node in body:
        if isinstance(node, Documented) and not node.name.startswith("_"):
            yield prefix + node.name, node
            if isinstance(node, ast.ClassDef):
                yield from _public_of(node.body, f"{node.name}.")


def too_long_a_file(source: str) -> list[str]:
    lines = len(code_lines(source))
    return [f"{lines} lines of code"] if lines > LONGEST_FILE else []


def too_long_functions(source: str) -> list[str]:
    return [f"{name}: {lines} lines" for name, lines in functions(source) if lines > LONGEST_FUNCTION]


def any_keywords(source: str) -> list[str]:
    found = [(name, node.args.kwarg) for name, node in public(source) if isinstance(node, Function)]
    return [f"{name} takes **{keywords.arg}" for name, keywords in found if keywords and name.split(".")[-1] not in CALLED_BY_FOLIUM]


def undocumented(source: str) -> list[str]:
    return [name for name, node in public(source) if not ast.get_docstring(node)]


def loose_ends(source: str) -> list[str]:
    words = ("TO" + "DO", "FIX" + "ME", "raise NotImplemented" + "Error")
    return [f"{number}: {word}" for number, line in enumerate(source.splitlines(), 1) for word in words if word in line]


PLANTED: dict[Callable[[str], list[str]], str] = {
    too_long_a_file: "x = 1\n" * 451,
    too_long_functions: "def f():\n" + "    x = 1\n" * 60,
    any_keywords: "class A:\n    def f(self, **options): ...\n",
    undocumented: 'class A:\n    """A thing."""\n    def f(self): ...\n',
    loose_ends: "x = 1  # TO" + "DO later\n",
}
INNOCENT: dict[Callable[[str], list[str]], str] = {
    too_long_a_file: "x = 1\n\n# why\n" * 450,
    too_long_functions: 'def f():\n    """One.\n\n    Two.\n    """\n' + "    x = 1\n    # why\n" * 59,
    any_keywords: "def _f(**options): ...\n",
    undocumented: 'def f():\n    """A thing."""\n    def inner(): ...\n',
    loose_ends: "try:\n    f()\nexcept NotImplementedError:  # todo in lower case\n    g()\n",
}


@pytest.mark.parametrize("rule", PLANTED, ids=lambda rule: rule.__name__)
def test_a_rule_sees_what_it_forbids_and_no_more(rule: Callable[[str], list[str]]) -> None:
    assert len(rule(PLANTED[rule])) == 1
    assert rule(INNOCENT[rule]) == []


@pytest.mark.parametrize("rule", PLANTED, ids=lambda rule: rule.__name__)
def test_the_package_keeps_the_rule(rule: Callable[[str], list[str]]) -> None:
    found = [f"{path.relative_to(SOURCE)}: {what}" for path in MODULES for what in rule(path.read_text(encoding="utf-8"))]
    assert found == []


def test_functions_are_short() -> None:
    sizes = [lines for path in MODULES for _, lines in functions(path.read_text(encoding="utf-8"))]
    assert median(sizes) <= MEDIAN_FUNCTION
    assert quantiles(sizes, n=10)[-1] <= USUAL_FUNCTION


def test_modules_are_named_after_what_they_hold() -> None:
    vague = VAGUE.intersection(part for path in MODULES for part in path.relative_to(SOURCE).with_suffix("").parts)
    assert not vague


def test_every_module_and_package_says_what_it_is_for() -> None:
    assert [path.name for path in MODULES if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))] == []
