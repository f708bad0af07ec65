"""An operator's own map of provinces (GeoJSON), in place of the one that comes with the web screen."""

from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import Response

from screen.auth import allow
from screen.compressed import gzipped
from screen.parts import parts_of
from screen.roles import Role
from streams.province_names import NAMES

MAX_BYTES = 8 * 1024 * 1024
#: Longitude, latitude, and perhaps a height.
_Position = Annotated[list[float], Meta(min_length=2)]
_Ring = Annotated[list[_Position], Meta(min_length=4)]
_Rings = Annotated[list[_Ring], Meta(min_length=1)]


class _Polygon(Struct, tag="Polygon"):
    coordinates: _Rings


class _MultiPolygon(Struct, tag="MultiPolygon"):
    coordinates: Annotated[list[_Rings], Meta(min_length=1)]


class _Properties(Struct):
    name: str


class _Feature(Struct):
    type: Literal["Feature"]
    properties: _Properties
    geometry: _Polygon | _MultiPolygon


class _Collection(Struct):
    type: Literal["FeatureCollection"]
    features: list[_Feature]


class BadMap(ValueError):
    """The file is no map of provinces; the message says why, in one line."""


def read(path: str) -> bytes:
    """The map as it goes to browsers, every shape of it checked. Raises BadMap."""
    try:
        if Path(path).stat().st_size > MAX_BYTES:
            raise BadMap(f"must have {MAX_BYTES // 1024 // 1024} MB at most")
        text = Path(path).read_bytes()
        found = msgspec.json.decode(text.removeprefix(b"\xef\xbb\xbf"), type=_Collection)
    except OSError as error:
        raise BadMap(f"must be a file that can be read: {error.strerror}") from None
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise BadMap(f"must be GeoJSON, a FeatureCollection of polygons with a name each: {error}") from None
    if not NAMES & {feature.properties.name for feature in found.features}:
        raise BadMap("must name its features as GB/T 2260 names provinces for short (浙江, not 浙江省); none of them is")
    return msgspec.json.encode(found)


async def give(request: Request) -> Response:
    """`GET /api/map`: the operator's map; 204 where there is none, and the web screen's own is to be shown."""
    await allow(request, Role.VIEWER)
    own: Any = parts_of(request).map
    if own is None:
        return Response(status_code=204)
    return Response(own, media_type="application/geo+json", headers={"cache-control": "private, max-age=300"})


ROUTES = [gzipped("/api/map", give)]
