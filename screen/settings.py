"""What one screen server needs to know. The environment is read elsewhere (`deploy`)."""

from dataclasses import dataclass

from streams.kafka.brokers import Brokers


@dataclass(frozen=True, slots=True)
class ScreenSettings:
    """Plain values, in the units of their names.

    kafka               where scenes are written, and how it lets us in
    redis               "redis://…": the store and the access tokens
    partitions          of the topics; the screen does not create any
    host, port          where to listen; port 0 takes a free one
    tick_ms             how often a watched room is read and sent
    stock_urgent_below  pieces left under which a product's stock is urgent
    unpaid_minutes, silent_hours, late_seconds   see `streams.products.BoardRules`
    max_watchers        open websockets (and streams) of this process; one more gets 503
    token_watchers      how many of them one access token may have; one more gets 429
    token_sessions      how many sessions one access token may have; one more gets 429
    address_connections, header_seconds, body_seconds, trusted_proxies   see `screen.connections.limits.Limits`
    rules               the file of alert rules that the watchers read, if it is not the store that has them
    wait_seconds        how long to wait for Kafka and Redis at start
    map                 an operator's own map of provinces (GeoJSON)
    embed_origins       pages of these origins may show a room in a frame: "https://a.example,https://b.example"
    platforms           the file of sources that push to us, see `streams.platforms.sources`
    base_path           "/a/b": where the application lies on its host, as browsers see it; "": at the root
    """

    kafka: Brokers
    redis: str
    partitions: int = 4
    host: str = "127.0.0.1"
    port: int = 8700
    tick_ms: int = 250
    stock_urgent_below: int = 10
    unpaid_minutes: int = 30
    silent_hours: int = 6
    late_seconds: int = 15
    max_watchers: int = 5_000
    token_watchers: int = 500
    token_sessions: int = 100
    address_connections: int = 500
    header_seconds: int = 10
    body_seconds: int = 60
    trusted_proxies: str = "127.0.0.1,::1"
    wait_seconds: int = 60
    rules: str | None = None
    map: str | None = None
    embed_origins: str = ""
    base_path: str = ""
    platforms: str | None = None
