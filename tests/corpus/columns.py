"""What stands in the columns: numbers, days, areas, words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from restoration.errors import BadRequest, UnknownName
from restoration.readers import Given

from .case import USUAL, Case, Refused, Taken
from .drafting import MU, collection, plots, polygon, single, square

M2 = 40_000.0
TREES = {"given": replace(USUAL, measure=None, plan_year=None)}
FIRST = date(2021, 3, 5)


def garbled(text: str) -> str:
    """What Western software makes of GBK."""
    return text.encode("gbk").decode("latin-1")


CASES = (
    Case("id-plain", "编号 1.0、全角 ００１２、前后有空格", plots({"小班号": 1.0}, {"小班号": "００１２"}, {"小班号": " 红9 "}),
         Taken(3, mu=3 * MU, says={"source_id": ["1", "0012", "红9"]})),
    Case("id-zeros", "编号有前导零", plots({"TBBH": "007"}, {"TBBH": "7"}), Taken(2, says={"source_id": ["007", "7"]})),
    Case("id-double", "编号重复，措施、年度也相同", plots({"小班号": "1"}, {"小班号": "1"}, {"小班号": "2"}),
         Taken(1, left={1: "R222", 2: "R222"}, mu=MU)),
    Case("id-double-measures", "编号重复，措施不同", plots({"小班号": "1", "措施": "人工造林"}, {"小班号": "1", "措施": "封山育林"}),
         Taken(2, says={"measure": ["afforestation", "hill_closure"]}), ask={"given": Given(plan_year=2021)}),
    Case("id-composed", "小班号只在村内唯一，用 --id 村 --id 小班号 合成",
         plots({"村": "红岩村", "小班号": "1"}, {"村": "白岩村", "小班号": "1"}),
         Taken(2, says={"source_id": ["红岩村-1", "白岩村-1"]}), ask={"ids": ["村", "小班号"]}),
    Case("id-missing", "一行没有编号", plots({"小班号": "1"}, {"小班号": None}, {"小班号": "  "}), Taken(1, left={2: "R221", 3: "R221"})),
    Case("id-no-column", "没有编号列", plots({"名称": "红岩"}), Refused("找不到编号列", "--id", BadRequest)),
    Case("id-19-digits", "19 位编号，写成文字和整数", plots({"小班号": "5223281010012345678"}, {"小班号": 5223281010012345679}),
         Taken(2, says={"source_id": ["5223281010012345678", "5223281010012345679"]})),
    Case("id-19-digits-lost", "19 位编号成了小数或科学计数，末几位已丢",
         plots({"小班号": 5.223281010012345678e18}, {"小班号": "5.22328E+18"}, {"小班号": "1"}),
         Taken(1, left={1: "R230", 2: "R230"}, mu=MU)),
    Case("area-words", "面积写成 ６０亩、4公顷、40000㎡、0.04 平方公里",
         plots(*({"小班号": str(at), "上报面积": said} for at, said in enumerate(("６０亩", "4公顷", "40000㎡", "0.04 平方公里")))),
         Taken(4, says={"reported_m2": [M2] * 4})),
    Case("area-heading", "单位写在列名里：面积(公顷)", plots({"小班号": "1", "面积（公顷）": 4}), Taken(1, says={"reported_m2": [M2]})),
    Case("area-no-unit", "面积没有单位，与图形比一比是亩", plots({"小班号": "1", "面积": 60}, {"小班号": "2", "面积": 58}),
         Taken(2, ["R203"], says={"reported_m2": [M2, M2 / 60 * 58]})),
    Case("area-no-unit-unlike", "面积没有单位，与图形比也看不出", plots({"小班号": "1", "面积": 700}),
         Refused("没有单位", "--unit", BadRequest)),
    Case("area-unit-given", "同上，加了 --unit mu", plots({"小班号": "1", "面积": 700}), Taken(1, says={"reported_m2": [700 * 2000 / 3]}),
         ask={"unit": "mu"}),
    Case("area-bad", "面积是汉字、负数、没有的单位、大过全国",
         plots(*({"小班号": str(at), "面积(亩)": said} for at, said in enumerate(("三百", -3, "60 斤", 1e25, "60")))),
         Taken(1, left={1: "R228", 2: "R228", 3: "R228", 4: "R228"}, mu=MU)),
    Case("area-thousands", "面积有千分号", plots({"小班号": "1", "面积(平方米)": "40,000.00"}), Taken(1, says={"reported_m2": [M2]})),
    Case("area-two-columns", "两列都像上报面积", plots({"小班号": "1", "TBMJ(亩)": 60, "XBMJ(亩)": 59}), Taken(1, ["R202"])),
    Case("area-qualified-more", "合格面积大于核实面积", plots({"小班号": "1", "核实面积(亩)": 50, "合格面积(亩)": 55}),
         Taken(1, ["R204", "R211"])),
    Case("days", "日期写法：2021-03-05、2021.3.5、2021/3/5、20210305、2021年3月5日、带时分",
         plots(*({"小班号": str(at), "登记日期": said} for at, said in enumerate(
             ("2021-03-05", "2021.3.5", "2021/3/5", 20210305, "２０２１年3月5日", "2021-03-05T08:00:00Z")))),
         Taken(6, says={"happened_on": [FIRST] * 6})),
    Case("days-doubtful", "2021年3月、表格日期序号、没有的日子、将来的日子",
         plots(*({"小班号": str(at), "登记日期": said} for at, said in enumerate(
             ("2021年3月", 44260, "2021-02-30", "2999-01-01", "0000-00-00", "2021-03-05")))),
         Taken(3, ["R212", "R213"], left={3: "R225", 4: "R226", 5: "R225"}, says={"happened_on": [date(2021, 3, 31), FIRST, FIRST]})),
    Case("years", "年度 2021、2021年、2021年度、2021.0",
         plots(*({"小班号": str(at), "年度": said} for at, said in enumerate((2021, "2021年", "2021年度", 2021.0)))),
         Taken(4, says={"plan_year": [2021] * 4}), ask={"given": Given(measure="人工造林")}),
    Case("years-bad", "年度是 21、空的、99999", plots(*({"小班号": str(at), "年度": said} for at,
         said in enumerate((21, None, 99999, "二〇二一")))),
         Taken(0, left={1: "R224", 2: "R224", 3: "R224", 4: "R224"}), ask={"given": Given(measure="人工造林")}),
    Case("measure-unknown", "措施不认识、没有填", plots({"小班号": "1", "措施": "种树"}, {"小班号": "2", "措施": ""},
         {"小班号": "3", "措施": "退耕还林"}),
         Taken(1, left={1: "R223", 2: "R223"}, mu=MU), ask={"given": Given(plan_year=2021)}),
    Case("measure-none", "没有措施列，也没有统一指定", plots({"小班号": "1"}), Refused("不知道措施", "--measure", BadRequest), ask=TREES),
    Case("measure-given-other", "统一指定了人工造林，文件里写封山育林", plots({"小班号": "1", "措施": "封山育林"}), Taken(1, ["R206"])),
    Case("status-unknown", "状态不认识", plots({"小班号": "1", "状态": "差不多了"}), Taken(0, left={1: "R223"})),
    Case("shares", "成活率 88%、盖度 0.7%、郁闭度 0.35",
         plots({"小班号": "1", "成活率": "88%", "郁闭度": 0.35}),
         Taken(1, ["R211"], says={"survival_pct": [88.0], "canopy_ratio": [0.35]})),
    Case("shares-fractions", "成活率填成 0.88", plots({"小班号": "1", "成活率": 0.88}), Taken(1, ["R208", "R211"])),
    Case("shares-bad", "成活率 120、郁闭度 35", plots({"小班号": "1", "成活率": 120}, {"小班号": "2", "郁闭度": 35}),
         Taken(0, left={1: "R227", 2: "R227"})),
    Case("town-other-list", "乡镇代码与名称对不上", plots({"小班号": "1", "乡镇代码": "522301112", "乡镇": "七舍镇"}), Taken(1, ["R205"])),
    Case("town-two-lists", "郑屯镇，两套代码各写一种", plots(
        {"小班号": "1", "乡镇代码": "522301112", "乡镇": "郑屯镇"}, {"小班号": "2", "乡镇代码": "522301116", "乡镇": "郑屯镇"}), Taken(2)),
    Case("garbled", "文字已成乱码（GBK 当西欧文字存过），还原", plots({garbled("小班号"): "1", garbled("村"): garbled("红岩村")}),
         Taken(1, ["R104"], says={"village": ["红岩村"]})),
    Case("garbled-lost", "像乱码而还原不了的名称，照样保留", plots({"小班号": "1", "名称": "ÿÿþ"}),
         Taken(1, ["R105"], says={"name": ["ÿÿþ"]})),
    Case("foreign", "有重音的外国名字", plots({"小班号": "1", "名称": "Forêt"}), Taken(1, says={"name": ["Forêt"]})),
    Case("rare-characters", "生僻字与扩展区汉字", plots({"小班号": "1", "名称": "㽏𠮷村"}), Taken(1, says={"name": ["㽏𠮷村"]})),
    Case("formula", "名称像公式、像网页、像数据库语句", plots(
        {"小班号": "1", "名称": "=cmd|' /C calc'!A0"}, {"小班号": "2", "名称": "<script>alert(1)</script>"},
        {"小班号": "3", "名称": "'; DROP TABLE event;--"}), Taken(3,
        says={"name": ["=cmd|' /C calc'!A0", "<script>alert(1)</script>", "'; DROP TABLE event;--"]})),
    Case("unknown-field", "--field 指的列不存在", plots({"小班号": "1"}), Refused("不认识", "小班号", UnknownName),
         ask={"fields": {"name": "名字"}}),
    Case("columns-many", "列多得过了限（限降到 3 列）", plots({"小班号": "1", "a": 1, "b": 2, "c": 3}), Refused("超过 3"),
         limits={"rows": {"columns": 3}}),
    Case("json-gbk", "GeoJSON 是 GBK 的", plots({"小班号": "1", "村": "红岩村"}, codec="gbk"),
         Taken(1, ["R101"], encoding="GB18030", says={"village": ["红岩村"]})),
    Case("json-bom", "GeoJSON 是 UTF-8 带 BOM 的", plots({"小班号": "1", "村": "红岩村"}, codec="utf-8-sig"),
         Taken(1, says={"village": ["红岩村"]})),
    Case("json-utf16", "GeoJSON 是 UTF-16 的", plots({"小班号": "1", "村": "红岩村"}, codec="utf-16"), Refused("不是")),
    Case("json-stray-byte", "GeoJSON 是 GBK 的，名称里有一个坏字节",
         single("小班.geojson", collection(polygon(square(0)), rows=[{"小班号": "1", "名称": "红岩#村"}], codec="gbk").replace(b"#",
         b"\xff")),
         Taken(1, ["R101", "R103"], is_cut=True)),
    Case("json-cut", "GeoJSON 没写完", single("小班.geojson", collection(polygon(square(0)))[:-30]), Refused("不是有效的 JSON")),
    Case("json-empty", "没有要素", single("小班.geojson", collection()), Refused("空的")),
)  # fmt: skip
