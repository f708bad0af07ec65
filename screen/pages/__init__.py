"""The login page: the one page that is made here and not by the web screen."""

from html import escape
from importlib.resources import files
from string import Template
from typing import Literal

Error = Literal["wrong", "often"]

_HERE = files(__name__)
_PAGE = Template(_HERE.joinpath("login.html").read_text("utf-8"))
LOGIN_CSS = _HERE.joinpath("login.css").read_text("utf-8")

_TEXTS = {
    "zh-CN": {
        "title": "登录 · livescreen",
        "intro": "请使用访问令牌登录直播数据大屏。",
        "label": "访问令牌",
        "button": "登录",
        "hint": "没有令牌？请管理员生成：",
        "wrong": "令牌无效、已过期或已使用。请检查后重试，或向管理员索取新的令牌。",
        "often": "尝试次数过多，请一分钟后再试。",
    },
    "en": {
        "title": "Log in · livescreen",
        "intro": "Log in to the live data screen with an access token.",
        "label": "Access token",
        "button": "Log in",
        "hint": "No token? An administrator makes one:",
        "wrong": "This token is not valid, has expired or was used already. Check it, or ask an administrator for a new one.",
        "often": "Too many attempts. Please try again in a minute.",
    },
}


def language(accepted: str) -> str:
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


def login(lang: str, onward: str, error: Error | None = None) -> str:
    """The page in the language, with the path to go on to, and what went wrong the last time."""
    texts = _TEXTS[lang]
    shown = f'<p class="error" id="error" role="alert">{escape(texts[error])}</p>' if error else ""
    described = ' aria-describedby="error" aria-invalid="true"' if error else ""
    plain = {name: escape(text) for name, text in texts.items()}
    return _PAGE.substitute(plain, lang=lang, next=escape(onward), error=shown, described=described)
