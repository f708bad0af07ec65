import socket
from contextlib import closing

import pytest

from agents.alerting.gauges import Gauges as Watchers
from agents.gauges import Gauges
from agents.waiting import GaveUp


@pytest.mark.parametrize("sort", [Gauges, Watchers])
def test_a_port_that_is_taken_is_a_line_that_names_the_setting(sort) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        port = other.getsockname()[1]
        with pytest.raises(GaveUp, match=rf"figures on 127.0.0.1:{port} \(address already in use\); set LIVESCREEN_METRICS_HOST and") as up:
            sort().serve("127.0.0.1", port)
    assert "\n" not in str(up.value)
