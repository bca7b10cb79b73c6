"""Findings about a file and the ground in it. Each docstring is what ``restoration explain CODE`` prints."""

from __future__ import annotations

from collections.abc import Sequence

from ..model import Finding
from ..text import Text
from ..units import in_unit, rounded
from .rule import Where, listed, rule


@rule("R101")
def encoding_used(where: Where, encoding: str, why: Text) -> Finding:
    """属性表的文字按什么编码读的，以及理由。

    属性表（.dbf）自己说不清编码：.cpg 常缺或写错，语言标志常为 0。程序先看内容：严格符合 UTF-8 就按 UTF-8，
    否则按 GB18030（含 GBK、GB2312）。编码读错，地名和小班号就成乱码。若所列文字不对，用 --encoding 指明，如 --encoding GBK。
    ---
    Which encoding the text of the attribute table was read with, and why.

    A .dbf does not say its encoding reliably: the .cpg is often missing or wrong and the language id zero. The content
    decides: strict UTF-8 first, else GB18030 (which holds GBK and GB2312). If the text shown is wrong, name the encoding:
    --encoding GBK.
    """
    return where.note(
        Text(f"属性表文字按 {encoding} 读取：{why.zh}。", f"The attribute table was read as {encoding}: {why.en}."),
        Text("文字若有乱码，用 --encoding 指明编码。", "If text is garbled, name the encoding with --encoding."),
    )


@rule("R102")
def encoding_contradicted(where: Where, declared: str, encoding: str) -> Finding:
    """文件声明的编码与内容不符。

    .cpg 文件或 .dbf 语言标志写着一种编码，而文字的字节是另一种。照声明读会得到乱码或读不出来，所以按内容读。
    请让制作单位改正或删去 .cpg。
    ---
    The declared encoding is not that of the content.

    The .cpg or the language id of the .dbf names one encoding, the bytes are another. Reading by the declaration would
    give garbled text, so the content was followed. Have whoever made the file mend or remove the .cpg.
    """
    return where.warning(
        Text(
            f"声明的编码是 {declared}，内容却是 {encoding}，已按内容读取。",
            f"Declared as {declared}, the content is {encoding}; read as that.",
        ),
        Text("请改正或删去 .cpg；要坚持某种编码，用 --encoding 指明。", "Mend or remove the .cpg; to insist, use --encoding."),
    )


@rule("R103")
def characters_replaced(where: Where, count: int, rows: Sequence[int]) -> Finding:
    """有些字被截断或解不出来，已用“�”代替。

    属性表一格装满时，软件会把最后一个汉字切成半个，半个字解不出来；文本里坏了的字节也解不出来。数的是这样的格数。
    名称、编号若受影响，请在原始资料里核对后改正。
    ---
    Some characters were cut or cannot be decoded; "�" stands in their place.

    When a cell is full, programs cut the last Chinese character in two, and half a character means nothing; nor does a damaged
    byte in a text. The count is of such cells. Check names and numbers against the original.
    """
    which = listed(rows)
    return where.warning(
        Text(
            f"有 {count} 格文字不完整，已用“�”代替（第 {which.zh} 行）。",
            f"{count} cells hold broken characters, replaced by '�' (rows {which.en}).",
        ),
        Text("请对照原始资料核对这些格。", "Check those cells against the original."),
        value=float(count),
    )


@rule("R104")
def mangled_text_repaired(where: Where, count: int, example: str, mended: str) -> Finding:
    """文字在送来之前已成乱码（如 Ð¡°àºÅ），已还原。

    别的软件曾把 GBK（或 UTF-8）文字当成西欧文字读入并另存。字节还在，程序把它还原成汉字。请抽查还原的结果。
    ---
    The text had been garbled before it came (such as Ð¡°àºÅ) and was restored.

    Another program read GBK (or UTF-8) as Western European text and saved it so. The bytes are all there and were turned
    back into Chinese. Spot-check the result.
    """
    return where.warning(
        Text(
            f"{count} 处乱码已还原，例如“{example}”→“{mended}”。",
            f"{count} garbled texts were restored, such as {example!r} to {mended!r}.",
        ),
        Text("请抽查还原后的文字。", "Spot-check the restored text."),
        value=float(count),
    )


@rule("R105")
def mangled_text(where: Where, count: int, example: str) -> Finding:
    """有些文字像是乱码，还原不了，原样保留。

    这些文字里有多个西欧字母而没有汉字，像是编码读错后留下的，但解不回汉字。若本来就是外文，可不理会；
    否则请向制作单位要原始文件。
    ---
    Some text looks garbled and cannot be restored; it is kept as it is.

    It holds several accented Western letters and no Chinese, as text does after a wrong decoding, but does not turn back
    into Chinese. Nothing to do if it is a foreign name; otherwise ask for the original file.
    """
    return where.warning(
        Text(f"{count} 处文字像是乱码，例如“{example}”，原样保留。", f"{count} texts look garbled, such as {example!r}; kept as they are."),
        Text("若不是外文，请向制作单位要原始文件。", "Unless it is a foreign name, ask for the original file."),
        value=float(count),
    )


@rule("R106")
def index_rebuilt(where: Where) -> Finding:
    """缺少 .shx 索引文件，已按 .shp 重建。

    .shx 只记每个图形在 .shp 里的位置，可以由 .shp 推出来。缺它多半是拷贝时漏了文件，请一并核对 .prj、.cpg 是否也漏了。
    ---
    The .shx index was missing and was rebuilt from the .shp.

    It only says where each shape stands in the .shp, so it can be derived. A missing one usually means that a file was left
    behind in copying: see whether .prj and .cpg were too.
    """
    return where.warning(
        Text("缺少 .shx，已由 .shp 重建。", "The .shx is missing; it was rebuilt from the .shp."),
        Text("请核对送来的文件是否齐全（.shp .shx .dbf .prj .cpg）。", "See whether all files came: .shp .shx .dbf .prj .cpg."),
    )


@rule("R107")
def crs_assumed(where: Where, crs: str, family: Text, also: str) -> Finding:
    """坐标系是按数字推断的，经 --crs auto 确认采用。

    文件没有声明坐标系（或声明与数字矛盾），按坐标数值所在的范围推断。数值相同的坐标系不止一个，光看数字分不出基准
    （2000、西安80、北京54），用错会整体偏移几十到一百多米。请向测绘单位核实。
    ---
    The CRS was inferred from the numbers and taken because of --crs auto.

    The file declares none (or one that the numbers contradict). Several systems give the same numbers: the datum (CGCS2000,
    Xian80, Beijing54) does not show in them, and the wrong one moves everything by tens of metres to more than a hundred.
    Ask the surveyor.
    """
    others_zh, others_en = (f"；数字相同的还有 {also}", f"; the same numbers fit {also}") if also else ("", "")
    return where.warning(
        Text(f"按数字推断为{family.zh}，采用 {crs}{others_zh}。", f"Taken as {crs}, {family.en}, by its numbers{others_en}."),
        Text(f"请向测绘单位核实；确认后用 --crs {crs} 指明。", f"Ask the surveyor, then say so with --crs {crs}."),
    )


@rule("R108")
def crs_overridden(where: Where, declared: str, given: str) -> Finding:
    """按调用者指明的坐标系读取，没有用文件自己声明的。

    文件声明了一个坐标系，调用时又用 --crs 指明了另一个，以后者为准。指错会使图形整体偏移。
    ---
    The CRS given by the caller was used, not the one that the file declares.

    The file declares one CRS and --crs named another: the latter counts. A wrong one moves everything.
    """
    return where.warning(
        Text(f"文件声明 {declared}，按 --crs 指明的 {given} 读取。", f"The file declares {declared}; read as {given} because of --crs."),
        Text("若文件声明无误，请去掉 --crs。", "If the declaration is right, leave --crs away."),
    )


@rule("R109")
def zone_prefix_mended(where: Where, named: str, taken: str) -> Finding:
    """横坐标的带号与声明的坐标系不一致，已按数字改用配对的坐标系。

    同一个 3 度带有两种写法：横坐标前加带号（如 35 500 000，EPSG:4523）或不加（500 000，EPSG:4544）。声明用一种、
    数字是另一种时，所指的带是同一个，没有歧义，所以直接改用配对的代码。
    ---
    The zone number in the eastings does not fit the declared CRS; its pair was used.

    A zone is written with its number in front of the easting (35 500 000, EPSG:4523) or without (500 000, EPSG:4544). When
    the declaration is one and the numbers are the other, the zone is the same and nothing is ambiguous.
    """
    return where.warning(
        Text(
            f"横坐标带号与 {named} 不一致，已按 {taken} 读取。", f"The eastings do not fit {named} in their zone number; read as {taken}."
        ),
        Text(f"请让制作单位把坐标系声明改为 {taken}。", f"Have the declaration changed to {taken}."),
    )


@rule("R110")
def axes_swapped(where: Where) -> Finding:
    """x、y 已对调。

    测量的 X 是纵坐标（向北），地图软件的 x 是横坐标（向东）。文件里两者次序反了，按 --swap-xy 对调后读取。
    ---
    The axes were swapped.

    A surveyor's X points north, a map program's x east. The file has them the wrong way round and was read with --swap-xy.
    """
    return where.warning(
        Text("x、y 已按 --swap-xy 对调。", "x and y were swapped, because of --swap-xy."),
        Text("请在地图上核对位置。", "Check the position on the map."),
    )


@rule("R111")
def datum_shifted(where: Where, datum: Text, shift: Sequence[float]) -> Finding:
    """坐标已由旧基准转换到 2000 国家大地坐标系，用的是调用者给的参数。

    西安80、北京54 与 2000 系之间没有全国通用的转换参数，本地参数由测绘部门掌握。程序只照给的参数算，不判断参数对不对。
    ---
    The coordinates were moved from an old datum to CGCS2000 with the parameters given.

    No parameters between Xian80 or Beijing54 and CGCS2000 hold for the whole country; the local ones are the surveying
    office's. They were applied as given; whether they are right is not known here.
    """
    values = ", ".join(f"{value:g}" for value in shift)
    return where.warning(
        Text(f"已由{datum.zh}转换到 2000 系，参数：{values}。", f"Moved from {datum.en} to CGCS2000 with: {values}."),
        Text("请用已知点核对转换结果。", "Check the result at a known point."),
    )


@rule("R112")
def outside_envelope(where: Where, region: Text, rows: Sequence[int]) -> Finding:
    """图形不在兴义、安龙、兴仁三县市的范围里。

    义龙新区在这三县市之内，落在外面多半是坐标系、带号或 x、y 次序不对，也可能是别处的资料。只提示，不拒收。
    ---
    The shape lies outside Xingyi, Anlong and Xingren.

    The area is inside these three counties; a shape outside usually has a wrong CRS, zone or axis order, or belongs
    elsewhere. Told, not refused.
    """
    which = listed(rows)
    return where.warning(
        Text(f"第 {which.zh} 行不在{region.zh}范围内。", f"Row {which.en} lies outside {region.en}."),
        Text("请核对坐标系（--crs）和资料是否属于本区。", "Check the CRS (--crs) and whether the data belong here."),
    )


@rule("R113")
def crs_link_ignored(where: Where, link: str) -> Finding:
    """GeoJSON 的坐标系写成了网址，没有去访问。

    外来文件里的网址一律不访问。坐标系因此当作没有声明。
    ---
    The CRS of the GeoJSON is a link, which was not followed.

    Links in files from outside are never followed, so the CRS counts as not declared.
    """
    return where.warning(
        Text(f"坐标系是一个网址（{link}），未访问，按未声明处理。", f"The CRS is a link ({link}); not followed, taken as not declared."),
        Text("用 --crs 指明坐标系。", "Name the CRS with --crs."),
    )


@rule("R114")
def tables_left(where: Where, names: Sequence[str]) -> Finding:
    """GeoPackage 里有些图层没有读：它们是视图或虚拟表。

    视图是一段程序，外来文件的程序不运行，只读真正的表。需要时请在 GIS 里把视图另存为图层。
    ---
    Some layers of the GeoPackage were left: they are views or virtual tables.

    A view is a program, and programs in files from outside are not run: only tables are read. If needed, save the view
    as a layer in a GIS.
    """
    which = listed(names)
    return where.warning(
        Text(f"未读视图或虚拟表：{which.zh}。", f"Views or virtual tables left: {which.en}."),
        Text("需要时请另存为普通图层再导入。", "If needed, save them as plain layers first."),
    )


@rule("R115")
def members_left(where: Where, names: Sequence[str]) -> Finding:
    """压缩包里的压缩包没有打开。

    只打开一层。里面若有资料，请先解开再分别导入。
    ---
    Archives inside the archive were not opened.

    Only one level is opened. If they hold data, unpack them and import each.
    """
    which = listed(names)
    return where.warning(
        Text(f"包中还有压缩包未打开：{which.zh}。", f"Archives inside were not opened: {which.en}."),
        Text("请解开后分别导入。", "Unpack them and import each."),
    )


@rule("R116")
def columns_renamed(where: Where, pairs: Sequence[tuple[str, str]]) -> Finding:
    """有同名的列，已加编号区分。

    属性表列名最多 10 个字节，长名截断后可能相同；或与程序自用的列名相同。请核对各列内容。
    ---
    Columns of the same name were told apart by a number.

    A DBF name holds ten bytes, so long names may become the same when cut, or a name may be one that is used here. See
    what each holds.
    """
    which = listed(f"{old}→{new}" for old, new in pairs)
    return where.warning(
        Text(f"同名的列已改名：{which.zh}。", f"Columns of the same name were renamed: {which.en}."),
        Text("请核对这些列的内容，必要时用 --field 指明。", "See what they hold; name them with --field if need be."),
    )


@rule("R117")
def deleted_records_left(where: Where, rows: Sequence[int]) -> Finding:
    """属性表里标了删除的记录没有读。

    有的软件删除记录时只打标记，记录还在文件里。这些记录不算数据，行号仍按文件计。
    ---
    Records that are marked as deleted were left.

    Some programs only mark a record when it is deleted. They are not data; row numbers still count them.
    """
    which = listed(rows)
    return where.note(
        Text(f"第 {which.zh} 行已标记删除，未读。", f"Rows {which.en} are marked as deleted and were left."),
        Text("若不该删除，请在 GIS 里恢复后另存。", "If they should not be, restore them in a GIS and save."),
    )


@rule("R118")
def records_without_shape(where: Where, shapes: int, records: int) -> Finding:
    """属性记录比图形多。

    Shapefile 按先后次序把图形与属性配对。记录多出来的部分没有图形，不收；前面的照次序配对，可能已经错位，请抽查。
    ---
    There are more records than shapes.

    A shapefile pairs shapes and records by their order. Records beyond the last shape have none and are refused; those
    before are paired as they stand and may be out of step, so spot-check them.
    """
    return where.warning(
        Text(
            f"有 {shapes} 个图形、{records} 条属性记录，多出的记录没有图形。",
            f"There are {shapes} shapes and {records} records; those beyond have no shape.",
        ),
        Text("请抽查图形与属性是否对得上，最好重新导出。", "Spot-check that shapes and records go together; better, export again."),
        value=float(records - shapes),
    )


@rule("R119")
def asterisks_unknown(where: Where, columns: Sequence[str], number: int) -> Finding:
    """数字列里有星号，当作没有填。

    dBASE 把没有的数和放不下的数都写成一串星号，分不清是哪一种。当作没有填；如果原来有数，请加宽该列重新导出。
    ---
    Number columns hold asterisks, which were taken as unknown.

    dBASE writes a number that is missing and one that does not fit alike, as asterisks. They were taken as unknown; if
    there was a number, widen the column and export again.
    """
    names = listed(columns)
    return where.note(
        Text(f"有 {number} 个数是星号，当作没有填：{names.zh}。", f"{number} numbers are asterisks, taken as unknown: {names.en}."),
        Text("原来有数的，请加宽该列重新导出。", "If there was a number, widen the column and export again."),
        value=float(number),
    )


@rule("R120")
def lists_left(where: Where, names: Sequence[str]) -> Finding:
    """压缩包里既有图层，又有文本或表格，后者没有读。

    与图层放在一起的 .txt、.csv、.xlsx 多半是说明或字段表。若其中是界址点、拐点坐标，请取出来单独导入。
    ---
    The archive holds map layers and texts or tables; the latter were not read.

    A .txt, .csv or .xlsx beside a layer usually explains it. If it is a list of corners, take it out and import it by itself.
    """
    which = listed(names)
    return where.note(
        Text(f"包中的文本、表格未读：{which.zh}。", f"Texts and tables in the archive were left: {which.en}."),
        Text("若是坐标，请单独导入。", "If they are coordinates, import them by themselves."),
    )


@rule("R121")
def no_geometry(where: Where) -> Finding:
    """这一行没有图形。

    没有图形就没有面积，也上不了图，不能作为地块登记。请补画后再导入。
    ---
    The row has no geometry.

    Without one there is no area and nothing to map, so it cannot be a site. Draw it and import again.
    """
    return where.error(Text("没有图形。", "There is no geometry."), Text("请在 GIS 里补画图形。", "Draw the geometry in a GIS."))


@rule("R122")
def not_ground(where: Where, kind: str) -> Finding:
    """图形不是面（是点、线，或修复后不剩面积）。

    地块必须是面。点、线、三点共线的面没有面积。请改画成面后再导入。
    ---
    The geometry is no polygon (a point, a line, or nothing after mending).

    A site must be a polygon. Points, lines and polygons of no width have no area.
    """
    return where.error(
        Text(f"图形是 {kind}，没有面积。", f"The geometry is a {kind} and has no area."),
        Text("请改成面图形。", "Make it a polygon."),
    )


@rule("R123")
def not_a_place(where: Where) -> Finding:
    """坐标不是地球上的位置（空值、无穷大，或大得离谱）。

    常见于导出出错或手工录入多打了数字。请在原始文件里改正。
    ---
    The coordinates are no place on Earth (NaN, infinite, or far too large).

    It comes from a failed export or a digit too many. Mend the original.
    """
    return where.error(
        Text("坐标不是有效数字，或超出地球范围。", "The coordinates are not numbers, or lie beyond the Earth."),
        Text("请在原始文件里改正坐标。", "Mend the coordinates in the original file."),
    )


@rule("R124")
def repair_too_large(where: Where, reason: str, before_m2: float, after_m2: float, limit_pct: float) -> Finding:
    """图形自相交等错误太大，修复会明显改变面积，所以拒收。

    例如“8”字形的面：自动修复得到两个三角形，而本意可能是四边形，面积差得远。到底是哪块地，只有画图的人知道。
    ---
    The geometry is so wrong that mending would change its area; it is refused.

    A figure of eight mends to two triangles where a quadrangle may have been meant. Only who drew it knows the ground.
    """
    return where.error(
        Text(
            f"图形错误（{_reason(reason).zh}），修复前后面积相差超过 {limit_pct:g}%：{_area(before_m2).zh} → {_area(after_m2).zh}。",
            f"The geometry is wrong ({_reason(reason).en}); mending changes its area by more than {limit_pct:g} %: "
            f"{_area(before_m2).en} to {_area(after_m2).en}.",
        ),
        Text("请在 GIS 里按实地改好边界再导入。", "Mend the boundary in a GIS after the ground, and import again."),
        value=after_m2,
    )


@rule("R125")
def shifted_coordinates(where: Where, kind: str) -> Finding:
    """图形是 GCJ-02（火星坐标）或 BD-09（百度坐标），拒收。

    奥维等软件可以按 GCJ-02 导出，这里与真实位置差四百多米；按 BD-09 差一公里多，且方向、大小随地点变化。加密算法没有公开，
    反算的结果不能当作测量成果，所以不反算。请在软件里改按 CGCS2000 或 WGS84 导出。
    ---
    The shape is in GCJ-02 or BD-09, and is refused.

    Some programs export shifted coordinates: GCJ-02 is more than 400 m off here, BD-09 more than a kilometre. The shift is not
    public, so what is computed back is no survey and is not tried. Export again as CGCS2000 or WGS84.
    """
    off = (
        Text("百度坐标），与真实位置差一公里多", "more than a kilometre")
        if kind.upper().startswith("BD")
        else Text("火星坐标），与真实位置差四百多米", "more than 400 m")
    )
    return where.error(
        Text(f"坐标类型是 {kind}（{off.zh}。", f"The coordinates are {kind}, {off.en} from the true place."),
        Text("请在软件里改按 CGCS2000（或 WGS84）导出。", "Export again as CGCS2000 (or WGS84)."),
    )


@rule("R126")
def unreadable_geometry(where: Where, what: Text) -> Finding:
    """这一行的图形读不出来。

    图形的写法不符合格式（类型不认识，或坐标不成对）。请用 GIS 重新导出。
    ---
    The geometry of the row cannot be read.

    It is not written as its format says (an unknown type, or coordinates that are no pairs). Export it again.
    """
    return where.error(
        Text(f"图形读不出来：{what.zh}。", f"The geometry cannot be read: {what.en}."),
        Text("请用 GIS 软件检查并重新导出。", "Check it in a GIS and export again."),
    )


@rule("R127")
def too_wide(where: Where, width_deg: float, limit_deg: float) -> Finding:
    """图形大得不可能是一个地块。

    一个地块不会跨过一个三度带。这样的图形多半是某个拐点的坐标录错了，连到了很远的地方；它的面积也算不准。
    ---
    The shape is far too large for a site.

    No site spans a three-degree zone. Usually one corner has a wrong coordinate and reaches far away; its area could not be
    computed well either.
    """
    return where.error(
        Text(
            f"图形跨 {width_deg:.1f} 度，超过 {limit_deg:g} 度，不可能是一个地块。",
            f"The shape spans {width_deg:.1f} degrees, over {limit_deg:g}: that is no site.",
        ),
        Text("请检查有没有录错的拐点。", "Look for a corner with a wrong coordinate."),
        value=width_deg,
    )


@rule("R131")
def geometry_repaired(where: Where, reason: str, before_m2: float, after_m2: float) -> Finding:
    """图形有错（自相交、孔洞越界等），已修复并保留。

    修复后的图形是有效的面，面积变化在允许范围内。修复前后的面积都列出来，供核对。
    ---
    The geometry was wrong (crossing itself, a hole outside) and was mended and kept.

    What is left is valid and its area hardly changed; both areas are given.
    """
    return where.warning(
        Text(
            f"图形有错（{_reason(reason).zh}），已修复：{_area(before_m2).zh} → {_area(after_m2).zh}。",
            f"The geometry was wrong ({_reason(reason).en}) and was mended: {_area(before_m2).en} to {_area(after_m2).en}.",
        ),
        Text("请在地图上核对修复后的边界。", "Check the mended boundary on the map."),
        value=after_m2,
    )


@rule("R132")
def other_parts_dropped(where: Where) -> Finding:
    """一行里除面以外还有点或线，只留下面。

    混合图形里只有面算地块。点、线没有面积，已舍去。
    ---
    Beside polygons the row held points or lines, which were dropped.

    Of a mixed geometry only the polygons are ground.
    """
    return where.warning(
        Text("图形里混有点或线，只保留了面。", "The geometry held points or lines beside polygons; only the polygons are kept."),
        Text("请核对是否漏了应画成面的部分。", "See whether a part should have been a polygon."),
    )


@rule("R133")
def heights_dropped(where: Where, count: int) -> Finding:
    """图形带有高程（Z）或测量值（M），已舍去。

    面积和边界只用平面位置，高程不参与计算。
    ---
    Heights (Z) or measures (M) of the geometries were dropped.

    Areas and boundaries use the position alone.
    """
    return where.note(
        Text(f"{count} 个图形的高程或测量值已舍去。", f"Heights or measures of {count} geometries were dropped."),
        Text("无需处理。", "Nothing to do."),
        value=float(count),
    )


@rule("R134")
def rings_closed(where: Where, rows: Sequence[int]) -> Finding:
    """面的边界没有闭合，已把终点连回起点。

    边界的最后一点应与第一点相同。漏了时自动补上，不改变其他点。
    ---
    The boundary did not close; its end was joined to its beginning.

    The last point must be the first. Where it is missing it is added, and nothing else changes.
    """
    which = listed(rows)
    return where.warning(
        Text(f"第 {which.zh} 行边界未闭合，已连回起点。", f"The boundary of row {which.en} did not close and was closed."),
        Text("请核对是否漏了拐点。", "See whether a corner is missing."),
    )


_REASONS = {
    "Self-intersection": "自相交",
    "Ring Self-intersection": "边界自接触",
    "Hole lies outside shell": "孔洞在外边界之外",
    "Nested holes": "孔洞套孔洞",
    "Nested shells": "面套面",
    "Interior is disconnected": "内部不连通",
    "Too few points in geometry component": "点数太少",
    "Duplicate Rings": "边界重复",
}


def _reason(said: str) -> Text:
    words = said.split("[", maxsplit=1)[0]
    return Text(_REASONS.get(words, words), words)


def _area(area_m2: float) -> Text:
    whole, mu = rounded(area_m2, 1), rounded(in_unit(area_m2, "mu"), 2)
    return Text(f"{whole} 平方米（{mu} 亩）", f"{whole} m² ({mu} mu)") if area_m2 > 0 else Text("无法计算", "not measurable")


FILE_RULES = (
    encoding_used, encoding_contradicted, characters_replaced, mangled_text_repaired, mangled_text, index_rebuilt, crs_assumed,
    crs_overridden, zone_prefix_mended, axes_swapped, datum_shifted, outside_envelope, crs_link_ignored, tables_left, members_left,
    columns_renamed, deleted_records_left, records_without_shape, asterisks_unknown, lists_left, no_geometry, not_ground, not_a_place,
    repair_too_large, shifted_coordinates, unreadable_geometry, too_wide, geometry_repaired, other_parts_dropped, heights_dropped,
    rings_closed,
)  # fmt: skip
"""The rules that speak of files and geometries."""
