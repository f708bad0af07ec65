"""The review of a broadcast through the screen: JSON, a page, CSV, a workbook."""

import csv
import io
import zipfile
from html.parser import HTMLParser
from typing import Any

import pytest

from screen.roles import Role
from streams.topics import CLICKS, ORDERS, SCENES, VIEWS

EVIL = "<img src=x onerror=alert(1)>\"'&</style><script>alert(2)</script>"
NOTE = "=cmd|'/c calc'!A0 " + EVIL
MINUTE = 60_000


class Tags(HTMLParser):
    """What elements a page has."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add(tag)
        self.attributes |= {name for name, _ in attrs}


@pytest.fixture
async def broadcast(log: Any) -> None:
    """20 minutes: a note and an explanation of a product with a hostile name, a shift of a host with one too."""
    start = (log.clock() // MINUTE - 20) * MINUTE
    await log.add(
        SCENES,
        {"kind": "opened", "title": EVIL, "host": "Lin", "starts": start, "at": start},
        {"kind": "listed", "product": EVIL, "title": EVIL, "price": 990, "stock": 100, "at": start},
        {"kind": "host_on", "host": EVIL, "at": start},
        {"kind": "host_off", "host": EVIL, "at": start + 10 * MINUTE},
        {"kind": "explain_started", "product": EVIL, "at": start + 5 * MINUTE},
        {"kind": "explain_ended", "product": EVIL, "at": start + 7 * MINUTE},
        {"kind": "noted", "note": "n1", "author": "=A", "text": NOTE, "product": EVIL, "at": start + 10 * MINUTE},
    )
    times = [start + minute * MINUTE for minute in range(20)]
    await log.add(VIEWS, *({"kind": "entered", "user": f"v{at}", "source": EVIL, "person": {}, "at": at} for at in times))
    clicks = [(at, n) for at in times[5:7] + times[11:16] for n in range(6)]
    await log.add(CLICKS, *({"kind": "clicked", "user": f"c{n}", "product": EVIL, "at": at} for at, n in clicks))
    paid = {"kind": "paid", "user": "c1", "order": "o1", "product": EVIL, "quantity": 1, "amount": 990, "at": times[12]}
    await log.add(ORDERS, paid)


@pytest.mark.usefixtures("broadcast")
async def test_json_has_hosts_effects_and_alerts(call: Any) -> None:
    review = (await call("GET", "/api/rooms/r1/report?format=json")).json()
    (note,) = review["notes"]
    assert note["text"] == NOTE
    assert (note["effect"]["before"]["product_clicks"], note["effect"]["after"]["product_clicks"]) == (12, 30)
    assert (note["effect"]["after"]["gmv"], note["effect"]["after"]["conversion"]) == (990, 0.2)
    assert note["effect"]["enough"] is True
    (explained,) = review["products"][0]["explained"]
    assert (explained["minutes"], explained["during"]["product_clicks"], explained["enough"]) == (2, 12, False)
    (host,) = review["hosts"]
    assert (host["host"], host["entries"]) == (EVIL, 10)
    assert abs(host["hours"] - 1 / 6) < 1e-6
    assert review["alerts"] == review["alert_log"] == []
    assert review["total"]["gmv"] == 990
    assert len(review["minutes"]) >= 20


@pytest.mark.usefixtures("broadcast")
@pytest.mark.parametrize(("lang", "words"), [("zh", ("直播复盘", "主播表现", "场记")), ("en", ("Broadcast review", "Hosts", "Notes"))])
async def test_the_page_holds_hostile_text_as_text(call: Any, lang: str, words: tuple[str, ...]) -> None:
    answer = await call("GET", f"/api/rooms/r1/report?format=html&lang={lang}")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'; style-src 'sha256-" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    tags = Tags(answer.text)
    assert not tags.found & {"script", "img", "iframe", "link"}
    assert not {name for name in tags.attributes if name.startswith(("on", "src", "href"))}
    assert answer.text.count("</style>") == 1
    assert "&lt;script&gt;alert(2)&lt;/script&gt;" in answer.text
    assert all(word in answer.text for word in words)
    assert "9.90" in answer.text


@pytest.mark.usefixtures("broadcast")
async def test_csv_and_workbook(call: Any) -> None:
    answer = await call("GET", "/api/rooms/r1/report?format=csv&lang=en")
    assert answer.headers["content-disposition"] == 'attachment; filename="r1.csv"'
    cells = [cell for row in csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "\t", "\r"))]
    assert "'" + NOTE in cells

    (head, row) = csv.reader(
        io.StringIO((await call("GET", "/api/rooms/r1/notes?format=csv&tz=UTC")).content.decode("utf-8-sig"), newline="")
    )
    assert dict(zip(head, row, strict=True))["内容"] == "'" + NOTE

    answer = await call("GET", "/api/rooms/r1/notes?format=xlsx")
    assert answer.status_code == 200
    assert len([name for name in zipfile.ZipFile(io.BytesIO(answer.content)).namelist() if "worksheets/sheet" in name]) == 3


async def test_a_browser_gets_the_page_and_a_program_json(call: Any) -> None:
    page = await call("GET", "/api/rooms/r1/report", headers={"accept": "text/html,*/*"})
    assert page.text.startswith("<!doctype html>")
    assert (await call("GET", "/api/rooms/r1/report")).json()["room"] == "r1"


@pytest.mark.parametrize("query", ["format=pdf", "lang=fr", "tz=../../etc/passwd", "tz=Nowhere/At", "tz="])
async def test_what_is_refused(call: Any, query: str) -> None:
    answer = await call("GET", f"/api/rooms/r1/report?{query}")
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")


async def test_who_may_read(call: Any, http: Any) -> None:
    for path in ("/api/rooms/r1/report", "/api/rooms/r1/notes"):
        assert (await http.get(path)).status_code == 401
        assert (await call("GET", path, role=Role.ADMIN, rooms=("r2",))).status_code == 403
        assert (await call("GET", path.replace("r1", "r9"))).status_code == 404


@pytest.mark.parametrize(("starts", "zone"), [(253_370_764_799_999, "Pacific/Kiritimati"), (1, "Pacific/Honolulu")])
async def test_the_first_and_the_last_time_that_a_broadcast_may_be_said_to_start(call: Any, log: Any, starts: int, zone: str) -> None:
    await log.add(SCENES, {"kind": "opened", "title": "t", "starts": starts}, room="far")
    for kind in ("html", "csv", "json"):
        answer = await call("GET", f"/api/rooms/far/report?format={kind}&tz={zone}")
        assert answer.status_code == 200, kind
