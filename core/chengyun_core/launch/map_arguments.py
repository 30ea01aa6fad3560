"""`chengyun map`: its arguments; light, because `--help` of every command builds them."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from chengyun_core.launch import profile as profiles
from chengyun_core.launch.report import Report
from chengyun_core.model.map_layer import LARGEST_ZOOM, Datum, LayerKind
from chengyun_resources.texts import Texts

FolderOf = Callable[[argparse.Namespace], Path]
Make = Callable[..., argparse.ArgumentParser]
"""make(commands, name, text, handler): a parser with what every command has (cli)."""


def add(commands: Any, make: Make, folder_of: FolderOf) -> None:
    """Add the command: what a layer is told, and what can be done with it."""

    def run(options: argparse.Namespace, texts: Texts) -> Report:
        from chengyun_core.launch import map_command  # noqa: PLC0415 - as the handlers of `cli`

        if options.act == "report":
            return map_command.report(options, texts)
        return map_command.run(profiles.ensure(folder_of(options)), options, texts)

    made = make(commands, "map", "layers of the map: import, list, retire, report", run)
    made.add_argument("act", choices=("import", "list", "retire", "report"))
    made.add_argument("files", nargs="*", metavar="FILE", help="import, report: file, or the parts of a shapefile or"
                      " a network; retire: code of the layer")  # fmt: skip
    made.add_argument("--code", default="", help="code of the layer (default: the file's name)")
    made.add_argument("--name", default="", help="name people read (default: the code)")
    made.add_argument("--kind", choices=[one.value for one in LayerKind], default=LayerKind.AREA.value)
    made.add_argument("--datum", choices=[one.value for one in Datum], default=Datum.CGCS2000.value,
                      help="what the source is measured against; GCJ-02 is converted")  # fmt: skip
    made.add_argument("--approval", default="", metavar="NUMBER", help="map review number")
    made.add_argument("--licence", default="", help="licence of the source")
    made.add_argument("--origin", default="", help="where it comes from")
    made.add_argument("--valid-from", default="", metavar="DATE", help="ISO day from which it holds")
    made.add_argument("--valid-to", default="", metavar="DATE", help="last ISO day on which it holds")
    made.add_argument("--schematic", action="store_true", help="not surveyed: the screen says so")
    made.add_argument("--style", default="", help="key of a style (default: that of the kind)")
    made.add_argument("--min-zoom", type=int, default=0, metavar="Z")
    made.add_argument("--max-zoom", type=int, default=LARGEST_ZOOM, metavar="Z")
    made.add_argument("--source-error", type=float, default=0.0, metavar="M", help="metres the source itself may err")
    made.add_argument("--code-field", default="", metavar="NAME", help="attribute that is the features' code")
    made.add_argument("--name-field", default="", metavar="NAME", help="attribute that is their name")
    made.add_argument("--longitude-field", default="", metavar="NAME", help="column of a CSV")
    made.add_argument("--latitude-field", default="", metavar="NAME", help="column of a CSV")
    made.add_argument("--encoding", default="", help="of a CSV or .dbf (default: found out)")
    made.add_argument("--search", action="append", default=[], metavar="NAME", help="attribute words are looked for in")
    made.add_argument("--rename", action="append", default=[], metavar="CODE=NEW|NAME",
                      help="feature that bears another code and name now")  # fmt: skip
    made.add_argument("--check", action="store_true", help="import: only tell what would be mended and left out")
    made.add_argument("--reason", default="", help="retire: why")
    made.add_argument("--all", action="store_true", help="list: layers that were taken off, too")
