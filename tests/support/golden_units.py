"""The units of the golden case at their own seats: each is signed on at the centre's door and tells its own receipt."""

from dataclasses import dataclass, field

from chengyun_core.launch.door_client import DoorClient
from chengyun_core.model.change import Change
from chengyun_core.model.command import KIND_OF, CreateAccount, SignOn
from chengyun_core.model.order import Feedback, Receipt, Step
from chengyun_core.model.receipt_commands import (
    ArriveReceipt,
    DeliverReceipt,
    FeedBackReceipt,
    HandleReceipt,
    ReadReceipt,
    SignReceipt,
)
from chengyun_core.wire import codec
from chengyun_core.wire.addresses import of_profile
from chengyun_core.wire.envelope import SignedOn
from tests.support.living_city import PASSWORD, LivingCity

_TELLS = {
    Step.DELIVERED: DeliverReceipt, Step.READ: ReadReceipt, Step.SIGNED: SignReceipt, Step.ARRIVED: ArriveReceipt,
    Step.HANDLING: HandleReceipt, Step.FED_BACK: FeedBackReceipt,
}  # fmt: skip
_BY_ITSELF = (Step.DELIVERED, Step.READ)
"""What a unit's console tells without a key; these commands name no version."""


@dataclass(slots=True, kw_only=True)
class Units:
    """Every unit of the case that was signed on here; a unit without a session stays silent."""

    city: LivingCity
    sessions: dict[str, str] = field(default_factory=dict)

    def sign_on(self, *codes: str) -> None:
        """Sign these units on, each with the account of its post at its own seat."""
        with self.city.door() as door:
            for code in codes:
                command = SignOn(account=code.lower(), password=PASSWORD, seat=code)
                self.sessions[code] = codec.unpack(door.ask(KIND_OF[SignOn], command, timeout_s=30), SignedOn).token

    def tell(self, code: str, *steps: Step) -> None:
        """Let a unit climb its receipt by these steps, in their order."""
        with DoorClient(of_profile(self.city.profile.folder).centre_door, session=self.sessions[code]) as door:
            for step in steps:
                door.send(self._told(self.receipt(code), step), timeout_s=30)

    def receipt(self, code: str) -> Receipt:
        """Return a unit's receipt as it stands."""
        with self.city.door() as door:
            found = [record for record in map(_receipt, door.changes()) if record and record.recipient == code]
        assert found, f"no receipt of {code}"
        return found[-1]

    def _told(self, receipt: Receipt, step: Step) -> object:
        place: dict[str, object] = {"order": receipt.order, "place": receipt.place}
        if step not in _BY_ITSELF:
            place["version"] = receipt.version
        if step is Step.FED_BACK:
            place["feedback"] = Feedback(
                accepted_at=receipt.climbed[Step.SIGNED].at, talked_to="现场指挥", measures="已按指令处置完毕",
                time_limit="已办结",
            )  # fmt: skip
        return _TELLS[step](**place)


def make_accounts(city: LivingCity, *others: CreateAccount) -> None:
    """Make an account for each unit's post, and `others`."""
    with city.door() as door:
        for unit in city.catalogue.units:
            door.send(
                CreateAccount(account=unit.code.lower(), name=unit.name, password=PASSWORD, posts=(unit.post,)),
                timeout_s=30,
            )
        for other in others:
            door.send(other, timeout_s=30)


def _receipt(change: Change) -> Receipt | None:
    return codec.unpack(change.record, Receipt) if change.kind == "receipt" else None
