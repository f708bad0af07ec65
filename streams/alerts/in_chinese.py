"""Why a rule is refused, in Chinese: for those who read the screen in it. Logs and the command line have the English."""

import re

#: A whole reason in English, and what it is in Chinese. What stands between may be the rule's own text.
_TABLE: tuple[tuple[str, str], ...] = (
    # the file, and the YAML of a rule
    (r"more than (?P<a>\d+) KiB", "文件超过 {a} KiB"),
    (r"larger than (?P<a>\d+) bytes", "文件超过 {a} 字节"),
    (r'a rule starts with "- " at the beginning of a line', "每条规则以行首的「- 」开始"),
    (r"more than (?P<a>\d+) rules, switched off ones and refused ones too", "规则超过 {a} 条(包括停用的和有误的)"),
    (r"more than (?P<a>\d+) rules", "规则超过 {a} 条"),
    (r"a rule is a list of fields", "一条规则由若干「字段: 值」组成"),
    (r"anchors \(&\) and aliases \(\*\) are not allowed", "不允许使用锚点(&)和别名(*)"),
    (r"tags \(!\) are not allowed", "不允许使用标签(!)"),
    (r"merge keys \(<<\) are not allowed", "不允许使用合并键(<<)"),
    (r"nested deeper than (?P<a>\d+)", "嵌套超过 {a} 层"),
    (r"a field's name must be a text", "字段名必须是文本"),
    (r"(?P<a>.*) stands here twice", "字段 {a} 写了两次"),
    (r"mapping values are not allowed here", "这里不能再有冒号：带冒号的文本请加引号"),
    (r"could not find expected ':'", "这一行缺少冒号(字段: 值)"),
    (r"found character (?P<a>.*) that cannot start any token", "字符 {a} 不能出现在这里：文本请加引号，缩进请用空格"),
    (r"found unexpected end of stream", "文本没有结束：引号或括号缺少另一半"),
    (r"expected (?P<a>.*), but found (?P<b>.*)", "缩进或标点有误：此处应为 {a}，实为 {b}"),
    (r"special characters are not allowed", "含有不可见的特殊字符"),
    (r"no YAML", "不是有效的 YAML"),
    # its fields
    (r"Object missing required field `(?P<a>.*)`", "缺少字段 {a}"),
    (r"Object contains unknown field `(?P<a>.*)`", "没有 {a} 这个字段"),
    (r"Expected `(?P<a>.*)`, got `(?P<b>.*)`", "类型不对：应为 {a}，实为 {b}"),
    (r"Invalid enum value (?P<a>.*)", "不能是 {a}"),
    (r"another rule is called (?P<a>.*)", "已有编号为 {a} 的规则"),
    (r"an id has 1 to 64 of a-z 0-9 _ -", "编号由 1 到 64 个 a-z 0-9 _ - 组成"),
    (r"a value's name has 1 to 32 of a-z 0-9 _", "变量名由 1 到 32 个 a-z 0-9 _ 组成"),
    (r"no duration: (?P<a>.*) \(as in 30s, 5m, 1h\)", "{a} 不是时长(写作 30s、5m、1h)"),
    (r"no topic (?P<a>.*): one of (?P<b>.*)", "没有 {a} 这个主题，可用：{b}"),
    # texts
    (r"no name of a fact: (?P<a>.*)", "{a} 不是指标名"),
    (r"no format (?P<a>.*): one of (?P<b>.*)", "没有 {a} 这种格式，可用：{b}"),
    (r"a brace without its other half", "花括号缺少另一半"),
    (r"longer than (?P<a>\d+) characters", "超过 {a} 个字符"),
    # expressions
    (r"no fact (?P<a>.*)", "没有 {a} 这个指标"),
    (r"texts in triple quotes are not supported", "不支持三引号文本"),
    (r"one loop inside another", "循环不能嵌套"),
    (r"more than (?P<a>\d+) loops", "循环超过 {a} 个"),
    (r"(?P<a>.*) stands for all its facts here: name one of them", "{a} 是一组指标，请写明其中一个"),
    (r"no function (?P<a>.*)", "没有 {a} 这个函数"),
    (r"neither true nor false but (?P<a>.*)", "结果不是真或假，而是 {a}"),
    (r"Syntax error: .*<EOF>.*expecting (?!<EOF>).*", "表达式没有写完"),
    (r"Syntax error: (?:extraneous|mismatched) input '(?P<a>.*?)' expecting .*", "表达式有误：「{a}」不该出现在这里"),
    (r"Syntax error: token recognition error at: (?P<a>.*)", "表达式有误：不认识 {a}"),
    (r"Syntax error: (?P<a>.*)", "表达式有误：{a}"),
    (r"no expression", "不是有效的表达式"),
    (r"No such overload.*", "类型不能这样比较或计算(例如文本与数字)"),
)
_READ: tuple[tuple[re.Pattern[str], str], ...] = tuple((re.compile(english, re.DOTALL), chinese) for english, chinese in _TABLE)
#: A reason about a field begins with its name, and one about an expression ends with the column.
_FIELD = re.compile(r"(?P<field>[a-z_]+(?:\.[a-z0-9_]+)*): (?P<rest>.*)", re.DOTALL)
_COLUMN = re.compile(r"(?P<rest>.*) \(column (?P<column>\d+)\)", re.DOTALL)


def in_chinese(reason: str) -> str:
    """The reason in Chinese; what nobody foresaw, as a library says, stands as it is behind Chinese words."""
    for read in (_of_field, _at_column, _known):
        if (found := read(reason)) is not None:
            return found
    return f"有误：{reason}"


def _known(reason: str) -> str | None:
    for pattern, chinese in _READ:
        if match := pattern.fullmatch(reason):
            return chinese.format(**match.groupdict())
    return None


def _of_field(reason: str) -> str | None:
    match = _FIELD.fullmatch(reason)
    return f"{match['field']}：{in_chinese(match['rest'])}" if match else None


def _at_column(reason: str) -> str | None:
    match = _COLUMN.fullmatch(reason)
    return f"{in_chinese(match['rest'])}(第 {match['column']} 列)" if match else None
