"""A real Chromium on the real system: broker, store, agents, screen and simulator, as `livescreen demo` runs them."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from deploy.ports import free_port
from tests.servers.absent import absent

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
#: No sandbox: tests may run as root. The rest keeps Chromium from calling home.
_OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]  # fmt: skip  # noqa: E501
START_SECONDS = 240.0
#: What is there is found at once; only what never comes takes so long, and a busy machine is slow.
LONGEST_MS = 120_000
expect.set_options(timeout=LONGEST_MS)
ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "screen" / "static"
Open = Callable[..., Page]


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The machine's Chromium; skips without one, unless services are required."""
    path = next((found for name in _NAMES if (found := shutil.which(name))), None)
    if path is not None:
        return path
    absent(f"no Chromium on this machine (looked for {', '.join(_NAMES)})")


@pytest.fixture(scope="module")  # not longer: while Playwright runs, no test of an event loop of its own can run in the same process
def chromium(chromium_path: str) -> Iterator[Browser]:
    """A running Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=_OPTIONS)
        new_context = browser.new_context

        def patient(**options: Any) -> BrowserContext:
            context = new_context(**options)
            context.set_default_timeout(LONGEST_MS)
            return context

        browser.new_context = patient  # type: ignore[method-assign]
        yield browser
        browser.close()


class Demo:
    """A running `livescreen demo`."""

    def __init__(self, folder: Path) -> None:
        self.data, self.output = folder / "data", folder / "output"
        env = {name: value for name, value in os.environ.items() if not name.startswith("LIVESCREEN_")}
        command = [sys.executable, "-m", "deploy", "demo", "--port", str(free_port()), "--data", str(self.data)]
        with self.output.open("wb") as file:
            self.process = subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT, env=env, cwd=folder)
        self.link = self._link()
        self.url = "{0.scheme}://{0.netloc}".format(urlsplit(self.link))
        self.room = re.findall(r"demo-[0-9-]+", self.link)[0]
        self.token = self.command("token", "--role", "admin").splitlines()[-1]

    def _link(self) -> str:
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            if found := re.search(r"Open (http\S+)", self.output.read_text()):
                return found[1]
            time.sleep(0.1)
        raise AssertionError(f"the demo printed no address: {self.output.read_text()}")

    def command(self, *arguments: str) -> str:
        """What a `livescreen` command on the same data prints."""
        command = [sys.executable, "-m", "deploy", *arguments, "--data", str(self.data)]
        return subprocess.run(command, check=True, capture_output=True, text=True, cwd=self.data.parent).stdout

    def child(self, word: str) -> int:
        """The process id of the part whose command line holds the word."""
        listed = subprocess.run(["ps", "-eo", "pid,ppid,args"], check=True, capture_output=True, text=True).stdout
        rows = [line.split(maxsplit=2) for line in listed.splitlines()[1:]]
        (pid,) = (int(pid) for pid, parent, line in rows if int(parent) == self.process.pid and word in line)
        return pid

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)


@pytest.fixture(scope="module")
def demo(chromium_path: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """One demo for all tests of a module; it needs the built screen, and Chromium to be of use."""
    del chromium_path
    running = Demo(tmp_path_factory.mktemp("demo"))
    yield running
    assert running.stop() == 0, running.output.read_text()


class Watcher:
    """A browser window logged into the demo."""

    def __init__(self, context: BrowserContext, demo: Demo) -> None:
        self.demo, self.context = demo, context
        self.page: Page = context.new_page()
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)

    def figure(self, metric: str) -> str | None:
        """The value behind a figure on the page."""
        found = self.page.locator(f'[data-metric="{metric}"][data-value]').first
        return found.get_attribute("data-value", timeout=60_000)

    def figures(self) -> dict[str, str]:
        """All figures on the page by metric: the names of most come in an answer of their own, after the first frame."""
        self.page.locator("[data-metric][data-value]").nth(7).wait_for()
        script = "all => all.map(one => [one.dataset.metric, one.dataset.value])"
        return dict(self.page.locator("[data-metric][data-value]").evaluate_all(script))

    def board(self, room: str | None = None) -> dict[str, Any]:
        """The board, of the demo's room unless another is named, as the API gives it to this window's session."""
        answer = self.context.request.get(f"{self.demo.url}/api/rooms/{room or self.demo.room}")
        assert answer.status == 200, answer.text()
        return dict(json.loads(answer.body()))

    def agrees(self, metric: str, seconds: float = 60.0) -> bool:
        """Whether the page comes to show the API's value: the API is asked before and after, since figures move."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            before, shown, after = self.board()["total"][metric], self.figure(metric), self.board()["total"][metric]
            if shown is not None and before <= float(shown) <= after:
                return True
            time.sleep(0.2)
        return False


@pytest.fixture
def watcher(chromium: Browser, demo: Demo) -> Iterator[Watcher]:
    """A window at 1080p in Chinese, logged in by a cookie, on the big screen of the demo's room."""
    context = chromium.new_context(viewport={"width": 1920, "height": 1080}, locale="zh-CN", color_scheme="dark", service_workers="block")
    found = Watcher(context, demo)
    found.page.goto(f"{demo.url}/login?token={demo.token}&next=/rooms/{demo.room}")
    yield found
    context.close()


class Fake:
    """The fake screen server as a process that can be stopped and started."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        """Starts it, and waits until it answers."""
        self.process = subprocess.Popen([sys.executable, Path(__file__).parent / "fake_screen.py", str(self.port)], cwd=ROOT)
        for _ in range(600):
            try:
                urlopen(f"{self.url}/api/dictionary", timeout=1).close()
                return
            except OSError:
                time.sleep(0.1)
        raise TimeoutError("the fake server does not answer")

    def stop(self) -> None:
        """Kills it."""
        self.process.kill()
        self.process.wait()


@pytest.fixture(scope="session")
def fake() -> Iterator[Fake]:
    """The fake server, for all tests here."""
    if not (STATIC / "index.html").is_file():
        absent("the web screen is not built")
    server = Fake()
    yield server
    server.stop()


@pytest.fixture
def show(chromium: Browser, fake: Fake) -> Iterator[Open]:
    """Opens an address in a fresh browser context; fails the test on any script error."""
    contexts, errors = [], []

    def opened(path: str, size: tuple[int, int] = (1920, 1080), locale: str = "zh-CN", role: str = "operator") -> Page:
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]}, locale=locale, color_scheme="dark", service_workers="block"
        )
        context.add_cookies([{"name": "livescreen", "value": role, "url": fake.url}])
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(fake.url + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert errors == []
