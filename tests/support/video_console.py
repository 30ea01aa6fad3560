"""A console in small, to be killed: watches one camera and prints its workers' process ids once it is live."""

import sys
import time

from tests.support import video_watch


def main() -> None:
    with video_watch.fleet_of(sys.argv[1]) as fleet:
        told = video_watch.source("good", user="duty", password="open sesame")
        fleet.watch("good", told, 320, 180, main=True)
        fleet.watch("other", video_watch.source("other"), 320, 180, main=True)
        video_watch.watched(fleet, ["good"], 10, until=video_watch.is_live("good"))
        print(*fleet.worker_pids(), flush=True)
        time.sleep(60)


if __name__ == "__main__":
    main()
