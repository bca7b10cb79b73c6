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
# # Your own data: from a contractor's shapefile to a map in ten lines
#
# 自己的数据：从施工单位的 shp 到地图，十行。 The file is as contractors send it: GBK text, no `.prj`, areas in 亩. (It is part of the sample,
# and **made up**.) No project is needed.

# %%
import os

import restoration as rs

os.environ["RESTORATION_LANG"] = "en"

# %% [markdown]
# ## It does not guess
# The numbers look like Gauss-Krüger with zone 35 in front; but the same numbers in Xi'an 80 are another piece of ground. Ask who sent it.

# %%
path = rs.sample.geodata() / "gbk_shapefile" / "退化林修复2021.shp"
try:
    rs.read(path)
except rs.RestorationError as error:
    print(error)

# %% [markdown]
# ## The ten lines

# %%
rows = rs.read(path, crs="EPSG:4523")
print(rows.attrs)
print(rs.areas(rows, unit="mu"))
print(rs.areas(rows, by="乡镇", unit="mu")[["乡镇", "sites", "land_mu"]])
sites = rs.conform(rows)  # its headings are understood: 措施, 状态, 面积(亩) …
reported_off = sites["reported_m2"] / sites["area_m2"] - 1
print(f"what was reported is {100 * reported_off.min():.1f} % to {100 * reported_off.max():.1f} % off the ground")
print(rs.Table(rs.check(rows, today=rs.sample.PUBLISHED_ON)[["code", "level", "message"]]).head(3))
rs.map(rows, title="Degraded forest repair 2021 (made up)")

# %% [markdown]
# ## A chart of it

# %%
rs.charts.status_by_measure(sites);

# %% [markdown]
# ## Anything else with polygons
# A GeoDataFrame needs no column at all. What it does not say is unknown, and is shown as that; what one of your columns means you say by
# its name.

# %%
bare = rows[["geometry"]].assign(owner=["A", "B", "A", "B", "A", "B"], SHUZHONG="杉木").to_crs(32648)
rs.areas(bare, by="owner", unit="ha")[["owner", "sites", "task_ha", "land_ha"]]

# %%
rs.conform(bare, fields={"species": "SHUZHONG"})[["measure", "status", "species", "area_m2"]].head(2)

# %% [markdown]
# ## On to other tools
# GeoParquet 1.1 for DuckDB, Polars, R and QGIS, and back.

# %%
from pathlib import Path
from tempfile import mkdtemp

back = rs.read(rs.to_parquet(sites, Path(mkdtemp(), "own.parquet")))
assert (back.geometry == sites.geometry).all()
