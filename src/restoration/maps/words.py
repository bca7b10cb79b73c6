"""What the page says, in both languages. ``{n}`` and the like are filled in on the page."""

from __future__ import annotations

from ..text import Text

WORDS: dict[str, Text] = {
    "sample": Text("示例数据 · 图形为虚构", "Sample data · the shapes are made up"),
    "internal": Text("内部工作用图 不得公开", "Internal working map, not for publication"),
    "review": Text("公开使用前须经地图审核并标注审图号", "To be reviewed, and to carry its review number, before publication"),
    "sites": Text("图斑", "sites"),
    "mines": Text("矿山", "mines"),
    "number_sites": Text("{n} 个图斑", "{n} sites"),
    "number_mines": Text("{m} 座矿山 · {n} 个图斑", "{m} mines · {n} sites"),
    "task": Text("措施面积", "task area"),
    "land": Text("土地面积", "land area"),
    "task_note": Text(
        "措施面积：各措施面积之和，同一地块每项措施各计一次", "Task area: every site counts, the same ground once for each measure"
    ),
    "land_note": Text("土地面积：重叠部分只计一次", "Land area: ground counts once, however many sites lie on it"),
    "shared": Text(
        "各图层占地之和比合计多 {a} 亩（跨图层重叠）", "The layers' land areas exceed the whole by {a} mu: ground in two layers"
    ),
    "rule": Text(
        "面积为椭球面积（TD/T 1055-2019 附录D），按原始边界计算；1 亩 = 10000/15 m²",
        "Areas are ellipsoidal (TD/T 1055-2019 annex D), of the original boundaries; 1 mu = 10000/15 m²",
    ),
    "simplified": Text(
        "图上界线简化 ≤ {d} 米，面积按原始界线计算", "Boundaries are drawn to within {d} m; areas are of the original boundaries"
    ),
    "reading": Text("正在读取图斑…", "Reading the sites…"),
    "left_out": Text(
        "另有 {n} 个已核减/调出图斑：图上画出，不计入数量和面积", "{n} struck-off sites are drawn but count in no number and no area"
    ),
    "datum": Text("坐标系 CGCS2000", "CGCS2000"),
    "mu": Text("亩", "mu"),
    "ha": Text("公顷", "ha"),
    "search": Text("搜索名称、小班号、乡镇、拼音首字母", "Search name, number, town"),
    "search_label": Text("搜索图斑或乡镇", "Search sites and towns"),
    "no_result": Text("没有找到", "Nothing found"),
    "more_results": Text("还有 {n} 项，请再输入几个字", "{n} more: type on"),
    "layers": Text("图层与措施", "Layers and measures"),
    "statuses": Text("状态", "Status"),
    "filter_hint": Text("点击只看一类", "click to filter"),
    "filtered": Text(
        "已筛选：{k} / {n} 个图斑，数字是筛选后的",
        "Filtered: {k} of {n} sites; the numbers are theirs",
    ),
    "show_all": Text("全部显示", "Show all"),
    "show_layer": Text("显示图层：{name}", "Show layer: {name}"),
    "show_measure": Text("显示措施：{name}", "Show measure: {name}"),
    "panel": Text("图例与统计", "Legend and totals"),
    "open_panel": Text("展开图例", "Open the legend"),
    "close_panel": Text("收起图例", "Close the legend"),
    "facts": Text("图斑信息", "Facts of the site"),
    "close": Text("关闭", "Close"),
    "back": Text("返回列表", "Back to the list"),
    "here": Text("此处有 {n} 个图斑重叠", "{n} sites overlap here"),
    "here_choose": Text("请选择一个查看", "Choose one"),
    "history": Text("最近记录", "Latest entries"),
    "no_history": Text("没有记录", "No entries"),
    "not_counted": Text("已核减/调出，不计入面积", "Struck off: counts in no area"),
    "sample_site": Text("示例数据", "Sample data"),
    "doc": Text("文号", "document"),
    "by": Text("填报", "by"),
    "unnamed": Text("（未命名）", "(no name)"),
    "town": Text("乡镇", "town"),
    "zoom_in": Text("放大", "Zoom in"),
    "zoom_out": Text("缩小", "Zoom out"),
    "zoom_all": Text("全图", "Whole map"),
    "map": Text("地图", "Map"),
    "changes": Text("导入预览", "Preview of the import"),
    "changes_note": Text("写入以前画的", "drawn before anything is written"),
    "timeline": Text("时间轴", "Days of the history"),
    "day": Text("哪一天", "Day"),
    "day_before": Text("前一个有变动的日子", "The day of change before"),
    "day_after": Text("后一个有变动的日子", "The day of change after"),
    "play": Text("播放、暂停", "Play, pause"),
    "now": Text("现状", "now"),
    "clock": Text("按哪个日期", "By which day"),
    "clock_field": Text("发生日期", "day it happened"),
    "clock_office": Text("录入日期", "day of recording"),
    "as_of_field": Text("截至 {d} · 按发生日期", "As of {d} · by the day it happened"),
    "as_of_office": Text("截至 {d} · 按录入时间", "As of {d} · by the time of recording"),
    "of_that_day": Text("数字是这一天的", "The numbers are of that day"),
    "no_land": Text(
        "；图斑相互重叠之处太多，土地面积只算全部图斑的现状", "; too many sites overlap here: land area is told of all sites as of now only"
    ),
    "older_history": Text("到这一天为止的记录较早，不在本图中", "The entries up to this day are older than those that the map carries"),
    "compare": Text("对比", "Compare"),
    "compare_title": Text("与另一天对比", "Compare with another day"),
    "other_day": Text("与哪一天相比", "Day to compare with"),
    "between_days": Text("{a} 到 {b} 的变化", "Changes from {a} to {b}"),
    "compare_note": Text(
        "只算图上显示的图斑；一个图斑可有几种变化。面积：新增和新状态按后一天，退回和核减按前一天，重划为增减",
        "Of the sites shown; one site may be under several. Areas: of the later day; of what fell back or was struck off, of the earlier; "
        "of what was redrawn, the difference",
    ),
    "unchanged": Text("没有变化的图斑：{n} 个", "Unchanged: {n} sites"),
    "before_line": Text("原界线", "boundary before"),
    "more_sites": Text("还有 {n} 个，请放大后在表格里看", "{n} more: see the table when zoomed in"),
    "absent_then": Text("（尚未登记）", "(not registered)"),
    "photos": Text("照片", "Photos"),
    "photo_open": Text("放大照片 {name}", "Enlarge the photo {name}"),
    "photo_before": Text("上一张", "Photo before"),
    "photo_after": Text("下一张", "Next photo"),
    "problems": Text("检查问题", "Findings"),
    "any_problem": Text("有问题", "Any"),
    "no_problem": Text("没有问题", "None"),
    "problems_of_now": Text("检查的是现状", "of what is recorded now"),
    "what_to_do": Text("怎么办：{w}", "Way out: {w}"),
    "filters": Text("筛选", "Filter"),
    "filter_town": Text("乡镇", "Town"),
    "filter_plan_year": Text("年度", "Plan year"),
    "filter_status": Text("具体状态", "Status in detail"),
    "not_said": Text("（没有填）", "(not said)"),
    "no_such_site": Text("图上没有 {site}", "{site} is not on the map"),
    "table": Text("表格", "Table"),
    "in_view": Text("视野内 {n} 个", "{n} in view"),
    "in_view_more": Text("视野内 {n} 个，列出前 {m} 个，复制时全部都有", "{n} in view, the first {m} listed; a copy has them all"),
    "copy": Text("复制", "Copy"),
    "copied": Text("已复制 {n} 行，可粘贴到表格软件", "{n} rows copied: paste them into a spreadsheet"),
    "not_copied": Text("浏览器不允许复制", "The browser does not let it be copied"),
    "ruler": Text("量测", "Measure"),
    "ruler_hint": Text(
        "在图上逐点点击（空格取图的正中）；回车结束，退格撤销，Esc 清除。面积与台账同一算法",
        "Click point by point (space: the map's middle); Enter ends, Backspace takes back, Esc clears. Areas as the ledger has them",
    ),
    "ruler_points": Text("{n} 个点", "{n} points"),
    "ruler_more": Text("· 继续点击", "· go on clicking"),
    "ruler_length": Text("折线长", "Line"),
    "ruler_around": Text("周长", "Perimeter"),
    "ruler_area": Text("椭球面积", "Ellipsoidal area"),
    "ruler_crosses": Text("边线相交，没有面积", "edges cross: no area"),
    "ruler_undo": Text("撤销", "Undo"),
    "ruler_clear": Text("清除", "Clear"),
    "ruler_copied": Text("已复制数值和各点经纬度", "Copied, with the points' longitudes and latitudes"),
    "column_name": Text("名称", "Name"),
    "column_source_id": Text("小班号", "Number"),
    "column_measure": Text("措施", "Measure"),
    "column_status": Text("状态", "Status"),
    "column_town": Text("乡镇", "Town"),
    "column_plan_year": Text("年度", "Year"),
    "column_area": Text("面积(亩)", "Area (mu)"),
    "no_sites": Text("没有图斑", "There are no sites"),
    "broken": Text(
        "此浏览器太旧，不能显示本图；请用 Chrome/Edge 86 以上。", "This browser is too old for the map: use Chrome or Edge 86 or later."
    ),
}

DEFAULT_TITLE = Text("生态修复图斑图", "Restoration sites")
CLOCK = {"field": Text("按发生日期", "by the day it happened"), "office": Text("按录入时间", "by the time of recording")}
ELLIPSOIDAL = Text("(椭球)", " (ellipsoidal)")


def preview_line(day: str) -> Text:
    """The line under the title of a preview."""
    return Text(f"{day} · 导入以后的样子，只画文件附近", f"{day} · as it would be, near the file only")


def as_of_line(day: str, clock: str, *, present: bool) -> Text:
    """The line under the title: which day the map shows, and by which clock."""
    if present:
        return Text(f"现状 · 制图 {day}", f"As it stands · made {day}")
    return Text(f"截至 {day} · {CLOCK[clock].zh}", f"As of {day} · {CLOCK[clock].en}")


LEVEL_WORDS = {"error": Text("错误", "Errors"), "warning": Text("提醒", "Warnings"), "note": Text("说明", "Notes")}
FINDING_WORDS: dict[str, Text] = {
    "panel": Text("问题清单", "List of findings"),
    "facts": Text("问题和图斑", "Finding and site"),
    "kinds": Text("问题种类", "Kinds of findings"),
    "findings": Text("问题", "findings"),
    "list": Text("逐条", "One by one"),
    "list_hint": Text("点击定位", "click to go there"),
    "filtered_findings": Text("已筛选：{k} / {n} 条", "Filtered: {k} of {n}"),
    "more_findings": Text("还有 {n} 条：点上面的种类筛选", "{n} more: choose a kind above"),
    "no_findings": Text("没有问题", "Nothing was found"),
    "no_place": Text("没有位置", "no place"),
    "way_out": Text("怎么办", "Way out"),
    "place": Text("位置", "Place"),
    "where": Text("出处", "From"),
    "concerned": Text("涉及的图斑", "Sites concerned"),
    "refused": Text("红色虚线：没有采用的行", "Dashed red: rows that were not taken"),
    "made_of": Text("标记的颜色和大小：错误大、说明小；灰色为已豁免", "Marks: errors are large, notes small; grey ones are waived"),
}
