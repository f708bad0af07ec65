"""The pages that are made here and not by the web screen: the login page, and those that say what went wrong."""

from html import escape
from importlib.resources import files
from string import Template
from urllib.parse import quote

from starlette.requests import HTTPConnection

from screen.address import base_of
from screen.pages.texts import LOGIN, PROBLEMS, Error, Lang, Words

__all__ = ["STYLE", "Error", "Lang", "language", "language_of", "login", "problem", "wants_page"]

_HERE = files(__name__)
_LOGIN = Template(_HERE.joinpath("login.html").read_text("utf-8"))
_PROBLEM = Template(_HERE.joinpath("problem.html").read_text("utf-8"))
STYLE = _HERE.joinpath("login.css").read_text("utf-8")


def language(accepted: str) -> Lang:
    """ "zh-CN" or "en", whichever the Accept-Language header ranks first; English when it names neither."""
    ranked = []
    for position, part in enumerate(accepted.split(",")[:20]):
        name, _, weight = part.strip().partition(";q=")
        ranked.append((-_weight(weight), position, name.strip().lower()))
    for _, _, name in sorted(ranked):
        if name.partition("-")[0] == "zh":
            return "zh-CN"
        if name.partition("-")[0] == "en":
            return "en"
    return "en"


def _weight(text: str) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0


def language_of(connection: HTTPConnection) -> Lang:
    """The language of whoever asks."""
    return language(connection.headers.get("accept-language", ""))


def wants_page(connection: HTTPConnection) -> bool:
    """Whether a person looks at the answer: a browser opens an address, or sends a form. Scripts and programs get problem+json."""
    if connection.scope["type"] != "http":
        return False
    mode = connection.headers.get("sec-fetch-mode")
    if mode is not None:
        return mode == "navigate"
    return "text/html" in connection.headers.get("accept", "")


def login(lang: Lang, base: str, onward: str, error: Error | None = None) -> str:
    """The page in the language, with the path to go on to, and what went wrong the last time."""
    texts = LOGIN[lang]
    shown = f'<p class="error" id="error" role="alert">{escape(texts[error])}</p>' if error else ""
    described = ' aria-describedby="error" aria-invalid="true"' if error else ""
    everywhere = _EVERYWHERE.format(escape(texts["everywhere"])) if error == "sessions" else ""
    plain = {name: escape(text) for name, text in texts.items()}
    return _LOGIN.substitute(plain, lang=lang, base=escape(base), next=escape(onward), error=shown, described=described, ended=everywhere)


_EVERYWHERE = '<label class="check"><input type="checkbox" name="everywhere" value="1"> {}</label>'


def problem(connection: HTTPConnection, status: int, kind: str) -> str:
    """The page about a refused request: what happened, what to do, and where to go on. Nothing of the request but its path is in it."""
    lang, base = language_of(connection), base_of(connection)
    words = _words(lang, status, kind)
    ways = []
    if status in (401, 403):
        next_path = connection.url.path + (f"?{connection.url.query}" if connection.url.query else "")
        asked = next_path if connection.scope["method"] in ("GET", "HEAD") else f"{base}/"
        ways.append((f"{base}/login?next={quote(asked, safe='')}", LOGIN[lang]["button"]))
    ways.append((f"{base}/", PROBLEMS[lang]["home"].title))
    links = "".join(f'<a href="{escape(to)}">{escape(text)}</a>' for to, text in ways)
    plain = {"title": escape(words.title), "text": escape(words.text), "code": f"HTTP {status} · {escape(kind)}"}
    return _PROBLEM.substitute(plain, lang=lang, base=escape(base), links=links)


def _words(lang: Lang, status: int, kind: str) -> Words:
    texts = PROBLEMS[lang]
    return texts.get(kind) or texts.get(str(status)) or texts["refused" if status < 500 else "500"]
