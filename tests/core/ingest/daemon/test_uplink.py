"""The talk with the centre: whatever is lost, doubled or restarted, every activation arrives once and in order."""

import shutil
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.ingest.spool import Spool
from chengyun_core.ingest.uplink import RUN, Uplink
from chengyun_core.model.activation import ActivationKey
from chengyun_core.model.failure import Refused
from chengyun_core.wire import codec
from chengyun_core.wire.endpoints import PROTOCOL_VERSION
from chengyun_core.wire.envelope import AskCatalogue, Confirmed, Done, Heartbeat, Reply, SendActivations, SendBands
from chengyun_core.wire.mode_asks import AskSets, SendRunning, SetsTold
from tests.core.ingest.daemon.building import SECOND, activation, city


class Centre:
    """A centre as the uplink sees it: dedupes by (shard, epoch, seq), confirms what is durable."""

    def __init__(self):
        self.epoch = 1
        self.taken = []
        self.bands = []
        self.asked = []
        self.running = []
        self.only_sets = None
        self.catalogue = city()
        self.refusing = ""

    def beat(self, **more):
        return Heartbeat(
            daemon="centre", protocol=PROTOCOL_VERSION, epoch=self.epoch, tail=0, clock_ns=0, sent_ns=0,
            catalogue=self.catalogue.version, **more,
        )  # fmt: skip

    def answer(self, request):
        self.asked.append(request)
        if self.refusing:
            return codec.pack(Reply(id=request.id, outcome="refused", code=self.refusing))
        return codec.pack(Reply(id=request.id, outcome="done", body=codec.pack(self._done(request))))

    def _done(self, request):
        match request.kind:
            case "catalogue.get":
                codec.unpack(request.body, AskCatalogue)
                return self.catalogue
            case "ingest.activations":
                run = codec.unpack(request.body, SendActivations).activations
                known = self.taken[-1].seq if self.taken else 0
                self.taken += [item for item in run if item.seq > known]
                return Confirmed(key=ActivationKey(shard=run[0].shard, epoch=run[0].epoch, seq=self.taken[-1].seq))
            case "catalogue.sets":
                ask = codec.unpack(request.body, AskSets)
                same = self.only_sets is not None and ask.held == self.catalogue.version - 1
                return SetsTold(version=ask.version, sets=self.only_sets if same else None)
            case "ingest.runs":
                told = codec.unpack(request.body, SendRunning)
                self.running.append((told.catalogue, told.refused))
                return Done(change=0)
            case "ingest.bands":
                self.bands.append((codec.unpack(request.body, SendBands), len(self.taken)))
                return Done(change=0)


class Hearer:
    def __init__(self):
        self.versions = []

    def catalogue_came(self, catalogue):
        self.versions.append(catalogue.version)


def made(folder, hearer=None):
    spool = Spool(folder, shard=0, new_epoch=5, limit_bytes=1 << 30)
    uplink = Uplink(
        spool,
        hearer or Hearer(),
        process_epoch=1,
        timeout_s=3.0,
        session=lambda: "key",
        profile_ns=lambda: 42,
        bands=spool.bands,
    )
    return spool, uplink


def settle(uplink, centre, now=0):
    """Exchange until nothing is due."""
    uplink.heard(centre.beat(), now)
    for _ in range(100):
        request = uplink.due(now)
        if request is None:
            return
        uplink.answered(centre.answer(request), now)
    raise AssertionError("it never settles")


def test_that_on_a_connection_catalogue_activations_and_bands_go_in_this_order(tmp_path):
    hearer, centre = Hearer(), Centre()
    spool, uplink = made(tmp_path, hearer)
    spool.append([activation(1), activation(2, vital_number=1)])
    settle(uplink, centre)
    order = ["catalogue.get", "ingest.runs", "ingest.activations", "ingest.bands"]
    assert [request.kind for request in centre.asked] == order
    assert {request.session for request in centre.asked} == {"key"}
    assert hearer.versions == [3]
    bands, taken = centre.bands[0]
    assert (bands.as_of_seq, taken, len(bands.bands), bands.vitals_to) == (2, 2, 2, 3)
    assert spool.waiting() == 0
    assert uplink.light == "ok"
    spool.close()


def test_that_an_idle_daemon_says_every_two_seconds_what_it_runs_and_a_busy_one_need_not(tmp_path):
    centre = Centre()
    spool, uplink = made(tmp_path)
    settle(uplink, centre)
    asked, now = len(centre.asked), 0
    for _ in range(5):
        now += SECOND
        uplink.heard(centre.beat(), now)
        spool.append([activation(spool.next_seq)])
        request = uplink.due(now)
        uplink.answered(centre.answer(request), now)
    assert {request.kind for request in centre.asked[asked:]} == {"ingest.activations"}
    for silent in range(1, 5):
        now += SECOND
        uplink.heard(centre.beat(), now)
        request = uplink.due(now)
        assert (request is not None) == (silent % 2 == 0)
        if request is not None:
            assert request.kind == "ingest.runs"
            uplink.answered(centre.answer(request), now)
    assert len(centre.running) == 3
    assert len(set(centre.running)) == 1
    spool.close()


def test_that_long_spools_go_in_runs(tmp_path):
    spool, uplink = made(tmp_path)
    centre = Centre()
    spool.append([activation(k) for k in range(2 * RUN + 1)])
    settle(uplink, centre)
    sizes = [
        len(codec.unpack(ask.body, SendActivations).activations)
        for ask in centre.asked
        if ask.kind == "ingest.activations"
    ]
    assert sizes == [RUN, RUN, 1]
    assert [item.seq for item in centre.taken] == list(range(1, 2 * RUN + 2))
    spool.close()


def test_that_nothing_is_sent_to_a_silent_centre_and_the_light_says_so(tmp_path):
    spool, uplink = made(tmp_path)
    spool.append([activation(1)])
    assert uplink.due(0) is None
    assert uplink.light == "ingest.centre_unheard"
    settle(uplink, Centre())
    spool.append([activation(2)])
    assert uplink.due(2 * SECOND) is None
    assert uplink.light == "ingest.centre_silent"
    spool.close()


def test_that_bands_are_told_again_after_a_restart_of_the_centre_and_after_a_silence(tmp_path):
    spool, uplink = made(tmp_path)
    centre = Centre()
    settle(uplink, centre)
    settle(uplink, centre, now=SECOND)
    assert len(centre.bands) == 1
    centre.epoch = 2
    settle(uplink, centre, now=2 * SECOND)
    assert len(centre.bands) == 2
    settle(uplink, centre, now=10 * SECOND)
    assert len(centre.bands) == 3
    spool.close()


def test_that_an_unanswered_request_is_repeated_with_the_same_id_and_content(tmp_path):
    spool, uplink = made(tmp_path)
    centre = Centre()
    uplink.knows(city())
    spool.append([activation(1)])
    uplink.heard(centre.beat(), 0)
    uplink.answered(centre.answer(uplink.due(0)), 0)
    first = uplink.due(0)
    assert first.kind == "ingest.activations"
    assert uplink.due(SECOND) is None
    for now in (SECOND, 2 * SECOND, 3 * SECOND):
        uplink.heard(centre.beat(), now)
    again = uplink.due(3 * SECOND)
    assert again == first
    assert uplink.light == "ingest.centre_slow"
    centre.answer(first)
    uplink.answered(centre.answer(again), 3 * SECOND)
    assert [item.seq for item in centre.taken] == [1]
    spool.close()


def test_that_a_refusal_waits_and_shows_its_reason(tmp_path, caplog):
    spool, uplink = made(tmp_path)
    centre = Centre()
    centre.refusing = "session.unknown"
    uplink.heard(centre.beat(), 0)
    uplink.answered(centre.answer(uplink.due(0)), 0)
    assert uplink.light == "session.unknown"
    assert uplink.due(1) is None
    centre.refusing = ""
    for now in (SECOND, 2 * SECOND):
        uplink.heard(centre.beat(), now)
    settle(uplink, centre, now=2 * SECOND)
    assert uplink.light == "ok"
    spool.close()


def test_that_the_version_worked_with_is_told_at_once_before_what_waits_and_anew_to_a_centre_that_restarted(tmp_path):
    spool, uplink = made(tmp_path)
    centre = Centre()
    settle(uplink, centre)
    centre.catalogue = city(version=4)
    spool.append([activation(1)])
    settle(uplink, centre, now=SECOND)
    assert [request.kind for request in centre.asked][-4:-1] == ["catalogue.get", "ingest.runs", "ingest.activations"]
    centre.epoch = 2
    settle(uplink, centre, now=2 * SECOND)
    assert centre.running == [(3, 0), (4, 0), (4, 0)]
    spool.close()


def test_that_other_sets_of_scopes_alone_are_taken_without_fetching_the_whole(tmp_path):
    class Taking(Hearer):
        def catalogue_came(self, catalogue):
            super().catalogue_came(catalogue)
            self.sets = catalogue.scope_sets

    hearer, centre = Taking(), Centre()
    spool, uplink = made(tmp_path, hearer)
    settle(uplink, centre)
    centre.asked.clear()
    centre.catalogue, centre.only_sets = replace(centre.catalogue, version=4), {"500000": "XQ"}
    settle(uplink, centre, now=SECOND)
    assert [request.kind for request in centre.asked] == ["catalogue.sets", "ingest.runs", "ingest.bands"]
    assert (hearer.versions, hearer.sets, uplink.catalogue.version) == ([3, 4], {"500000": "XQ"}, 4)
    centre.asked.clear()
    centre.catalogue, centre.only_sets = city(version=5), None
    settle(uplink, centre, now=2 * SECOND)
    assert [request.kind for request in centre.asked][:2] == ["catalogue.sets", "catalogue.get"], "more differs"
    assert hearer.sets == {}
    spool.close()


def test_that_a_centre_that_does_not_know_the_question_still_gets_its_activations(tmp_path, caplog):
    spool, uplink = made(tmp_path)
    centre = Centre()
    uplink.knows(city())
    spool.append([activation(1)])
    uplink.heard(centre.beat(), 0)
    centre.refusing = "wire.unknown_kind"
    uplink.answered(centre.answer(uplink.due(0)), 0)
    centre.refusing = ""
    for now in (SECOND, 2 * SECOND):
        uplink.heard(centre.beat(), now)
    settle(uplink, centre, now=2 * SECOND)
    assert [item.seq for item in centre.taken] == [1]
    spool.close()


def test_that_another_protocol_is_never_spoken_to(tmp_path):
    spool, uplink = made(tmp_path)
    uplink.heard(replace(Centre().beat(), protocol=PROTOCOL_VERSION + 1), 0)
    assert uplink.due(0) is None
    assert uplink.light == "ingest.centre_protocol"
    spool.close()


def test_that_a_catalogue_the_engine_cannot_use_is_asked_for_once_and_alarms_go_on(tmp_path, caplog):
    class Picky(Hearer):
        def catalogue_came(self, catalogue):
            super().catalogue_came(catalogue)
            if catalogue.version == 3:
                raise Refused("formula.syntax", formula="nonsense")

    hearer, centre = Picky(), Centre()
    spool, uplink = made(tmp_path, hearer)
    uplink.knows(city(version=2))
    spool.append([activation(1)])
    settle(uplink, centre)
    settle(uplink, centre, now=SECOND)
    assert hearer.versions == [3]
    assert centre.running == [(2, 3)]
    assert (uplink.refused_version, uplink.catalogue.version) == (3, 2)
    assert len(centre.taken) == 1
    centre.catalogue = city(version=4)
    settle(uplink, centre, now=2 * SECOND)
    assert (uplink.refused_version, uplink.catalogue.version) == (None, 4)
    spool.close()


def test_that_a_confirmation_of_another_spool_confirms_nothing(tmp_path, caplog):
    spool, uplink = made(tmp_path)
    uplink.knows(city())
    centre = Centre()
    spool.append([activation(1)])
    uplink.heard(centre.beat(), 0)
    uplink.answered(centre.answer(uplink.due(0)), 0)
    request = uplink.due(0)
    foreign = Confirmed(key=ActivationKey(shard=0, epoch=999, seq=1))
    uplink.answered(codec.pack(Reply(id=request.id, outcome="done", body=codec.pack(foreign))), 0)
    assert spool.waiting() == 1
    assert uplink.light == "ingest.centre_answer"
    spool.close()


def test_that_an_overflowed_spool_makes_bands_due(tmp_path):
    spool = Spool(tmp_path, shard=0, new_epoch=5, limit_bytes=1)
    uplink = Uplink(
        spool, Hearer(), process_epoch=1, timeout_s=3.0, session=str, profile_ns=lambda: 0, bands=spool.bands
    )
    centre = Centre()
    settle(uplink, centre)
    spool.append([activation(1)])
    spool.append([activation(2, vital_number=1)])
    settle(uplink, centre, now=1)
    assert {band.vital for band in centre.bands[-1][0].bands} == {0, 1}
    spool.close()


def test_that_garbage_and_answers_to_nothing_are_ignored(tmp_path):
    spool, uplink = made(tmp_path)
    uplink.answered(b"\xc1 rubbish", 0)
    uplink.answered(codec.pack(Reply(id="nobody", outcome="done")), 0)
    assert uplink.light == "ingest.centre_unheard"
    spool.close()


deeds = st.lists(
    st.sampled_from(
        [
            "append",
            "exchange",
            "lose request",
            "lose answer",
            "double",
            "late answer",
            "centre restarts",
            "ingest killed",
        ]
    ),
    max_size=60,
)


class Story:
    """An uplink and a centre that live through losses, doubles, restarts and kills."""

    def __init__(self, folder):
        self.folder = folder
        self.spool, self.uplink = made(folder)
        self.centre, self.now, self.made, self.old_answers = Centre(), 0, 0, []

    def live(self, deed):
        self.now += SECOND
        self.uplink.heard(self.centre.beat(), self.now)
        match deed:
            case "append":
                self.spool.append([activation(self.made), activation(self.made + 1)])
                self.made += 2
            case "centre restarts":
                self.centre.epoch += 1
            case "ingest killed":
                for segment in self.spool._segments:
                    segment.close()
                self.spool, self.uplink = made(self.folder)
            case "late answer":
                if self.old_answers:
                    self.uplink.answered(self.old_answers.pop(0), self.now)
            case _:
                self.exchange(deed)

    def exchange(self, deed):
        request = self.uplink.due(self.now)
        if request is None or deed == "lose request":
            return
        answers = [self.centre.answer(request) for _ in range(2 if deed == "double" else 1)]
        if deed == "lose answer":
            self.old_answers += answers
            return
        for answer in answers:
            self.uplink.answered(answer, self.now)


@given(deeds)
def test_that_whatever_is_lost_or_doubled_every_activation_arrives_once_and_in_order(tmp_path_factory, deeds):
    story = Story(tmp_path_factory.mktemp("uplink"))
    for deed in [*deeds, *["exchange"] * 200]:
        story.live(deed)
    assert [item.value for item in story.centre.taken] == [float(k) for k in range(story.made)]
    assert [item.seq for item in story.centre.taken] == list(range(1, story.made + 1))
    assert story.spool.waiting() == 0
    bands, taken = story.centre.bands[-1]
    assert taken == bands.as_of_seq <= story.made
    story.spool.close()
    shutil.rmtree(story.folder)


def test_that_a_segment_brought_back_by_a_restart_does_not_stand_in_the_way_though_all_of_it_was_confirmed(tmp_path):
    """Found by `./dev soak kills`: killed before the segment was deleted, ingest asked about the old ones for ever."""
    centre = Centre()
    before, uplink = made(tmp_path / "killed")
    before.append([activation(number + 1, vital_number=0) for number in range(RUN + 10)])
    shutil.copytree(tmp_path / "killed", tmp_path / "next")
    settle(uplink, centre)
    assert before.waiting() == 0
    before.close()
    spool, uplink = made(tmp_path / "next")
    spool.append([activation(RUN + 11, vital_number=1)])
    settle(uplink, centre)
    assert (spool.waiting(), uplink.light) == (0, "ok")
    assert [item.seq for item in centre.taken] == list(range(1, RUN + 12))
    spool.close()


def test_that_a_confirmation_of_what_was_never_numbered_is_not_believed(tmp_path, caplog):
    spool, uplink = made(tmp_path)
    centre = Centre()
    spool.append([activation(1)])
    uplink.heard(centre.beat(), 0)
    while (request := uplink.due(0)).kind != "ingest.activations":
        uplink.answered(centre.answer(request), 0)
    beyond = Confirmed(key=ActivationKey(shard=0, epoch=spool.epoch, seq=2))
    uplink.answered(codec.pack(Reply(id=request.id, outcome="done", body=codec.pack(beyond))), 0)
    assert (spool.waiting(), uplink.light) == (1, "ingest.centre_answer")
    spool.close()
