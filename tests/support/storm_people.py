"""Who answers in the storm city: towns with those responsible, whom to call for what, what 急时 means, accounts."""

from chengyun_core.model.callout import CallList
from chengyun_core.model.command import CreateAccount
from chengyun_core.model.duty import Certificate, DutyRole, Person
from chengyun_core.model.duty_commands import SavePerson
from chengyun_core.model.mode import Preset
from chengyun_core.model.mode_commands import SavePreset
from chengyun_core.model.warning_commands import SaveCallList
from tests.support import storm_city as storm
from tests.support.living_city import PASSWORD, LivingCity

CHIEF, CHIEF_NAME = "chief", "周毅"
COLLEAGUE, COLLEAGUE_NAME, COLLEAGUE_SEAT = "second", "刘勇", "A-02"
LIST, LIST_OF_SWITCH, PRESET = "JY-BAOYU", "JY-JIAQIANG", "FX"
REINFORCEMENT = 2
"""How many the switch itself calls."""
_NAMES = ("罗静", "唐军", "何敏", "冯涛", "蒋丽", "袁刚", "潘婷", "杜强", "戴莉", "魏东")


def staff(city: LivingCity, layers: tuple[str, ...] = ("rivers", "shelters")) -> None:
    """Write the people of the towns, the call list for heavy rain, the preset of the flood season, two accounts.

    `layers`: what the preset brings up on the map.
    """
    with city.door() as door:
        for account, name, post in (
            (CHIEF, CHIEF_NAME, "500000.watch_chief"), (COLLEAGUE, COLLEAGUE_NAME, "500000.duty_officer"),
        ):  # fmt: skip
            door.send(CreateAccount(account=account, name=name, password=PASSWORD, posts=(post,)))
        for at in range(len(storm.TOWNS)):
            door.send(SavePerson(person=_leader(at), version=0))
            door.send(SavePerson(person=_deputy(at), version=0))
        for calls in (_calls(), _reinforcement()):
            door.send(SaveCallList(call_list=calls, version=0))
        door.send(SavePreset(preset=_flood_season(layers), version=0))


def leader_name(at: int) -> str:
    """Return who answers for a town first."""
    return _NAMES[at % len(_NAMES)]


def _leader(at: int) -> Person:
    return _person(f"P{at:02}", leader_name(at), at, f"1390000{at:04}")


def _deputy(at: int) -> Person:
    return _person(f"Q{at:02}", f"{leader_name(at)[0]}副主任", at, f"1380000{at:04}")


def _person(code: str, name: str, at: int, phone: str) -> Person:
    return Person(
        code=code, name=name, centre=storm.TOWNS[at][0], unit=f"{storm.TOWNS[at][1]}", phones=(phone,),
        certificates=(Certificate(role=DutyRole.LEADER, until="2027-12-31"),),
    )  # fmt: skip


def _calls() -> CallList:
    chains = tuple((f"P{at:02}", f"Q{at:02}") for at in range(len(storm.TOWNS)))
    return CallList(code=LIST, name="暴雨叫应", matters=(), grades=(), chains=chains)


def _reinforcement() -> CallList:
    """Return whom the switch itself calls: who comes in to help."""
    return CallList(code=LIST_OF_SWITCH, name="防汛加强值班叫应", chains=(("P00", "Q00"), ("P01", "Q01")))


def _flood_season(layers: tuple[str, ...]) -> Preset:
    return Preset(
        code=PRESET, name="防汛", threshold_set="flood", layout="emergency", sound="emergency",
        reinforcement=("500000.watch_chief",), call_out=LIST_OF_SWITCH, report_every_min=120.0,
        layers=layers,
    )  # fmt: skip
