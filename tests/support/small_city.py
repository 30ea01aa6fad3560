"""A city small enough to reason about: two sectors, three tracks, four sub-tracks, as many vitals as asked for."""

from chengyun_core.model.catalogue import (
    Catalogue,
    Channel,
    Device,
    Kpi,
    Sector,
    Subtrack,
    Threshold,
    ThresholdSet,
    Track,
    Vital,
)
from chengyun_core.model.places import Centre, Post, Seat
from chengyun_core.model.scales import Level

SUBTRACKS = ("ST1", "ST2", "ST3", "ST4")
NAMES = ("寸滩站 水位", "重庆北站 客流", "大坪管廊 CH₄", "主城供水 总压", "电网 实时负荷", "鹅公岩大桥 挠度")


def small_city(vitals: int = 12, *, version: int = 1, period_s: float = 5.0) -> Catalogue:
    """Return a catalogue; vital i hangs on sub-track i mod 4, is called by one of `NAMES`, and turns red at 100."""
    return Catalogue(
        version=version,
        name="试验城",
        centres=(
            Centre(code="500000", name="重庆市", level=Level.CITY),
            Centre(code="500103", name="渝中区", level=Level.DISTRICT, parent="500000"),
        ),
        sectors=(
            Sector(code="S1", scheme="full", name="应急动员", order=1),
            Sector(code="S2", scheme="full", name="设施运行", order=2),
        ),
        tracks=(
            Track(code="T1", sector="S1", name="防汛抗旱", owner_post="500000.track_owner.1", order=1),
            Track(code="T2", sector="S1", name="燃气安全", owner_post="500000.track_owner.2", order=2),
            Track(code="T3", sector="S2", name="供水保障", owner_post="500000.track_owner.3", order=1),
        ),
        subtracks=(
            Subtrack(code="ST1", track="T1", name="江河水位", owner_post="500000.track_owner.1", order=1),
            Subtrack(code="ST2", track="T1", name="城市内涝", owner_post="500000.track_owner.1", order=2),
            Subtrack(code="ST3", track="T2", name="管廊燃气", owner_post="500000.track_owner.2", order=1),
            Subtrack(code="ST4", track="T3", name="管网压力", owner_post="500000.track_owner.3", order=1),
        ),
        devices=tuple(
            Device(code=f"D{at}", name=f"设备{at}", kind="gauge", centre="500103", subtrack=SUBTRACKS[at % 4])
            for at in range(vitals)
        ),
        channels=tuple(
            Channel(number=at, device=f"D{at}", quantity="level", unit="m", period_s=period_s) for at in range(vitals)
        ),
        vitals=tuple(_vital(at, period_s) for at in range(vitals)),
        threshold_sets=(
            ThresholdSet(code="normal", name="平时", in_force=True),
            ThresholdSet(code="flood", name="汛期"),
        ),
        thresholds=tuple(
            Threshold(threshold_set=name, vital=f"V{at:04d}", high_yellow=50.0, high_red=100.0, hysteresis=1.0)
            for name in ("normal", "flood")
            for at in range(vitals)
        ),
        kpis=(
            Kpi(code="K1", name="堤防完好率", subtrack="ST1", centre="500000", unit="%", target=95.0, actual=97.0,
                due="2026-12-31", owner_post="500000.track_owner.1"),
            Kpi(code="K2", name="排涝时长", subtrack="ST2", centre="500000", unit="min", target=30.0, actual=45.0,
                due="2026-12-31", owner_post="500000.track_owner.1", better="low"),
        ),
        posts=(
            Post(code="500000.duty_officer", name="值班员", centre="500000", holder="张三"),
            Post(code="500000.track_owner.1", name="防汛跑道长", centre="500000", phone="000-0000-0001"),
            Post(code="500000.track_owner.2", name="燃气跑道长", centre="500000"),
            Post(code="500000.track_owner.3", name="供水跑道长", centre="500000"),
        ),
        seats=(
            Seat(code="A-01", name="一号席", centre="500000", post="500000.duty_officer"),
            Seat(code="A-02", name="二号席", centre="500000", post="500000.duty_officer"),
        ),
        facts={"names_are_ours": "yes"},
    )  # fmt: skip


def _vital(at: int, period_s: float) -> Vital:
    return Vital(
        number=at, code=f"V{at:04d}", name=NAMES[at % len(NAMES)], subtrack=SUBTRACKS[at % 4], centre="500103",
        unit="m", owner_post="500000.track_owner.1", vital_class="risk", period_s=period_s, decimals=2,
        formula=f"last(D{at}.level)", pinned=at + 1 if at < 2 else 0,
    )  # fmt: skip
