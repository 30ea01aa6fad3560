"""A catalogue version as the engine works with it: channels, vitals and the rules in force, all in columns."""

from dataclasses import dataclass

from chengyun_core.ingest.channels import ChannelTable
from chengyun_core.ingest.rules import RuleOf, Rules
from chengyun_core.ingest.vitals import VitalTable
from chengyun_core.model.catalogue import Catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """Built once per version and set. pinned: vital numbers whose history is kept longest; retired: numbers
    that stay taken though the vital is gone."""

    channels: ChannelTable
    vitals: VitalTable
    rules: Rules
    rule_of: RuleOf
    pinned: tuple[int, ...] = ()
    retired: tuple[int, ...] = ()

    @classmethod
    def of(cls, catalogue: Catalogue, set_in_force: str) -> "Tables":
        """Build the tables; raise Refused("formula.…") for a formula that cannot be resolved."""
        channels = ChannelTable.of(catalogue)
        rules, rule_of = Rules.of(catalogue, set_in_force)
        return cls(
            channels=channels, vitals=VitalTable.of(catalogue.vitals, channels), rules=rules, rule_of=rule_of,
            pinned=tuple(vital.number for vital in catalogue.vitals if vital.pinned),
            retired=tuple(vital.number for vital in catalogue.vitals if vital.retired),
        )  # fmt: skip
