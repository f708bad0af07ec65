import logging

from screen.connections.seldom import Seldom


def line(text: str, level: int = logging.WARNING) -> logging.LogRecord:
    return logging.LogRecord("uvicorn.error", level, "", 0, text, (), None)


def test_each_text_is_said_now_and_then_and_errors_always() -> None:
    now = [0.0]
    seldom = Seldom(lambda: now[0])
    assert [seldom.filter(line("Invalid HTTP request received.")) for _ in range(3)] == [True, False, False]
    assert seldom.filter(line("Unsupported upgrade request."))
    assert seldom.filter(line("broken", logging.ERROR)) and seldom.filter(line("broken", logging.ERROR))
    now[0] = 10.0
    assert seldom.filter(line("Invalid HTTP request received."))
