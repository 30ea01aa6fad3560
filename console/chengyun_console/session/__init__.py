"""The only crossing between sockets, threads and windows: `Session` for the pages, everything else behind it.

What a page may use (the module `session` holds the class; nothing else of this folder is for pages):

    session = Session(profile, parent)            # QObject, lives in the GUI thread
    session.start() / session.stop()

    session.state: StateMirror                    # columns by vital number; read them on your frame tick
        .time .value .quality .band .side         #   int64 ns, float64, uint8 …, length = catalogue.count
        .freshness(now_ns) -> uint8[n]            #   mirror.state.Freshness: FRESH, LATE, OUTDATED, LOST, NEVER
        .ages_s(now_ns) -> float64[n]
    session.facts: FactMirror
        .board: AlarmBoard                        #   living alarms in order, counts by colour, unacknowledged, next …
        .alarms: dict[int, Alarm] · .sessions: dict[str, SessionRecord] · .history_of(alarm) · .alarm_of_vital(vital)
        .through · .tail                          #   journal numbers
    session.catalogue: CatalogueView | None       # from the cache at start, replaced when the centre names another
    session.clock: ProfileClock                   # follows the law of the centre's heartbeats
    session.signed_on: SignedOn | None            # .allowed: actions this seat may do
    session.own_centre: str                       # code of the profile's centre, "" until told
    session.latency.p99_ms() -> float | None      # sample at ingest → this model
    session.links() -> Links                      # .ingest .centre: LinkState(reach, since_ns, reason, heartbeat, …)

    frame_came(StateRows)     facts_came(FactNews)      links_came(Links)     watch_came(WatchRows)
    catalogue_came(CatalogueView)   sign_on_ended(SignOnEnded)   seats_came(Seats)
    command_ended(str id, Reply)    command_unsure(str id)       # 5 s without an answer: asked again with the same id

    session.sign_on(account, password, seat)      session.sign_off()      session.ask_seats()
    session.send(AcknowledgeAlarm(...)) -> CommandId
    session.ask_window(vital, from_ns, to_ns, pixels, answer, slot="chart-3")   # answer(WindowSeries), newest per slot
    session.ask_preview(threshold_set, answer)    session.watch({vital, ...})   # the whole set wanted

At most one of each signal per tick (50 ms); when the GUI is slow the next one carries everything merged.
"""
