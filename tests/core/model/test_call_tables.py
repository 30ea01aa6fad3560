"""Call lists from a table: rows of one code are one list, and what is wrong is told by its row."""

import pytest

from chengyun_core.model.call_tables import lists
from chengyun_core.model.callout import CallList

GOOD = [
    {"code": "flood", "name": "防汛", "grades": "3|4", "matters": "rainstorm", "chain": "P1 > P2"},
    {"code": "fire", "name": "森防", "grades": "", "matters": "", "chain": "P3"},
    {"code": "flood", "name": "", "grades": "", "matters": "", "chain": "P4"},
]


def test_that_rows_of_one_code_are_the_chains_of_one_list() -> None:
    made, faults = lists(GOOD)
    assert faults == []
    assert made == [
        CallList(code="flood", name="防汛", grades=(3, 4), matters=("rainstorm",), chains=(("P1", "P2"), ("P4",))),
        CallList(code="fire", name="森防", chains=(("P3",),)),
    ]


@pytest.mark.parametrize(
    ("change", "code", "element"),
    [
        ({"code": ""}, "warning.empty_element", "code"),
        ({"name": "", "code": "new"}, "warning.empty_element", "name"),
        ({"grades": "5"}, "warning.bad_value", "grades"),
        ({"chain": "P1 > "}, "warning.empty_element", "chain"),
        ({"name": "别的"}, "call_list.rows_differ", None),
    ],
)
def test_that_a_row_that_makes_no_sense_is_told(change: dict[str, str], code: str, element: str | None) -> None:
    _, faults = lists([*GOOD, {**GOOD[0], **change}])
    assert [(fault.code, fault.params["line"], fault.params.get("element")) for fault in faults] == [
        (code, "5", element)
    ]
