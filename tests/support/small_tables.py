"""The smallest tables that use every table and every rule of the catalogue; tests bend one cell of them."""

from chengyun_core.model.catalogue_tables import Tables


def small_tables() -> Tables:
    """Return fresh tables in which `check` finds nothing: two centres of three, one gauge, one series of four."""
    return {
        "centres": [
            {"code": "500000", "name": "重庆市", "level": "city"},
            {"code": "500103", "name": "渝中区", "level": "district", "parent": "500000"},
            {"code": "500103012", "name": "大坪街道", "level": "town", "parent": "500103", "scheme": "town"},
        ],
        "sectors": [
            {"code": "YJ", "scheme": "full", "name": "应急动员", "order": "1"},
            {"code": "T-PA", "scheme": "town", "name": "平安法治", "order": "1"},
        ],
        "tracks": [
            {"code": "YJ01", "sector": "YJ", "name": "防汛", "owner_post": "500000.track_owner.1", "order": "1"}
        ],
        "subtracks": [
            {"code": "YJ01A", "track": "YJ01", "name": "水位", "owner_post": "500000.track_owner.1", "order": "1"}
        ],
        "devices": [
            {"code": "HYD", "name": "水位计", "kind": "gauge", "centre": "500103", "subtrack": "YJ01A"},
            {"code": "PUMP", "name": "泵", "kind": "pump", "centre": "500103", "subtrack": "YJ01A", "count": "4"},
        ],
        "channels": [
            {"device": "HYD", "quantity": "level", "unit": "m", "period_s": "2", "low": "140", "high": "205"},
            {"device": "PUMP", "quantity": "load", "unit": "%", "period_s": "10", "low": "0", "high": "150"},
        ],
        "vitals": [
            _vital("SW", "寸滩站水位", "m", "last(HYD.level)", "risk"),
            _vital("BF", "泵站负荷", "%", "mean(PUMP#1.load, PUMP#*.load)", "operation"),
        ],
        "threshold_sets": [
            {"code": "PT", "name": "平时", "in_force": "true"},
            {"code": "XQ", "name": "汛期"},
        ],
        "thresholds": [
            {"threshold_set": "PT", "vital": "SW", "high_yellow": "180.5", "high_red": "183.5", "hysteresis": "0.2"},
            {"threshold_set": "XQ", "vital": "SW", "high_blue": "179", "high_yellow": "180.5", "missing_s": "60"},
        ],
        "kpis": [
            {
                "code": "K1",
                "name": "按期办结率",
                "subtrack": "YJ01A",
                "centre": "500103",
                "unit": "%",
                "target": "95",
                "actual": "96.5",
                "due": "2026-12-31",
                "owner_post": "500000.track_owner.1",
            }
        ],
        "posts": [
            {"code": "500000.track_owner.1", "name": "防汛跑道长", "centre": "500000"},
            {"code": "500000.duty_officer", "name": "值班员", "centre": "500000"},
        ],
        "seats": [{"code": "A-01", "name": "值班席", "centre": "500000", "post": "500000.duty_officer"}],
        "facts": [{"key": "name", "value": "小城"}],
    }


def _vital(code: str, name: str, unit: str, formula: str, vital_class: str) -> dict[str, str]:
    return {
        "code": code,
        "name": name,
        "subtrack": "YJ01A",
        "centre": "500103",
        "unit": unit,
        "owner_post": "500000.track_owner.1",
        "vital_class": vital_class,
        "period_s": "2",
        "decimals": "2",
        "formula": formula,
    }
