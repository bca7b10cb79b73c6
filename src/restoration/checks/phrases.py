"""Words that several rules say: areas in both units, and the commands that are a way out."""

from __future__ import annotations

from ..text import Text
from ..units import rounded, shown


def area(area_m2: float) -> Text:
    """An area in m² and in 亩.

    Examples
    --------
    >>> area(1000).en
    '1000.00 m² (1.50 mu)'
    """
    return Text(f"{shown(area_m2, 'm2')} 平方米（{shown(area_m2)} 亩）", f"{shown(area_m2, 'm2')} m² ({shown(area_m2)} mu)")


def metres(length_m: float) -> str:
    """A length, one decimal; two where it is short."""
    return rounded(length_m, 2 if length_m < 10 else 1)


def percent(share: float) -> str:
    """A share of one as a percentage with one decimal.

    Examples
    --------
    >>> percent(0.0125)
    '1.3'
    """
    return rounded(share * 100, 1)


def waive(site_id: str, code: str, other_id: str = "") -> Text:
    """How to accept a finding as it is.

    Examples
    --------
    >>> waive("S1", "S202", "S2").en
    'restoration waive S1 S202 --other S2 --by NAME --reason ...'
    """
    command = f"restoration waive {site_id} {code}{f' --other {other_id}' if other_id else ''} --by"
    return Text(f"{command} 姓名 --reason 理由", f"{command} NAME --reason ...")


def correct(site_id: str, *settings: str) -> Text:
    """How to put a wrong value right: ``correct("S1", "plan_year=2021")``."""
    command = f"restoration correct {site_id} {' '.join(f'--set {setting}' for setting in settings)} --by"
    return Text(f"{command} 姓名 --reason 理由", f"{command} NAME --reason ...")


def measure(site_id: str, *options: str) -> Text:
    """How to record what is missing: ``measure("S1", "--verified-mu")``."""
    command = f"restoration measure {site_id} {' '.join(f'{option} …' for option in options)} --by"
    return Text(f"{command} 姓名", f"{command} NAME")


def update(site_id: str, status: str) -> Text:
    """How to move a site on."""
    command = f"restoration update {site_id} --to {status} --by"
    return Text(f"{command} 姓名", f"{command} NAME")


def repair(site_id: str) -> Text:
    """How to see what a mended boundary would be."""
    return Text(f"看修复建议：restoration repair {site_id}", f"see a proposal: restoration repair {site_id}")


def reimport() -> Text:
    """How to bring a mended boundary in."""
    return Text("restoration import 文件 --by 姓名", "restoration import FILE --by NAME")
