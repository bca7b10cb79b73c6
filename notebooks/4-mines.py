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
# # The 28 mines: how far, how fast, and what holds back the other 15?
#
# 28 座矿山：做到哪一步、多快、剩下 15 座卡在哪里？ The district published 13 accepted and 15 in progress; **shapes, days and all else
# here are made up**. A mine may be several polygons, and it is accepted only if all of them are.

# %%
import os
from pathlib import Path
from tempfile import mkdtemp

import pandas as pd

import restoration as rs

os.environ["RESTORATION_LANG"] = "en"

# %%
project = rs.open(rs.sample.build(Path(mkdtemp())).project.path)
sites = project.sites(as_of=rs.sample.PUBLISHED_ON)
polygons = sites[(sites["layer"] == "mine_sites") & sites["counted"]]
polygons = polygons.assign(mine_state=polygons["mine_id"].map(rs.mine_states(sites)))

# %% [markdown]
# ## How far: by number and by area
# Two different shares, and both are asked for.

# %%
state = rs.areas(polygons, by="mine_state", unit="mu").set_index("mine_state")
state = state[["mines", "sites", "land_mu"]]
assert state["mines"].to_dict() == {"accepted": 13, "in_progress": 15}
shares = {f"{name}_pct": 100 * state[name] / state[name].sum() for name in ("mines", "land_mu")}
state.assign(**shares)

# %%
by_state = polygons.assign(measure=polygons["mine_state"])
rs.charts.status_by_measure(by_state, title="28 mines (made-up sample)");

# %% [markdown]
# ## How fast
# Mines that are accepted as a whole, at the end of each month. The pace is arithmetic, not a forecast.

# %%
months = project.progress_by_month(by="measure", since="2021-01-01", until=rs.sample.PUBLISHED_ON)
mines = months[months["measure"] == "mine_regreen"]
rs.Table(mines[["day", "number", "accepted_number", "target_number", "accepted_m2"]].tail(6)).in_unit("mu")

# %%
axes = rs.charts.progress_over_time(mines, title="Mines: area by month")
axes.set_xlabel("");

# %%
accepted = mines.set_index("day")["accepted_number"]
last_quarter = int(accepted.iloc[-1] - accepted.loc["2021-09-30"])
left = int(28 - accepted.iloc[-1])
f"{last_quarter} mines in the last quarter; at that pace the other {left} take {3 * left / last_quarter:.0f} months"

# %% [markdown]
# ## What holds back the other 15
# A mine is as far as its slowest polygon. Of each mine that is not accepted: how many of its polygons are done, and where the others stand.

# %%
order = ["not_started", "under_way", "rectifying", "awaiting", "other", "accepted", "closed"]
waiting = polygons[polygons["mine_state"] != "accepted"]
rank = waiting["group"].map(order.index)
slowest = waiting.assign(rank=rank).sort_values("rank").drop_duplicates("mine_id").set_index("mine_id")
assert len(slowest) == 15

# %%
obstacles = waiting.assign(held_back_by=waiting["mine_id"].map(slowest["group"]))
rs.areas(obstacles, by="held_back_by", unit="mu")[["held_back_by", "mines", "sites", "land_mu"]]

# %% [markdown]
# Ground that is accepted but counts nowhere yet, because a neighbour on the same mine lags:

# %%
apart = waiting[waiting["group"].isin(["accepted", "closed"])]
rs.Table(apart[["mine_id", "name", "status", "area_m2"]]).in_unit("mu")

# %% [markdown]
# How long nothing has been recorded of each of the 15, the longest first. A mine without news for half a year is worth a visit.

# %%
last_on = pd.to_datetime(waiting.groupby("mine_id")["last_on"].max())
silent = slowest[["status", "town", "area_m2"]].assign(silent_days=(pd.Timestamp(rs.sample.PUBLISHED_ON) - last_on).dt.days)
rs.Table(silent.sort_values("silent_days", ascending=False).head(8)).in_unit("mu")

# %% [markdown]
# What the checks say of them now:

# %%
findings = project.findings()
of_mines = findings[findings["site_id"].isin(waiting["site_id"]) & (findings["code"] != "S407")]
rs.Table(of_mines[["code", "level", "site_id", "message"]])

# %%
rs.map(polygons, title="28 mines (made up)", as_of=rs.sample.PUBLISHED_ON)
