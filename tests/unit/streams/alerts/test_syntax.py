import pytest

from streams.alerts.syntax import MAX_CHARACTERS, NotAllowed, outline


@pytest.mark.parametrize(
    ("source", "paths"),
    [
        ("last_5m.gmv < previous_5m.gmv", [("last_5m", "gmv"), ("previous_5m", "gmv")]),
        ('sources.exists(s, s.name == "ads_feed" && s.cost > 1)', [("sources",)]),
        ("minutes.exists(m, m.gmv > total.gmv)", [("minutes",), ("total", "gmv")]),
        ("room.title.contains('a.b')", [("room", "title")]),
        ("size(minutes) > 3", [("minutes",)]),
        ("minutes[0].gmv > 1", [("minutes",)]),
        ("minutes.size() > 3", [("minutes",)]),
        ("'low' in product.badges // total.gmv", [("product", "badges")]),
        ("true && null == room.host", [("room", "host")]),
    ],
)
def test_the_facts_that_are_named(source: str, paths: list[tuple[str, ...]]) -> None:
    assert outline(source).paths == paths


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("total.gmv * 2 > 10", "total . gmv * 2.0 > 10.0"),
        ("minutes[0].gmv > 1", "minutes [ 0 ] . gmv > 1.0"),
        ("minutes[size(minutes) - 1].gmv > 1", "minutes [ size ( minutes ) - 1 ] . gmv > 1.0"),
        ("total.gmv in [1, 2.5]", "total . gmv in [ 1.0 , 2.5 ]"),
        ("room.title == '2 x 3' && true", "room . title == '2 x 3' && true"),
        ("1e3 < 5u", "1e3 < 5u"),
    ],
)
def test_whole_numbers_become_doubles_but_for_an_index(source: str, text: str) -> None:
    assert outline(source).text == text


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("room.title.matches('(a+)+b')", "no function matches"),
        ("timestamp('x') > 1", "no function timestamp"),
        ("product.badges.all(a, product.badges.all(b, a == b))", "one loop inside another"),
        ("minutes.all(m, (product.badges.filter(n, true)) == [])", "one loop inside another"),
        ("products.map(p, products) == []", "no function map"),
        ("products + products == []", "products stands for all its facts here: name one of them"),
        ("products.all(p, size(products) > 1)", "products stands for all its facts here: name one of them"),
        ("products.all(p, products[0].left > 1)", "products stands for all its facts here: name one of them"),
        ("total == {}", "total stands for all its facts here: name one of them"),
        ("[minutes].size() > 0", "minutes stands for all its facts here: name one of them"),
        (" && ".join(["minutes.all(m, m.gmv > 1)"] * 5), "more than 4 loops"),
        ("'''a''' == room.title", "texts in triple quotes are not supported"),
        ("1 + " * 300 + "1", f"longer than {MAX_CHARACTERS} characters"),
    ],
)
def test_what_could_be_slow_is_refused(source: str, reason: str) -> None:
    with pytest.raises(NotAllowed, match=reason.replace("(", r"\(")):
        outline(source)


def test_loops_after_each_other_are_allowed() -> None:
    assert outline("minutes.filter(m, m.gmv > 1).exists(n, n.age < 3)").loop_names == {"m", "n"}
