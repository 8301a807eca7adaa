import polars as pl
import pytest

from lacaudit.kernels.checks import check, over
from lacaudit.kernels.reasons import REASONS
from lacaudit.model.outcomes import Reason


def reasons(expr: pl.Expr, values: list[object], kind: pl.DataType) -> list[Reason]:
    series = pl.DataFrame({"value": values}, schema={"value": kind}).select(expr).to_series()
    assert series.dtype == pl.UInt8
    return [REASONS[rank] for rank in series]


@pytest.mark.parametrize(
    ("value", "blank", "reason"),
    [
        pytest.param(True, Reason.NOT_RECORDED, Reason.RECORDED, id="true is met"),
        pytest.param(False, Reason.NOT_RECORDED, Reason.NOT_MET, id="false is a breach"),
        pytest.param(
            None, Reason.NOT_RECORDED, Reason.NOT_RECORDED, id="blank breaks a duty to record"
        ),
        pytest.param(
            None, Reason.MISSING_DATA, Reason.MISSING_DATA, id="blank is otherwise unknown"
        ),
        pytest.param(
            False, Reason.MISSING_DATA, Reason.NOT_MET, id="false is a breach whatever blank is"
        ),
    ],
)
def test_a_check_is_judged(value, blank, reason) -> None:
    assert reasons(check(pl.col("value"), blank=blank), [value], pl.Boolean()) == [reason]


@pytest.mark.parametrize(
    ("count", "reason"),
    [
        pytest.param(2, Reason.WITHIN_LIMIT, id="below the threshold"),
        pytest.param(3, Reason.OVER_LIMIT, id="at the threshold is flagged"),
        pytest.param(4, Reason.OVER_LIMIT, id="past the threshold"),
        pytest.param(0, Reason.WITHIN_LIMIT, id="none at all"),
    ],
)
def test_a_limit_is_judged(count, reason) -> None:
    assert reasons(over(pl.col("value"), threshold=3), [count], pl.UInt32()) == [reason]
