"""How Faust is told what its clients show Kafka."""

from faust.auth import Credentials, SASLCredentials, SSLCredentials

from streams.kafka.brokers import Brokers


def credentials(kafka: Brokers) -> Credentials | None:
    """None: nothing."""
    if kafka.login is None:
        return None if kafka.tls is None else SSLCredentials(kafka.tls)
    login = kafka.login
    return SASLCredentials(username=login.user, password=login.password, mechanism=login.mechanism, ssl_context=kafka.tls)
