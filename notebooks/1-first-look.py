# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # How much was restored in 2021, and where?
#
# 2021 年做了多少、做在哪里？ The project is the sample: **every shape and status in it is made up**; the targets and the number of
# mines are those that the district published (`geodata/README.md`).

# %%
from pathlib import Path
from tempfile import mkdtemp

import restoration
from restoration import sample

# %%
folder = Path(mkdtemp())
with restoration.speaking("en"):
    built = sample.build(folder)
    print(*built.told, sep="\n")

# %% [markdown]
# ## The sites frame
# One row a site, as it stood at the end of a day. Everything else is a function of this frame.

# %%
project = restoration.open(folder / sample.PROJECT_FILE)
sites = project.sites(as_of=sample.PUBLISHED_ON)
sites[["site_id", "measure", "plan_year", "status", "town", "area_m2"]].head()

# %%
in_2021 = sites[sites["counted"] & (sites["plan_year"] == 2021)]
len(sites), len(in_2021), sites.crs.to_string()

# %% [markdown]
# ## How much: task area and land area
# Ground under two measures counts twice as task and once as land. Areas are m² on the ellipsoid; 1 亩 = 2000/3 m².

# %%
def in_mu(table):
    areas = [name for name in table if name.endswith("_m2")]
    return table.assign(**{name: restoration.in_unit(table[name], "mu") for name in areas}).round(2)

# %%
by_layer = restoration.totals(in_2021, by=["layer"])
in_mu(by_layer.rows[["layer", "sites", "task_m2", "land_m2", "reported_m2"]])

# %%
by_measure = restoration.totals(in_2021, by=["measure"])
in_mu(by_measure.rows[["measure", "sites", "mines", "task_m2", "land_m2"]])

# %%
twice_m2 = by_layer.whole["task_m2"] - by_layer.whole["land_m2"]
pairs = restoration.overlaps(in_2021.geometry.to_numpy())
assert abs(twice_m2 - pairs.area_m2.sum()) < 0.01  # no ground lies in three sites here
f"counted twice: {restoration.in_unit(twice_m2, 'mu'):.2f} mu in {len(pairs.area_m2)} places"

# %% [markdown]
# ## Is it right? The same sum another way
# An equal-area projection, with the 105° E meridian in its middle, needs nothing of this package.

# %%
equal_area = in_2021.to_crs("+proj=laea +lat_0=25.1 +lon_0=105 +ellps=GRS80").area.sum()
apart = abs(equal_area / by_layer.whole["task_m2"] - 1)
assert apart < 1e-5
f"{apart:.1e} apart"

# %% [markdown]
# ## Against the plan
# What was planned, what is on the map, what was accepted. `NaN` is unknown or not planned, never 0.

# %%
plan = restoration.against_targets(sites, project.targets(), table=project.table)
in_mu(plan[["measure", "target_m2", "task_m2", "sited_pct", "accepted_m2", "accepted_pct"]])

# %%
mines = restoration.mine_states(sites)
assert mines.value_counts().to_dict() == {"in_progress": 15, "accepted": 13} and len(mines) == 28
mines.value_counts()

# %% [markdown]
# ## Where

# %%
by_town = restoration.totals(in_2021, by=["town"]).rows.sort_values("task_m2", ascending=False)
in_mu(by_town[["town", "sites", "task_m2", "land_m2"]])

# %%
from matplotlib import font_manager, pyplot

fonts = {font.name for font in font_manager.fontManager.ttflist}
chinese = sorted(name for name in fonts if "CJK SC" in name or name in ("Microsoft YaHei", "SimHei", "PingFang SC"))
pyplot.rcParams["font.family"] = chinese[:1] or ["DejaVu Sans"]  # without a Chinese font the labels are English

# %%
label = "zh" if chinese else "en"
names = {code: getattr(measure.label, label) for code, measure in project.table.measures.items()}
groups = {code: getattr(text, label) for code, text in project.table.groups.items()}
done = in_2021.pivot_table(index="measure", columns="group", values="area_m2", aggfunc="sum")

# %%
from restoration.style import look_of

order = [code for code in project.table.groups if code in done]
chart = restoration.in_unit(done[order], "mu").rename(index=names, columns=groups)
axes = chart.plot.barh(stacked=True, figsize=(9, 4), color=[look_of(code).colour for code in order])
axes.set(xlabel="亩" if chinese else "mu", ylabel="", title="2021（示例数据）" if chinese else "2021 (made-up sample)")
axes.legend(title="");

# %%
outline = restoration.read(folder / "outline.geojson")[0][0].rows
with restoration.speaking("en"):
    map_2021 = restoration.maps.build(in_2021, title="2021 (made-up)", as_of=sample.PUBLISHED_ON, outline=outline)
map_2021
