import pytest

from tests.rooms.drive import Room


@pytest.fixture
def room() -> Room:
    """A room to send events to, empty."""
    return Room()
