"""Why the server closes a websocket: named codes (4000–4999 are free for applications), so that a browser knows what to do next."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Close:
    """A code, and its name as the reason text. `reconnect`: whether coming back makes sense. `when`: as the reference says it."""

    code: int
    name: str
    reconnect: bool
    when: str


STOPPING = Close(4000, "server_stopping", True, "The server stops or restarts: come back soon, to whichever server answers.")
TOKEN_ENDED = Close(4001, "token_ended", False, "The access token has expired or was revoked: log in again.")
NOT_READING = Close(4002, "not_reading", True, "The browser has not read anything for too long: come back when it can.")
UNASKED = Close(4003, "unasked_message", False, "The browser sent something: frames go one way only.")
FEED_BROKE = Close(
    4004, "feed_broke", True, "The reader of the room broke (a bug, and logged as one): come back, the next reader starts afresh."
)
#: Not even the parsing of it is for free.
TOO_MUCH = Close(4005, "too_much_sent", False, "The browser sent more pings, or whatever it was, than any that only watches.")

ALL = (STOPPING, TOKEN_ENDED, NOT_READING, UNASKED, FEED_BROKE, TOO_MUCH)
