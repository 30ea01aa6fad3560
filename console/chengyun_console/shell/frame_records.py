"""What the frame tells on every page, made from links, facts and clock: records for top bar, status bar, watermark."""

import math
from collections import Counter

from chengyun_console.desk import Desk
from chengyun_console.mode.badge import badge, titled
from chengyun_console.outbox_counts import outbox_text
from chengyun_console.shell.approvals import waiting
from chengyun_console.shell.status_bar import StatusRecord
from chengyun_console.shell.top_bar import TopBarRecord
from chengyun_console.wording.events import EventWords
from chengyun_console.wording.figures import NO_VALUE
from chengyun_core.mirror.links import Links, LinkState, Reach
from chengyun_core.model.alarm import OverrideKind
from chengyun_core.model.flood_meter import BEGINS_ABOVE, ENDS_BELOW
from chengyun_core.wire.envelope import Heartbeat
from chengyun_resources.theme.tokens import SEVERITY_TEXT, Colour
from chengyun_widgets.gauge import GaugeRecord
from chengyun_widgets.light import LightRecord, LightState
from chengyun_widgets.mode_badge import ModeRecord, ModeTone

_STATES = {
    Reach.CONNECTING: LightState.LATE,
    Reach.LIVE: LightState.OK,
    Reach.STALE: LightState.LATE,
    Reach.LOST: LightState.LOST,
    Reach.REFUSED: LightState.LOST,
}
_GONE = (Reach.LOST, Reach.REFUSED)
_LAMPS_OF_THEIR_OWN = frozenset({"database", "glass"})
MOST_NAMES = 3


def top_bar_record(desk: Desk, links: Links) -> TopBarRecord:
    """Return what the top bar shows now."""
    now_ns = desk.now_ns()
    centre, level = _centre(desk)
    incident = _incident(desk)
    return TopBarRecord(
        incident=incident[0],
        incident_colour=incident[1],
        centre=centre,
        level=level,
        mode=_mode(desk, links),
        demo=_demo(desk, links),
        watch=_watch(desk),
        lights=_lights(desk, links),
        clock=desk.figures.clock(now_ns),
        day=desk.figures.day(now_ns),
    )


def status_record(desk: Desk, links: Links) -> StatusRecord:
    """Return what the status bar shows now."""
    beat = links.ingest.heartbeat
    return StatusRecord(
        feed=_feed(desk, links, beat),
        devices=_devices(desk, beat) if beat is not None else "",
        desk=_desk_texts(desk, links.centre),
        silenced=_silenced(desk),
        silence=_silence(desk),
        waiting=_waiting(desk),
        flood=_flood(desk) if desk.session.signed_on else None,
        is_stale=links.ingest.reach in _GONE,
    )


def _silenced(desk: Desk) -> str:
    """Return the counts of what is silenced (A7); overrides of vitals without an alarm count as well."""
    facts = desk.session.facts
    kinds = Counter(override.kind for override in facts.overrides.values() if not override.ended)
    return desk.say(
        "console.bar.silenced",
        suppressed=kinds[OverrideKind.SUPPRESSED],
        shelved=len(facts.board.shelved),
        service=kinds[OverrideKind.OUT_OF_SERVICE],
        masked=kinds[OverrideKind.MASKED],
    )


def _silence(desk: Desk) -> str:
    """Return what is left of the silence, «静音 1:47», or its key while something calls aloud."""
    sound, left_s = desk.sound, math.ceil(desk.sound.silence_left_s)
    if left_s:
        return desk.say("sound.bar.silence", left=f"{left_s // 60}:{left_s % 60:02d}")
    return desk.say("sound.bar.key") if sound.is_calling and sound.device else ""


def _waiting(desk: Desk) -> str:
    """Return what waits for a second person, what of the orders has not left, arrived, been read, and late repairs."""
    count, overdue = len(waiting(desk)), desk.repair_watch.overdue()
    told = desk.say("console.bar.approvals", count=count) if count else ""
    late = desk.say("devices.bar_overdue", count=overdue) if overdue else ""
    return "   ".join(part for part in (told, outbox_text(desk), late) if part)


def _flood(desk: Desk) -> GaugeRecord:
    """Return the flood meter: twice the beginning of a flood fills the bar; its marks are five and ten (A11)."""
    now_ns = desk.now_ns()
    count, full = desk.flood.count(now_ns), 2 * BEGINS_ABOVE
    is_over = desk.flood.is_flooded(now_ns)
    return GaugeRecord(
        text=desk.say("console.bar.flood" if is_over else "console.bar.meter", count=count),
        share=count / full,
        marks=(ENDS_BELOW / full, BEGINS_ABOVE / full),
        is_over=is_over,
        tip=desk.say("console.bar.flood_tip", begins=BEGINS_ABOVE, ends=ENDS_BELOW),
    )


def watermark(desk: Desk) -> str:
    """Return the text over everything: who looks at this, where and when (to the minute)."""
    stamp = desk.figures.stamp(desk.now_ns())[:-3]
    signed_on = desk.session.signed_on
    if signed_on is None:
        return desk.say("console.watermark_nobody", time=stamp)
    return desk.say("console.watermark", seat=signed_on.seat, name=signed_on.name, time=stamp)


def _incident(desk: Desk) -> tuple[str, Colour]:
    """Return the event in command and the ink of its grade: this seat's before others', the gravest first."""
    seat = desk.session.signed_on.seat if desk.session.signed_on else ""
    commanded = [event for event in desk.session.facts.events.values() if event.command_seat]
    if not commanded or not seat:
        return "", Colour.TEXT_SECOND
    event = min(commanded, key=lambda row: (row.command_seat != seat, -int(row.grade or 0), row.number))
    words = EventWords(desk.figures, desk.names)
    told = desk.say("events.in_command", event=event.code, title=event.title, grade=words.grade(event))
    return told, SEVERITY_TEXT[words.severity(event)]


def _centre(desk: Desk) -> tuple[str, str]:
    names, code = desk.names, desk.session.own_centre
    centre = names.view.centre(code) if names else None
    if centre is None:
        return desk.say("console.title"), ""
    name = desk.say("console.centre_name", name=centre.name)
    return name, desk.say(f"console.level_title.{centre.level.value}")


def _mode(desk: Desk, links: Links) -> ModeRecord:
    beat = links.centre.heartbeat or links.ingest.heartbeat
    if beat is not None and beat.realm == "drill":
        return ModeRecord(tone=ModeTone.DRILL, text=desk.say("console.drill_badge"))
    return badge(desk)


def _demo(desk: Desk, links: Links) -> str:
    beat = links.ingest.heartbeat
    if beat is None or not beat.demo:
        return ""
    code = f"console.demo_name.{beat.demo}"
    return desk.say("console.demo_badge", name=desk.say(code) if desk.texts.has(code) else beat.demo)


def _watch(desk: Desk) -> str:
    signed_on, sessions = desk.session.signed_on, desk.session.facts.sessions
    if signed_on is None:
        return desk.say("console.not_signed_on")
    if len(sessions) > MOST_NAMES:
        return desk.say("console.on_watch_count", count=len(sessions), seat=signed_on.seat)
    names = [record.name or record.account for record in sessions.values()] or [signed_on.name]
    return desk.say(
        "console.on_watch", names=desk.say("console.names_between").join(dict.fromkeys(names)), seat=signed_on.seat
    )


def _lights(desk: Desk, links: Links) -> tuple[LightRecord, ...]:
    """Return the lamps of what exists: both daemons, and the store as the centre tells it."""
    lamps = [_lamp(desk, "ingest", links.ingest), _lamp(desk, "centre", links.centre)]
    beat = links.centre.heartbeat
    if beat is not None and "database" in beat.lights:
        lamps.append(_store_lamp(desk, beat.lights["database"], is_known=links.centre.reach not in _GONE))
    if desk.sound.is_running:
        lamps.append(_sound_lamp(desk))
    if _glass(links):
        lamps.append(_glass_lamp(desk, _glass(links)))
    return tuple(lamps)


def is_glass_lamp(desk: Desk, links: Links, place: int) -> bool:
    """Return whether the lamp at this place is that of a broken glass: the last one, while it burns."""
    return bool(_glass(links)) and place == len(_lights(desk, links)) - 1


def _glass(links: Links) -> str:
    """Return why the lamp of broken glass burns, empty while nothing is lent and no review overdue."""
    beat = links.centre.heartbeat
    code = beat.lights.get("glass", "") if beat is not None and links.centre.reach not in _GONE else ""
    return "" if code == "ok" else code


def _glass_lamp(desk: Desk, code: str) -> LightRecord:
    """Return the lamp every console shows: rights are lent, or nobody has looked at how they were used."""
    label, tip = desk.say("console.light.glass"), desk.say(code)
    return LightRecord(label=label, state=LightState.LATE, spoken=f"{label} {tip}", tip=tip)


def _lamp(desk: Desk, name: str, link: LinkState) -> LightRecord:
    label = desk.say(f"console.light.{name}")
    since = desk.figures.clock(link.since_ns) if link.since_ns else ""
    lost = desk.say(f"console.light.lost_{name}", time=since)
    tip = lost if link.reach is Reach.LOST else desk.refusal(link.reason)
    source = _failing_source(desk, link)
    state = LightState.LATE if source and link.reach is Reach.LIVE else _STATES[link.reach]
    return LightRecord(
        label=label,
        state=state,
        detail=desk.say("console.light.since", time=since) if link.reach in _GONE else "",
        spoken=f"{label} {tip}",
        tip="\n".join(part for part in (tip, source) if part),
    )


def _failing_source(desk: Desk, link: LinkState) -> str:
    """Return what a daemon says is wrong beneath it, though it lives itself."""
    beat = link.heartbeat
    if beat is None:
        return ""
    failing = [
        (name, code) for name, code in beat.lights.items() if code not in ("ok", "") and name not in _LAMPS_OF_THEIR_OWN
    ]
    told = (desk.say("console.light.reason", name=name, reason=desk.say(code)) for name, code in failing)
    return "\n".join(told)


def _sound_lamp(desk: Desk) -> LightRecord:
    """Return the lamp of the loudspeaker: without one alarms are seen, not heard (A15)."""
    sound, label = desk.sound, desk.say("sound.light")
    if sound.lost is None:
        tip = desk.say("sound.light.fine", name=sound.device) if sound.device else desk.say("sound.starting")
        return LightRecord(
            label=label, state=LightState.OK if sound.device else LightState.LATE, spoken=f"{label} {tip}", tip=tip
        )
    since = desk.figures.clock(sound.lost_since_ns)
    tip = desk.say("sound.light.lost", time=since, reason=desk.refusal(sound.lost))
    detail = desk.say("sound.light.since", time=since[:-3])
    return LightRecord(label=label, state=LightState.LOST, detail=detail, spoken=f"{label} {tip}", tip=tip)


def _store_lamp(desk: Desk, code: str, *, is_known: bool) -> LightRecord:
    label = desk.say("console.light.database")
    fine = code in ("ok", "")
    tip = desk.say("console.light.fine", name=label) if fine else desk.say(code)
    state = LightState.OFF if not is_known else LightState.OK if fine else LightState.LOST
    return LightRecord(label=label, state=state, spoken=f"{label} {tip}", tip=tip)


def _feed(desk: Desk, links: Links, beat: Heartbeat | None) -> tuple[str, ...]:
    if beat is None:
        return (desk.say("console.light.connecting_to", name=desk.say("console.light.ingest")),)
    say, figures = desk.say, desk.figures
    lost = sum(count for name, count in beat.counters.items() if name.startswith("dropped."))
    parts = [
        say("console.bar.samples", count=figures.count(round(beat.gauges.get("samples_per_s", 0.0)))),
        say("console.bar.latency", ms=_milliseconds(desk)),
        say("console.bar.lost", count=figures.count(lost)),
        say("console.bar.vitals", count=figures.count(len(desk.names.shown)) if desk.names else NO_VALUE),
    ]
    if links.ingest.reach in _GONE:
        age = figures.since(links.ingest.since_ns, desk.now_ns())
        parts.insert(0, say("console.bar.ingest_lost", age=age))
    return tuple(part for part in parts if part)


def _devices(desk: Desk, beat: Heartbeat) -> str:
    devices, silent = beat.counters.get("devices", 0), beat.counters.get("devices_silent", 0)
    if not devices:
        return ""
    share = desk.figures.percent(silent / devices, 1)
    return desk.say("console.bar.devices", count=desk.figures.count(devices), share=share)


def _milliseconds(desk: Desk) -> str:
    """Return the 99th percentile from a sample's arrival at ingest to this console's model."""
    latency = desk.session.latency.p99_ms()
    return NO_VALUE if latency is None else f"{latency:.0f}"


def _desk_texts(desk: Desk, centre: LinkState) -> tuple[str, ...]:
    signed_on = desk.session.signed_on
    tail = max(desk.session.facts.tail, centre.heartbeat.tail if centre.heartbeat else 0)
    number = desk.figures.count(tail) if tail else NO_VALUE
    chain = desk.say("console.bar.chain", number=number)
    if signed_on is None:
        return (desk.say("console.not_signed_on"), chain)
    return (desk.say("console.bar.seat", seat=signed_on.seat), signed_on.name or signed_on.account, chain)


def title(desk: Desk, page: str) -> str:
    """Return the window's title: what a task bar shows while another window is in front."""
    signed_on = desk.session.signed_on
    if signed_on is None or not page:
        return desk.say("console.title")
    waiting = desk.board.unacknowledged
    shown = desk.say(f"console.page.{page}")
    return titled(desk, desk.say("console.title.seated", page=shown, seat=signed_on.seat, waiting=waiting))
