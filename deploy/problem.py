"""What a person must mend before a command can work: said in plain lines, never as a traceback."""


class Problem(Exception):
    """Each line says what is wrong and what to do. The command ends with `status`."""

    def __init__(self, *lines: str, status: int = 1) -> None:
        super().__init__("; ".join(lines))
        self.lines = lines
        self.status = status


def explain(error: Exception) -> Problem | None:
    """Broken infrastructure in words; None for anything else, which is a bug."""
    from aiokafka.errors import KafkaError  # noqa: PLC0415 (only a failing command needs these)
    from redis.exceptions import RedisError  # noqa: PLC0415

    from streams.kafka import rights  # noqa: PLC0415
    from streams.kafka.knock import Refused  # noqa: PLC0415
    from streams.store.port import StoreAway  # noqa: PLC0415

    if isinstance(error, Problem):
        return error
    text = " ".join(str(error).split()).rstrip(".") or type(error).__name__
    match error:
        case KafkaError() if what := rights.remedy(error):
            return Problem(f"Kafka does not allow it ({text}): {what}")
        case KafkaError():
            return Problem(f"Kafka failed: {text}. `livescreen doctor` says more")
        case StoreAway() | RedisError():
            return Problem(f"Redis failed: {text}. `livescreen doctor` says more")
        case Refused() | OSError():
            return Problem(text)
    return None
