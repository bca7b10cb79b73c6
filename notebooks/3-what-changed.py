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
# # What changed this quarter, and why?
#
# 这个季度变了什么、为什么变？ A total that moved is explained line by line: each line lists its sites, each site names the entry that moved
# it, and the lines add up. **All shapes, days and documents here are made up.**

# %%
import os
from pathlib import Path
from tempfile import mkdtemp

import restoration as rs

os.environ["RESTORATION_LANG"] = "en"

# %%
project = rs.open(rs.sample.build(Path(mkdtemp())).project.path)
start, end = "2021-09-30", "2021-12-31"

# %% [markdown]
# ## Accepted ground, from one quarter's end to the next

# %%
accepted = project.bridge(start, end, total="accepted", by="measure")
rs.Table(accepted.whole).in_unit("mu")

# %%
rs.charts.waterfall(accepted.whole, title=f"Accepted area, {start} to {end} (made-up sample)");

# %% [markdown]
# The lines between add up to the difference, and the closing is the area that any other question gives for that day:

# %%
whole = accepted.whole.set_index("line")["area_m2"]
steps = whole.drop(["opening", "closing"]).sum()
sites = project.sites(as_of=end)
done = rs.progress(sites, project.targets(), by=())["accepted_m2"].iloc[0]
assert abs(whole["opening"] + steps - whole["closing"]) < 1e-6
assert abs(whole["closing"] - done) < 1e-6
f"opening + steps - closing = {whole['opening'] + steps - whole['closing']:.7f} m²"

# %% [markdown]
# ## Which measures
# `rows` is the same, group by group; a site that goes from one group to another is taken off there and added here.

# %%
rows = accepted.rows.pivot_table(index="measure", columns="line", values="area_m2", sort=False, fill_value=0)
rs.Table(rows.add_suffix("_m2").reset_index()).in_unit("mu")

# %% [markdown]
# ## Which sites, and by which document
# The largest steps. A figure that nobody can put a document to is not ready to be handed in.

# %%
largest = accepted.sites.sort_values("change_m2", key=abs, ascending=False)
rs.Table(largest[["line", "site_id", "last_on", "last_doc_no", "from_m2", "to_m2", "change_m2"]].head(8)).in_unit("mu")

# %%
by_document = accepted.sites[accepted.sites["line"] == "moved"].groupby("last_doc_no")["change_m2"].agg(["size", "sum"])
rs.Table(by_document.rename(columns={"size": "sites", "sum": "change_m2"}).reset_index()).in_unit("mu")

# %% [markdown]
# Two lines say `mine`. A mine counts only as a whole: one polygon was accepted and does not count yet, because its neighbours on the same mine
# are still open; another, accepted earlier, counts now that the last of its mine is done.

# %%
rs.Table(accepted.sites.loc[accepted.sites["line"] == "mine", ["line", "site_id", "from_m2", "to_m2", "change_m2"]]).in_unit("mu")

# %% [markdown]
# ## A change that is no progress: the reported area over the year
# 2021 opened with ten sites. Most of the rise is new sites, but one line is a correction, which is told apart from work that was done.

# %%
reported = project.bridge("2020-12-31", end, total="reported")
rs.charts.waterfall(reported.whole, title="Reported area, 2021");

# %%
rs.Table(reported.sites.loc[reported.sites["line"] != "new", ["line", "site_id", "last_on", "from_m2", "to_m2", "change_m2"]]).in_unit("mu")

# %%
corrected = reported.sites.loc[reported.sites["line"] == "corrected", "site_id"].iloc[0]
project.site(corrected).events()[["step", "kind", "happened_on", "recorded_by", "note"]]

# %% [markdown]
# ## Two frames of your own
# Without a ledger, two frames can be compared by the numbers of their sites; who changed them is then not known.

# %%
before = project.sites(as_of=start)
after = before[before["town"] != "鲁屯镇"]
rs.Table(rs.bridge(before, after, by="town").rows.query("line == 'gone'")).in_unit("mu")
