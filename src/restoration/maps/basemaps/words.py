"""What the page says of its basemaps, in both languages. ``{name}`` and the like are filled in on the page."""

from __future__ import annotations

from ...text import Text

WORDS: dict[str, Text] = {
    "basemap": Text("底图", "Basemap"),
    "now": Text("底图：{name}", "Basemap: {name}"),
    "none": Text("无底图", "No basemap"),
    "images": Text("影像", "Images"),
    "opacity": Text("不透明度", "Opacity"),
    "opacity_of": Text("{name}的不透明度", "Opacity of {name}"),
    "compare": Text("卷帘：右侧显示", "Swipe: show on the right"),
    "no_compare": Text("不用卷帘", "No swipe"),
    "swipe": Text("卷帘位置（用左右方向键移动）", "Place of the swipe (left and right keys move it)"),
    "left_right": Text("左：{left}　右：{right}", "Left: {left}   Right: {right}"),
    "shifted": Text("{name}底图（GCJ-02，已按显示位置改正）", "{name} basemap (GCJ-02, shown where it belongs)"),
    "credit": Text("{name}：{credit}", "{name}: {credit}"),
    "not_loaded": Text("底图未加载（无网络）", "The basemap did not load (no network)"),
    "left_out": Text(
        "底图来自别的网站，浏览器不允许存进图片：图片里没有底图，打印时有",
        "The basemap is another site's, which the browser keeps out of a picture: it is left out of the PNG, not of the print",
    ),
    "review_no": Text("审图号：{no}", "Review number: {no}"),
}
