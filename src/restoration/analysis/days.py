"""A day as an analyst writes it: a date, its ISO text, or what pandas and numpy have for one."""

from __future__ import annotations

from datetime import date, datetime
from typing import TypeAlias

import numpy as np
import pandas as pd

from ..errors import BadRequest
from ..text import Text

Day: TypeAlias = "date | str | np.datetime64"


def day_of(day: Day | None) -> date | None:
    """The day that is meant; ``None`` for none.

    Raises
    ------
    BadRequest

    Examples
    --------
    >>> day_of("2021-12-31"), day_of(pd.Timestamp(2021, 12, 31, 9)), day_of(None)
    (datetime.date(2021, 12, 31), datetime.date(2021, 12, 31), None)
    """
    if day is None:
        return None
    try:
        if isinstance(day, datetime):
            return day.date()
        if isinstance(day, np.datetime64):
            return pd.Timestamp(day).date()
        return day if isinstance(day, date) else date.fromisoformat(day)
    except (TypeError, ValueError) as error:
        raise BadRequest(
            Text(f"“{day}”不是日期。", f"{day!r} is no day."), Text("请写成 2021-12-31 这样。", "Write it as 2021-12-31.")
        ) from error


def required_day(day: Day | None) -> date:
    """As `day_of`, of a day that there must be.

    Raises
    ------
    BadRequest
    """
    found = day_of(day)
    if found is None:
        raise BadRequest(Text("没有写日期。", "A day is missing."), Text("请写成 2021-12-31 这样。", "Write it as 2021-12-31."))
    return found
