"""What Kafka's user must be allowed to do."""

from aiokafka.errors import ClusterAuthorizationFailedError, GroupAuthorizationFailedError, TopicAuthorizationFailedError

_FORBIDDEN = (TopicAuthorizationFailedError, GroupAuthorizationFailedError, ClusterAuthorizationFailedError)


def remedy(error: Exception) -> str | None:
    """What to do, when Kafka has not allowed what we asked for; None when the error is another one."""
    if not isinstance(error, _FORBIDDEN):
        return None
    topics = "let our user read, write, describe and create the topics live.* (or with LIVESCREEN_TOPIC_PREFIX)"
    rights = f"{topics}, and read the group of LIVESCREEN_GROUP"
    return f"{rights}; the embedded Kafka refuses producers while its log or disk is full, which `livescreen doctor` says"
