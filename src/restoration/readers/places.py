"""Towns by code and name, in the two lists that are in circulation and contradict each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..data import builtin
from ..text import Text
from .rule import listed

_COUNTY_DIGITS, _TOWN_DIGITS = 6, 9  # GB/T 2260 and GB/T 10114
_KINDS = ("", "镇", "乡", "街道", "街道办事处", "办事处")


def town_code_of(code: str, county_code: str) -> str:
    """The nine digits of a town in a code: longer ones (village, 坐落单位) are cut, three digits go behind the county's.

    Examples
    --------
    >>> town_code_of("522301112200", ""), town_code_of("112", "522301")
    ('522301112', '522301112')
    """
    if len(code) == _TOWN_DIGITS - _COUNTY_DIGITS and len(county_code) == _COUNTY_DIGITS:
        code = county_code + code
    county = str(builtin("places")["county_before"].get(code[:_COUNTY_DIGITS], code[:_COUNTY_DIGITS]))
    return (county + code[_COUNTY_DIGITS:])[:_TOWN_DIGITS]


def is_town(code: str, town: str) -> bool:
    """Whether code and name go together in one of the lists; without a name, whether one of them has the code.

    Examples
    --------
    >>> is_town("522301112", "郑屯镇"), is_town("522301116", "郑屯"), is_town("522301112", "七舍镇")
    (True, True, False)
    """
    return any(_matches(towns["town"].get(code, ""), town) for towns in _lists().values())


def readings(code: str, town: str) -> Text:
    """How each list reads the code, and which code it has for the name."""
    said = [_reading(towns, code, town) for towns in _lists().values()]
    return Text("；".join(one.zh for one in said), "; ".join(one.en for one in said))


def _lists() -> Mapping[str, Mapping[str, Any]]:
    lists: Mapping[str, Mapping[str, Any]] = builtin("places")["list"]
    return lists


def _matches(name: str, town: str) -> bool:
    return bool(name) and (not town or any(name in (town, town + kind) for kind in _KINDS))


def _reading(towns: Mapping[str, Any], code: str, town: str) -> Text:
    codes = [own for own, name in towns["town"].items() if town and _matches(name, town)]
    here, there = towns["town"].get(code), listed(codes)
    return Text(
        f"{towns['zh']}（{towns['version']}）中 {code} 是{here or '无'}，{town or '（无名称）'}是 {there.zh or '无'}",
        f"in the {towns['en']} list ({towns['version']}) {code} is {here or 'nothing'}, {town or '(no name)'} is {there.en or 'nothing'}",
    )
