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
# # How much ground have we really treated?
#
# 我们到底治理了多少地？ Every site counts as *task*; the same ground under two measures is two tasks and one piece of *land*. The
# difference matters: a subsidy is paid by task, a hillside turns green once. The project is the sample: **its shapes are made up**.

# %%
import os
from pathlib import Path
from tempfile import mkdtemp

import restoration as rs

os.environ["RESTORATION_LANG"] = "en"

# %%
folder = Path(mkdtemp())
project = rs.open(rs.sample.build(folder).project.path)
sites = project.sites(as_of=rs.sample.PUBLISHED_ON)
project

# %% [markdown]
# ## Task against land
# One row a layer, then all of it. The layers' land adds up to more than the whole's by the ground that two layers share.

# %%
by_layer = rs.areas(sites, by="layer", unit="mu")
by_layer[["layer", "sites", "task_mu", "land_mu"]]

# %%
whole = rs.areas(sites, unit="mu").iloc[0]
twice_mu = whole["task_mu"] - whole["land_mu"]
between_layers_mu = by_layer["land_mu"].sum() - whole["land_mu"]
print(f"task {whole['task_mu']:.2f} mu, land {whole['land_mu']:.2f} mu")
print(f"{twice_mu:.2f} mu counted twice, {between_layers_mu:.2f} of it in two layers")

# %% [markdown]
# ## Who lies on whom
# Each pair of sites that shares ground, the greatest first. `noise` is a strip along an edge that was drawn twice, not ground claimed
# twice. `successive` is lawful: one measure after another. `suspicious` wants a look, `double` is the same measure in the same year.

# %%
pairs = rs.overlaps(sites)
both = ["site_id", "measure", "plan_year", "other_id", "other_measure", "other_plan_year"]
rs.Table(pairs[[*both, "area_m2", "kind", "verdict"]]).in_unit("mu")

# %%
rs.charts.overlap_matrix(pairs);

# %%
by_verdict = pairs.groupby("verdict").agg(pairs=("area_m2", "size"), shared_m2=("area_m2", "sum"))
rs.Table(by_verdict).in_unit("mu")

# %% [markdown]
# ## Whose ground is it? The effect of the rule
# Net areas add up to the land: what two sites share goes to one of them, half and half, or to nobody yet. The office chooses the rule;
# the total is the same under every rule that decides, only the shares move.

# %%
nets = {}
for code, rule in project.net_rules.rules.items():
    net = rs.overlap_statement(sites, rule=rule)
    of_site = net.sites.merge(sites[["site_id", "measure"]], on="site_id")
    nets[f"{code}_m2"] = of_site.groupby("measure")["net_m2"].sum()
    assert abs(of_site["net_m2"].sum() + net.undecided_m2 - net.land_m2) < 0.01

# %%
task_m2 = rs.areas(sites, by="measure").set_index("measure")["task_m2"]
effect = rs.Table(nets).assign(task_m2=task_m2)
effect.in_unit("mu")

# %%
spread_m2 = effect.drop(columns="task_m2").pipe(lambda table: table.max(axis=1) - table.min(axis=1))
rs.Table({"the_rule_moves_m2": spread_m2[spread_m2 > 0.01]}).in_unit("mu")

# %% [markdown]
# ## Is it right? The same land another way
# The union of all shapes in an equal-area projection needs nothing of this package.

# %%
counted = sites[sites["counted"]]
equal_area_m2 = counted.to_crs("+proj=laea +lat_0=25.1 +lon_0=105 +ellps=GRS80").union_all().area
apart = abs(equal_area_m2 / rs.areas(sites)["land_m2"].iloc[0] - 1)
assert apart < 1e-5
f"{apart:.1e} apart"
