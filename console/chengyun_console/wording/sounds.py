"""What is spoken aloud, short enough to be listened to: colour, name, value; or how many of which colour."""

from chengyun_console.desk import Desk
from chengyun_console.sound.calls import Kind, Utterance
from chengyun_console.wording.alarms import AlarmWords
from chengyun_core.model.alarm import Alarm
from chengyun_core.model.scales import Side, WarningColour
from chengyun_resources.texts import Texts

_MEASURED = (Side.HIGH, Side.LOW, Side.RATE)


def spoken(texts: Texts, words: AlarmWords, utterance: Utterance, alarm: Alarm | None) -> str:
    """Return the sentence of a spoken utterance; empty when its alarm is gone."""
    if utterance.kind is Kind.PHRASE:
        return _phrase(texts, words, alarm) if alarm is not None else ""
    graver = reversed(list(WarningColour)[1:])
    counted = [(colour, utterance.counts[colour]) for colour in graver if utterance.counts[colour]]
    parts = (texts.say(f"sound.phrase.part.{int(colour)}", count=count) for colour, count in counted)
    return texts.say(
        f"sound.phrase.{utterance.kind.value}",
        total=sum(utterance.counts),
        parts=texts.say("sound.phrase.between").join(parts),
    )


def spoken_lone(desk: Desk, vital: int, colour: WarningColour) -> str:
    """Return the phrase of a vital that calls without an alarm: colour, name and the value of now."""
    row, state = desk.names.vital(vital) if desk.names else None, desk.session.state
    if row is None or vital >= state.count:
        return ""
    what = desk.figures.with_unit(float(state.value[vital]), row.decimals, row.unit)
    return desk.say("sound.phrase", colour=desk.say(f"console.band.{int(colour)}"), name=row.name, what=what)


def _phrase(texts: Texts, words: AlarmWords, alarm: Alarm) -> str:
    what = words.value(alarm, alarm.value) if alarm.side in _MEASURED else words.rule(alarm)
    return texts.say("sound.phrase", colour=words.colour(alarm), name=words.name(alarm), what=what)
