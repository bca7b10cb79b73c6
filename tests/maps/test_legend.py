"""The legend's numbers are those of the tally, in 亩."""

from __future__ import annotations

from restoration import lifecycle, tally
from restoration.frame import conform
from restoration.maps.legend import legend_of
from restoration.units import shown

from .conftest import sites_of, square

TABLE = lifecycle.table()


def test_every_number_is_the_tally_s() -> None:
    sites = conform(
        sites_of(
            {"geometry": square(105.00, 25.0)},
            {"geometry": square(105.01, 25.0), "measure": "afforestation", "status": "planned"},
            {"geometry": square(105.10, 25.0), "measure": "mine_regreen", "mine_id": "K1"},
            {"geometry": square(105.20, 25.0), "measure": "mine_regreen", "mine_id": "K1", "status": "in_progress"},
        )
    )
    made = legend_of(sites, table=TABLE)
    counted = tally.totals(sites, by=["layer"])
    assert made["whole"]["task"].replace(",", "") == shown(counted.whole["task_m2"])
    assert made["whole"]["land"].replace(",", "") == shown(counted.whole["land_m2"])
    assert [layer["land"].replace(",", "") for layer in made["layers"]] == [
        shown(float(counted.rows.set_index("layer")["land_m2"][code]))
        for code in ("desertification_control", "reforestation", "mine_sites")
    ]
    assert (made["layers"][2]["mines"], made["layers"][2]["sites"]) == (1, 2)
    assert made["shared"].replace(",", "") == shown(counted.shared_m2)


def test_struck_off_sites_are_listed_and_count_nowhere() -> None:
    made = legend_of(conform(sites_of({"geometry": square(105, 25), "status": "cancelled"})), table=TABLE)
    assert made["left_out"] == 1
    assert [(group["code"], group["sites"], group["task"]) for group in made["groups"]] == [("other", 0, "0.00")]
    assert made["whole"]["sites"] == 0
