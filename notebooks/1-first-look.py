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
import os
from pathlib import Path
from tempfile import mkdtemp

import restoration as rs
from restoration import sample

os.environ["RESTORATION_LANG"] = "en"

# %%
folder = Path(mkdtemp())
print(*sample.build(folder).told, sep="\n")

# %% [markdown]
# ## The sites frame
# One row a site, as it stood at the end of a day. Everything else is a function of this frame. The project is open to be read: nothing
# here can change it.

# %%
project = rs.open(folder / sample.PROJECT_FILE)
project

# %%
sites = project.sites(as_of=sample.PUBLISHED_ON)
sites[["site_id", "measure", "plan_year", "status", "town", "area_m2"]].head()

# %%
in_2021 = sites[sites["counted"] & (sites["plan_year"] == 2021)]
len(sites), len(in_2021), sites.crs.to_string()

# %%
project.site("522301114-0005")

# %% [markdown]
# ## How much: task area and land area
# Ground under two measures counts twice as task and once as land. Areas are on the ellipsoid; 1 亩 = 2000/3 m². A table is exact
# underneath, and rounded for the eye.

# %%
rs.areas(in_2021, by="layer", unit="mu")[["layer", "sites", "task_mu", "land_mu", "reported_mu"]]

# %%
rs.areas(in_2021, by="measure", unit="mu")[["measure", "sites", "mines", "task_mu", "land_mu"]]

# %%
whole = rs.areas(in_2021).iloc[0]
twice_m2 = whole["task_m2"] - whole["land_m2"]
pairs = rs.overlaps(in_2021)
assert abs(twice_m2 - pairs["area_m2"].sum()) < 0.01  # no ground lies in three sites here
f"counted twice: {rs.in_unit(twice_m2, 'mu'):.2f} mu in {len(pairs)} places"

# %% [markdown]
# ## Is it right? The same sum another way
# An equal-area projection, with the 105° E meridian in its middle, needs nothing of this package.

# %%
equal_area = in_2021.to_crs("+proj=laea +lat_0=25.1 +lon_0=105 +ellps=GRS80").area.sum()
apart = abs(equal_area / whole["task_m2"] - 1)
assert apart < 1e-5
f"{apart:.1e} apart"

# %% [markdown]
# ## Against the plan
# What was planned, what is on the map, what was accepted. What is unknown or not planned is NaN, never 0, and is shown as nothing.

# %%
plan = rs.against_targets(sites, project.targets(), unit="mu")
plan[["measure", "target_mu", "task_mu", "sited_pct", "accepted_mu", "accepted_pct"]]

# %%
mines = rs.mine_states(sites)
assert mines.value_counts().to_dict() == {"in_progress": 15, "accepted": 13} and len(mines) == 28
mines.value_counts()

# %% [markdown]
# ## Where

# %%
by_town = rs.areas(in_2021, by="town", unit="mu").sort_values("task_mu", ascending=False)
by_town[["town", "sites", "task_mu", "land_mu"]]

# %%
rs.charts.status_by_measure(in_2021, title="2021 (made-up sample)");

# %%
outline = rs.read(folder / "outline.geojson")
rs.map(in_2021, title="2021 (made-up)", as_of=sample.PUBLISHED_ON, outline=outline)
