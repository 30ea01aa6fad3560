"""A feedback, checked: four elements in words, attachments that exist, a place on the earth (宜兴城运; T5)."""

import math
from dataclasses import replace

from chengyun_core.centre.desk import Desk
from chengyun_core.centre.event_texts import clean_lines
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.event import Attachment
from chengyun_core.model.failure import Refused
from chengyun_core.model.order import Feedback, Receipt, Step, key_of
from chengyun_core.store.record_log import RecordLog

ATTACHMENTS = RecordLog("attachment", Attachment)
MOST_ATTACHMENTS = 50
LONGEST_MEASURES = 2000
CLOCKS_APART_NS = 60 * NS_PER_S


def checked(desk: Desk, work: Work, receipt: Receipt, feedback: Feedback) -> Feedback:
    """Return the feedback as it is kept: 受理时间, 与谁沟通, 解决措施, 解决时限, none of them empty.

    Raises:
        Refused: `text.missing.talked_to`, `.measures`, `.time_limit`; `receipt.accepted_at`;
            `receipt.unknown_attachment`; `receipt.too_many_attachments`; `receipt.position`.
    """
    _check_accepted(desk, work, receipt, feedback.accepted_at)
    check_position(feedback.longitude, feedback.latitude)
    _check_attachments(work, receipt, feedback)
    return replace(
        feedback, talked_to=clean(feedback.talked_to, field="talked_to", required=True),
        measures=clean_lines(feedback.measures, field="measures", most=LONGEST_MEASURES, required=True),
        time_limit=clean(feedback.time_limit, field="time_limit", required=True),
    )  # fmt: skip


def check_position(longitude: float | None, latitude: float | None) -> None:
    """Refuse what is no place: one of both missing, not finite, or off the globe (degrees)."""
    if longitude is None and latitude is None:
        return
    known = longitude is not None and latitude is not None
    if not (known and math.isfinite(longitude) and math.isfinite(latitude)):  # type: ignore[arg-type]
        raise Refused("receipt.position")
    if abs(longitude) > 180 or abs(latitude) > 90:  # type: ignore[arg-type]
        raise Refused("receipt.position")


def _check_accepted(desk: Desk, work: Work, receipt: Receipt, accepted_at: int) -> None:
    sent = receipt.climbed.get(Step.SENT)
    earliest = 0 if sent is None else sent.at
    # The unit's own clock writes it down: a minute apart is no lie.
    if not earliest - CLOCKS_APART_NS <= accepted_at <= work.at_ns + CLOCKS_APART_NS:
        raise Refused("receipt.accepted_at", receipt=key_of(receipt), at=desk.shown(accepted_at))


def _check_attachments(work: Work, receipt: Receipt, feedback: Feedback) -> None:
    named = (*feedback.attachments, *feedback.before, *feedback.after)
    if len(named) > MOST_ATTACHMENTS:
        raise Refused("receipt.too_many_attachments", count=len(named), most=MOST_ATTACHMENTS)
    about = {f"receipt:{key_of(receipt)}", f"order:{receipt.order}"}
    about |= {f"event:{event}" for event in (receipt.event, *receipt.came_from)}
    for number in named:
        attachment = ATTACHMENTS.get(work.connection, number)
        if attachment is None or attachment.about not in about:
            raise Refused("receipt.unknown_attachment", receipt=key_of(receipt), attachment=number)
