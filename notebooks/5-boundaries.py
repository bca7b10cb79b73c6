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
# # Is the boundary right?
#
# 边界画得对不对？ An area is as good as its boundary, and as the method. Three sites of the (made-up) sample are damaged here on purpose, in
# ways that are met in real files; then they are found, mended, and measured again.

# %%
import os
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import shapely

import restoration as rs

os.environ["RESTORATION_LANG"] = "en"

# %%
project = rs.open(rs.sample.build(Path(mkdtemp())).project.path)
sites = project.sites(as_of=rs.sample.PUBLISHED_ON)
drawn = sites[sites["layer"] == "reforestation"].head(12).reset_index(drop=True)

# %% [markdown]
# ## Three ways to get it wrong
# A ring that crosses itself (points in the wrong order), a spike (400 m out and back), and points drawn twice, 2 mm apart.

# %%
def redrawn(site, change):
    """The site with the points of its first ring changed."""
    points = shapely.get_coordinates(site.geoms[0].exterior)[:-1]
    return shapely.MultiPolygon([shapely.Polygon(change(points)), *list(site.geoms)[1:]])


def crossed(points):
    third = len(points) // 3
    return np.r_[points[:third], points[third : 2 * third][::-1], points[2 * third :]]


def spiked(points):
    return np.r_[points[:3], [points[2] + [0.004, 0.0]], points[2:]]


def doubled(points):
    ahead = np.roll(points, -1, axis=0) - points
    beside = points + 2e-8 * ahead / np.hypot(*ahead.T)[:, None]  # 2 mm on
    return np.stack([points, beside], axis=1).reshape(-1, 2)

# %%
shapes = list(drawn.geometry)
for row, change in enumerate([crossed, spiked, doubled]):
    shapes[row] = redrawn(shapes[row], change)
damaged = rs.conform(drawn.set_geometry(shapes, crs=drawn.crs))
shapely.is_valid(damaged.geometry.to_numpy()).tolist()[:4]

# %% [markdown]
# ## What the checks say

# %%
findings = rs.check(damaged)
about_shapes = findings[findings["code"].str.startswith("S1")]
rs.Table(about_shapes[["code", "level", "site_id", "message"]])

# %% [markdown]
# ## Mended: area before and after
# A repair makes a ring valid by its structure, drops doubled points and the tips of spikes; every other point stays. It is a proposal:
# nothing is written. The area of record of a broken ring is that of its mended one already, so mending changes the shape, not the figure.

# %%
mended = rs.repairs(damaged)
rs.Table(mended[["site_id", "codes", "how", "before_m2", "after_m2", "moved_m", "verdict"]])

# %%
true_m2 = drawn.set_index("site_id")["area_m2"]
off = mended.set_index("site_id")[["before_m2", "after_m2"]].sub(true_m2, axis=0).dropna()
rs.Table(off.rename(columns={"before_m2": "before_off_m2", "after_m2": "after_off_m2"}))

# %% [markdown]
# The spike and the doubled points come back to the true area. The crossed ring does not: in which order its points were meant only the
# surveyor knows. **A shape that is valid again is not yet a shape that is right.**

# %%
crossed_id, spiked_id, doubled_id = drawn["site_id"].head(3)
assert abs(off.loc[spiked_id, "after_m2"]) < 1 and abs(off.loc[doubled_id, "after_m2"]) < 1
assert abs(off.loc[crossed_id, "after_m2"]) > 100

# %%
new = dict(zip(mended["site_id"], mended.geometry))
shapes = [new.get(site_id, shape) for site_id, shape in zip(damaged["site_id"], damaged.geometry)]
after = damaged.set_geometry(shapes, crs=damaged.crs)
sorted(set(rs.check(rs.conform(after))["code"]) & {"S101", "S103", "S104"})

# %% [markdown]
# ## The same ground by other methods
# The area of record is ellipsoidal (TD/T 1055-2019). What a contractor's GIS says is often a plane's: this is how far each is off.

# %%
methods = rs.areas_by_method(drawn.geometry.to_numpy())
methods.groupby("method", sort=False)["difference_pct"].agg(["min", "max"]).round(4)

# %%
task_m2 = rs.areas(drawn)["task_m2"].iloc[0]
by_method = rs.Table(methods.groupby("method", sort=False)[["area_m2", "difference_m2"]].sum())
assert abs(by_method.loc["record", "area_m2"] - task_m2) < 0.01
by_method.in_unit("mu")
