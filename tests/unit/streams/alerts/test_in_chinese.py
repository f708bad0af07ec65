"""Whatever a rule is refused for is said in Chinese too."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.alerts import parse
from streams.alerts.in_chinese import in_chinese

RULE = """- id: {id}
  kind: traffic
  when: {when}
  title: {{zh: a, en: b}}
  message: {{zh: {message}, en: b}}
"""
WHOLE = {"id": "a", "when": "total.gmv < 1", "message": "a"}
REFUSED = {
    RULE.format(**WHOLE | {"id": "A b"}): "编号由 1 到 64 个 a-z 0-9 _ - 组成",
    RULE.format(**WHOLE | {"when": "last_5m.gvm < 1"}): "没有 last_5m.gvm 这个指标",
    RULE.format(**WHOLE | {"when": "last_5m.gmv"}): "when：结果不是真或假，而是 float",
    RULE.format(**WHOLE | {"when": "room.title < 1"}): "when：类型不能这样比较或计算",
    RULE.format(**WHOLE | {"when": "total.gmv <"}): "when：表达式没有写完(第 ",
    RULE.format(**WHOLE | {"when": "total.gmv < 1 2"}): "when：表达式有误：「2」不该出现在这里(第 ",
    RULE.format(**WHOLE | {"when": "total.gmv = 1"}): "when：表达式有误：不认识 ",
    RULE.format(**WHOLE | {"when": "sum(total.gmv)"}): "when：没有 sum 这个函数",
    RULE.format(**WHOLE | {"when": "minutes.all(m, minutes.all(n, n.gmv > 1))"}): "when：minutes 是一组指标，请写明其中一个",
    RULE.format(**WHOLE | {"message": "'{total.gmv:euro}'"}): "没有 euro 这种格式，可用：",
    RULE.format(**WHOLE | {"message": "'{'"}): "花括号缺少另一半",
    RULE.format(**WHOLE) + "  for: soon\n": "soon 不是时长",
    RULE.format(**WHOLE) + "  needs: {live.vews: 60s}\n": "没有 live.vews 这个主题",
    RULE.format(**WHOLE) + "  severity: grave\n": "severity：不能是 'grave'",
    RULE.format(**WHOLE) + "  colour: red\n": "没有 colour 这个字段",
    RULE.format(**WHOLE) + "  rooms: 5\n": "rooms：类型不对：应为 array，实为 int",
    RULE.format(**WHOLE) + "  id: b\n": "字段 id 写了两次",
    RULE.format(**WHOLE) + "  minimum: &x 1\n": "不允许使用锚点(&)和别名(*)",
    RULE.format(**WHOLE) + "  minimum: !!str 1\n": "不允许使用标签(!)",
    RULE.format(**WHOLE) + "  minimum: a: b\n": "这里不能再有冒号",
    RULE.format(**WHOLE) + "  minimum\n": "这一行缺少冒号",
    RULE.format(**WHOLE) + "  minimum: 'a\n": "文本没有结束",
    RULE.format(**WHOLE) + "  minimum: @a\n": "字符 '@' 不能出现在这里",
    "- id: a\n  kind: traffic\n": "缺少字段 when",
    "- a\n": "一条规则由若干",
    "rules:\n": "每条规则以行首的",
    RULE.format(**WHOLE) * 2: "已有编号为 a 的规则",
    "#" * 300_000: "文件超过 256 KiB",
}


@pytest.mark.parametrize(("text", "chinese"), REFUSED.items(), ids=[str(number) for number in range(len(REFUSED))])
def test_a_refused_rule_is_told_why_in_chinese(text: str, chinese: str) -> None:
    _, problems = parse(text)
    assert in_chinese(problems[0].reason).startswith(chinese), problems[0].reason


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_other_reason_is_told_as_it_is_behind_chinese_words(reason: str) -> None:
    assert re.match(r"\S*[\u4e00-\u9fff]", in_chinese(reason)) or "：" in in_chinese(reason)


@settings(deadline=None)
@given(st.text(alphabet="abc.<>=&|!()[]{}'\"0123456789 +-*/?:\n", max_size=60))
def test_whatever_an_expression_is_refused_for_has_chinese_words(when: str) -> None:
    _, problems = parse(RULE.format(**WHOLE | {"when": "|\n    " + when.replace("\n", "\n    ")}))
    for problem in problems:
        assert re.search(r"[\u4e00-\u9fff]", in_chinese(problem.reason)), problem.reason
