"""The import of a catalogue: all or nothing, bad cells named, numbers never given twice, orphaned alarms closed."""

import json
from dataclasses import replace

from sqlalchemy import update

from chengyun_core.centre.catalogue import packed_up, put
from chengyun_core.model.alarm import AlarmState, effective
from chengyun_core.model.audit import CENTRE
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.catalogue_build import tables_of
from chengyun_core.model.catalogue_tables import Tables
from chengyun_core.model.change import CatalogueRecord
from chengyun_core.model.command import ImportCatalogue
from chengyun_core.model.failure import Reason
from chengyun_core.model.scales import Mode, WarningColour
from chengyun_core.model.warning_line import reason_of
from chengyun_core.store import threshold_log
from chengyun_core.store.tables import CATALOGUES
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import AskCatalogue, Done, Reply
from tests.core.centre.room import ADMIN_KEY, Room
from tests.support.mode_samples import set_mode
from tests.support.small_tables import small_tables

ORIGIN = {"vitals": "体征.csv"}


def _import(room: Room, tables: Tables, session: str = ADMIN_KEY) -> Reply:
    return room.do(ImportCatalogue(tables=tables, origin=ORIGIN), session)


def _get(room: Room, version: int = 0) -> Catalogue:
    return codec.unpack(room.ask("catalogue.get", AskCatalogue(version=version), ADMIN_KEY).body, Catalogue)


def _fresh(room: Room) -> Room:
    """Take the room's ready-made city away: the database holds none."""
    room.adopt(Catalogue())
    room.desk.packed = b""
    return room


def test_that_an_import_is_in_force_stored_and_told(room: Room) -> None:
    _fresh(room)
    assert room.ask("catalogue.get", AskCatalogue(), ADMIN_KEY).code == "catalogue.none_yet"
    assert _import(room, small_tables()).outcome == "done"
    catalogue = _get(room)
    assert (catalogue.version, catalogue.name, len(catalogue.vitals)) == (1, "小城", 2)
    (change,) = room.published
    record = codec.unpack(change.record, CatalogueRecord)
    assert record == CatalogueRecord(version=1, threshold_set="PT", vitals=2, devices=5)
    room.restart()
    assert _get(room) == catalogue


def test_that_a_bad_cell_is_told_with_file_line_column_and_reason_and_nothing_is_imported(room: Room) -> None:
    _fresh(room)
    tables = small_tables()
    tables["vitals"][1]["period_s"] = "soon"
    tables["seats"][0]["centre"] = "500001"
    reply = _import(room, tables)
    assert (reply.code, reply.params["count"]) == ("catalogue.faults", "2")
    told = [(f["file"], f["line"], f["column"], f["value"], f["code"]) for f in json.loads(reply.params["faults"])]
    assert told == [
        ("体征.csv", 3, "period_s", "soon", "catalogue.cell_not_number"),
        ("seats", 2, "centre", "500001", "catalogue.dangling_nearest"),
    ]
    assert room.published == []
    assert room.desk.city.version == 0


def test_that_an_export_imported_again_changes_no_number(room: Room) -> None:
    _fresh(room)
    _import(room, small_tables())
    first = _get(room)
    _import(room, tables_of(first))
    second = _get(room)
    assert second.version == 2
    assert (second.vitals, second.channels) == (first.vitals, first.channels)
    assert _get(room, 1) == first, "an earlier version can still be asked for"


def test_that_numbers_are_never_given_twice_over_restarts(room: Room) -> None:
    _fresh(room)
    _import(room, small_tables())
    before = {vital.code: vital.number for vital in _get(room).vitals}
    tables = small_tables()
    tables["vitals"] = [{**tables["vitals"][0]}, {**tables["vitals"][1], "code": "NEW"}]
    tables["devices"][1]["count"] = "6"
    room.restart()
    _import(room, tables)
    after = _get(room)
    numbers = {vital.code: vital.number for vital in after.vitals}
    assert numbers == {**before, "NEW": len(before)}
    assert [vital.code for vital in after.vitals if vital.retired] == ["BF"]
    pumps = next(channel for channel in after.channels if channel.device == "PUMP")
    assert (pumps.number, pumps.count) == (5, 6), "a series that grew gets a new range, its old one stays behind"
    room.restart()
    _import(room, small_tables())
    assert {vital.code: vital.number for vital in _get(room).vitals} == numbers


def test_that_the_alarm_of_a_vital_that_is_gone_is_closed_with_the_reason(room: Room) -> None:
    _fresh(room)
    _import(room, small_tables())
    room.observe(0, WarningColour.RED)
    room.observe(1, WarningColour.YELLOW)
    tables = small_tables()
    del tables["vitals"][1]
    _import(room, tables)
    assert set(room.living()) == {0}
    assert effective(room.alarm(2)) is AlarmState.NORM
    closed = room.published[-1]
    assert (closed.action, closed.key) == ("alarm.close", "2")
    assert closed.params == {"reason": "vital_gone", "version": "2"}


def test_that_of_two_imports_at_once_the_second_is_refused(room: Room) -> None:
    _fresh(room)
    for name in ("one", "two"):
        data = room.bytes_of("catalogue.import", ImportCatalogue(tables=small_tables(), origin={}), ADMIN_KEY, name)
        assert room.door.take(b"peer", data) is None
    replies = [codec.unpack(answer.data, Reply) for answer in room.work()]
    assert [(reply.id, reply.outcome, reply.code) for reply in replies] == [
        ("one", "done", ""), ("two", "refused", "catalogue.changed_meanwhile"),
    ]  # fmt: skip


def test_that_a_risk_vital_without_guidance_is_told_with_an_import_that_is_done(room: Room) -> None:
    _fresh(room)
    done = codec.unpack(_import(room, small_tables()).body, Done)
    assert [reason_of(line) for line in done.warnings] == [
        Reason(code="catalogue.without_guidance", params={"count": "1", "first": "SW"})
    ]
    guided = small_tables() | {"guidance": [{"about": "YJ01A", "meaning": "水位高", "action": "巡堤"}]}
    assert codec.unpack(_import(room, guided).body, Done).warnings == ()


def test_that_an_editor_imports_in_peacetime_only(room: Room) -> None:
    editor = room.officer("editor", "500000.catalogue_editor")
    set_mode(room.desk, Mode.EMERGENCY)
    assert _import(room, small_tables(), editor).code == "permission.wrong_mode"
    set_mode(room.desk, Mode.PEACETIME)
    assert _import(room, small_tables(), editor).outcome == "done"


def test_that_a_catalogue_damaged_on_disk_is_not_handed_out(room: Room, caplog) -> None:  # type: ignore[no-untyped-def]
    _fresh(room)
    _import(room, small_tables())
    _import(room, small_tables())
    with room.ledger.work(__import__("chengyun_core.model.audit", fromlist=["CENTRE"]).CENTRE) as work:
        work.connection.execute(update(CATALOGUES).where(CATALOGUES.c.version == 1).values(digest=bytes(32)))
    reply = room.ask("catalogue.get", AskCatalogue(version=1), ADMIN_KEY)
    assert reply.outcome == "trouble"
    assert "differs from its digest" in caplog.text


def test_that_scopes_in_emergency_keep_their_sets_over_an_import_but_for_one_that_is_gone(room: Room) -> None:
    _fresh(room)
    assert _import(room, small_tables()).outcome == "done"
    now = codec.unpack(room.desk.packed, Catalogue)
    scoped = packed_up(replace(now, version=2, scope_sets={"500000": "XQ", "500103": "gone"}), 1)
    with room.ledger.work(CENTRE) as work:
        put(room.desk, work, scoped, "mode.thresholds")
    assert _import(room, small_tables()).outcome == "done"
    assert codec.unpack(room.desk.packed, Catalogue).scope_sets == {"500000": "XQ"}
    with room.ledger.reading() as connection:
        there, _ = threshold_log.sets(connection, ("500103", "500000"))
        elsewhere, _ = threshold_log.sets(connection, ("999999",))
    assert ([code for _, code in there], [code for _, code in elsewhere]) == (["PT", "gone", "XQ"], ["PT"])
