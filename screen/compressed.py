"""Compression: files that were packed when they were built, and answers in JSON that are packed as they go."""

import os
from pathlib import Path
from typing import Any

from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Route

#: Content encodings of files, the best first, and what their names end with (screen/web/precompress.mjs makes them).
ENCODINGS = {"br": ".br", "gzip": ".gz"}
#: Smaller answers fit in a packet or two as they are.
LEAST_BYTES = 1024
#: Figures change with every tick, and each answer is packed anew: time counts for more than the last percent.
_LEVEL = 4
#: Only routes that name it pack their answers, those that are large: rooms, boards, minutes, products, reports, the dictionary, the map.
#: Never login, tokens, sessions (me), audit, subscriptions, rules: who sees only how long a packed answer is can guess a secret in it that
#: stands beside text of his own (BREACH). Never streams: a frame must not wait for more to be packed with.
_GZIP = Middleware(GZipMiddleware, minimum_size=LEAST_BYTES, compresslevel=_LEVEL)


def gzipped(path: str, endpoint: Any) -> Route:
    """A route (GET, HEAD) whose answers from LEAST_BYTES on are gzipped for who accepts it."""
    return Route(path, endpoint, middleware=[_GZIP])


def accepted(header: str) -> list[str]:
    """Those of ENCODINGS that an Accept-Encoding header accepts, the best first; `q=0` refuses one."""
    weights: dict[str, bool] = {}
    for part in header.lower().split(",")[:20]:
        name, _, parameter = part.partition(";")
        weights[name.strip()] = parameter.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return [encoding for encoding in ENCODINGS if weights.get(encoding, weights.get("*", False))]


def packed_beside(file: str) -> dict[str, os.stat_result]:
    """Content encoding → state of the packed file of that encoding, for those that lie beside a file."""
    return {encoding: path.stat() for encoding, end in ENCODINGS.items() if (path := Path(file + end)).is_file()}
