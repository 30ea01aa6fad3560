"""What a layer holds, unpacked for a question: networks, roads and places, kept by digest as long as there is room."""

from functools import lru_cache
from pathlib import Path

from chengyun_core.geo import shapes
from chengyun_core.geo.network import Network, network_of
from chengyun_core.geo.road_graph import RoadGraph, graph_of
from chengyun_core.geo.shapes import Shapes
from chengyun_core.model.failure import Refused


# Contents are named by their digest and never change: what was unpacked once stays right. Asked by workers' threads.
@lru_cache(maxsize=4)
def shapes_at(path: Path) -> Shapes:
    """Return the packed shapes in a file; raise Refused `attachment.gone`, `map.shapes_faulty`."""
    try:
        return shapes.unpack(path.read_bytes())
    except FileNotFoundError as fault:
        raise Refused("attachment.gone", digest=path.name) from fault


@lru_cache(maxsize=4)
def network_at(path: Path) -> Network:
    """Return the pipeline in a file; raise Refused `map.no_network`."""
    return network_of(shapes_at(path))


@lru_cache(maxsize=2)
def roads_at(path: Path) -> RoadGraph:
    """Return the roads in a file; raise Refused `map.no_roads`."""
    return graph_of(shapes_at(path))
