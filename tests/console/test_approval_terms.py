"""The terms of what waits for a second person, as the list writes them."""

import pytest

from chengyun_console.wording.approvals import approval_terms
from chengyun_core.model.approval import Approval
from chengyun_resources.texts import Texts


@pytest.mark.parametrize(("minutes", "told"), [("15", "15 分钟 · 设备检修"), ("", "至恢复为止 · 设备检修")])
def test_that_a_time_is_told_with_its_unit_and_none_as_until_the_return(minutes: str, told: str) -> None:
    asked = Approval(
        number=1, action="alarm.shelve", subject="V3", params={"minutes": minutes, "reason": "设备检修"}, command=b"",
        asked_by="chief", asked_seat="A-01", asked_at=1, expires_at=2,
    )  # fmt: skip
    assert approval_terms(Texts("zh_CN"), asked) == told
