"""The texts of those pages, in both languages."""

from typing import Literal, NamedTuple

Lang = Literal["zh-CN", "en"]
Error = Literal["wrong", "often", "origin", "sessions"]

LOGIN: dict[Lang, dict[str, str]] = {
    "zh-CN": {
        "title": "登录 · livescreen",
        "intro": "请使用访问令牌登录直播数据大屏。",
        "label": "访问令牌",
        "name": "您的姓名（可选）",
        "name_hint": "写场记、处理告警时署名。",
        "button": "登录",
        "hint": "没有令牌？请管理员生成：",
        "wrong": "令牌无效、已过期或已使用。请检查后重试，或向管理员索取新的令牌。",
        "often": "尝试次数过多，请一分钟后再试。",
        "origin": "登录请求不是从本页发出的。请在这里重新输入令牌。",
        "sessions": "此令牌登录的浏览器已达上限。请在不用的浏览器中退出登录，或勾选下方选项，全部退出后在此登录。",
        "everywhere": "退出此令牌在其他浏览器中的全部登录",
    },
    "en": {
        "title": "Log in · livescreen",
        "intro": "Log in to the live data screen with an access token.",
        "label": "Access token",
        "name": "Your name (optional)",
        "name_hint": "Signs your notes and what you do with alerts.",
        "button": "Log in",
        "hint": "No token? An administrator makes one:",
        "wrong": "This token is not valid, has expired or was used already. Check it, or ask an administrator for a new one.",
        "often": "Too many attempts. Please try again in a minute.",
        "origin": "That login did not come from this page. Please enter the token here.",
        "sessions": "This token is logged in in as many browsers as it may be. Log out where it is not needed, or tick the box below.",
        "everywhere": "Log this token out in all other browsers",
    },
}


class Words(NamedTuple):
    """What is said about a problem: in a line, and what to do about it."""

    title: str
    text: str


#: By the problem's kind, else by its status.
PROBLEMS: dict[Lang, dict[str, Words]] = {
    "zh-CN": {
        "home": Words("全部直播间", ""),
        "401": Words("请先登录", "您尚未登录，或登录已失效。登录后将回到此页。"),
        "403": Words("没有权限", "当前账号不能查看此页。可换用其他令牌登录。"),
        "wrong-origin": Words("请求已拒绝", "该请求来自其他网站的页面，因此未执行。请回到直播大屏操作。"),
        "404": Words("页面不存在", "地址可能有误，或内容已被移除。"),
        "unknown-room": Words("没有这个直播间", "请检查地址；直播间的第一条数据到达后即可打开。"),
        "unknown-product": Words("没有这个商品", "该直播间没有此商品。"),
        "405": Words("不能这样打开", "此地址不能用这种方式访问。"),
        "429": Words("请求过多", "请稍等片刻再试。"),
        "503": Words("服务暂时不可用", "数据服务没有响应，请过几秒后刷新。"),
        "500": Words("服务器出错", "这是我们的错误，已记入日志。请稍后重试。"),
        "refused": Words("请求无法处理", "请求的内容有误。请回到上一页检查。"),
    },
    "en": {
        "home": Words("All rooms", ""),
        "401": Words("Please log in", "You are not logged in, or your session has ended. You come back to this page afterwards."),
        "403": Words("Not allowed", "You may not see this page. Another token may."),
        "wrong-origin": Words("Refused", "A page of another site asked for this, so it was not done. Please do it on the live screen."),
        "404": Words("No such page", "The address may be mistyped, or what was here is gone."),
        "unknown-room": Words("No such room", "Check the address; a room opens with its first event."),
        "unknown-product": Words("No such product", "This room has no such product."),
        "405": Words("It does not open like this", "This address cannot be used in this way."),
        "429": Words("Too many requests", "Please wait a moment and try again."),
        "503": Words("Not available at the moment", "The data store does not answer. Please reload in a few seconds."),
        "500": Words("Something broke", "This is our mistake; it has been logged. Please try again later."),
        "refused": Words("This cannot be done", "Something in the request is wrong. Please go back and check it."),
    },
}
