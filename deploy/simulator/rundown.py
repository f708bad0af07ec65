"""The plan of a broadcast: what is explained when, which products come later, lucky bags, who hosts. Times in ms from the start."""

from dataclasses import dataclass
from random import Random
from typing import Generic, TypeVar

from deploy.simulator.catalogue import Product
from deploy.simulator.tide import Surge

T = TypeVar("T")

MINUTE_MS = 60_000
_HOSTS = ("小满", "阿禾", "陈可", "林夏", "周周", "安宁", "晓棠", "大雄")
_PRIZES = ("电动牙刷1支", "帆布包1个", "50元无门槛券", "洗脸巾1箱", "护手霜礼盒", "保温杯1个")


@dataclass(frozen=True, slots=True)
class Span(Generic[T]):
    """Something that lasts from `start` to `end`: an explanation (of a product), a lucky bag (its prize), a shift (its host)."""

    start: int
    end: int
    what: T


@dataclass(frozen=True, slots=True)
class Rundown:
    """What was planned. `late`: (time, product) of what is not on the shelf from the beginning."""

    explanations: list[Span[Product]]
    bags: list[Span[str]]
    shifts: list[Span[str]]
    late: list[tuple[int, Product]]

    def listings(self, products: list[Product], start: int) -> list[tuple[int, Product]]:
        """When each product is listed, for a broadcast that begins at `start`: most at once, one after the other."""
        late = {product: at for at, product in self.late}
        return [(start + late.get(product, 200 + 20 * place), product) for place, product in enumerate(products)]

    def surges(self, rng: Random) -> list[Surge]:
        """When people will come in crowds."""
        hot = [span for span in self.explanations if span.what.hot]
        return [Surge(span.start // 1000, rng.uniform(0.45, 0.9), rng.uniform(35, 70)) for span in hot] + [
            Surge(bag.start // 1000, rng.uniform(0.5, 1.0), rng.uniform(40, 80)) for bag in self.bags
        ]


def plan(rng: Random, products: list[Product], length_ms: int) -> Rundown:
    """The rundown of a broadcast of `length_ms`."""
    explanations = _explanations(rng, products, length_ms)
    return Rundown(explanations, _bags(rng, length_ms), _shifts(rng, length_ms), _late(rng, products, explanations))


def _explanations(rng: Random, products: list[Product], length_ms: int) -> list[Span[Product]]:
    spans: list[Span[Product]] = []
    at = min(rng.randint(8_000, 20_000), length_ms // 4)
    order = _order(rng, products)
    while at < length_ms - 5_000:
        product = order[len(spans) % len(order)]
        end = min(at + rng.randint(2 * MINUTE_MS, 6 * MINUTE_MS if not product.hot else 4 * MINUTE_MS), length_ms - 2_000)
        spans.append(Span(at, end, product))
        at = end + rng.randint(4_000, 25_000)
    return spans


def _order(rng: Random, products: list[Product]) -> list[Product]:
    """Every product once, with a hot one put in again at every fourth place: what sells is brought back."""
    hot = [product for product in products if product.hot]
    rest = [product for product in products if not product.hot]
    rng.shuffle(hot)
    rng.shuffle(rest)
    order: list[Product] = []
    for place, product in enumerate(rest):
        if place % 3 == 0:
            order.append(hot[place // 3 % len(hot)])
        order.append(product)
    return order


def _late(rng: Random, products: list[Product], explanations: list[Span[Product]]) -> list[tuple[int, Product]]:
    """About a quarter of the shelf comes a little before it is explained."""
    first: dict[Product, int] = {}
    for span in explanations:
        first.setdefault(span.what, span.start)
    end = explanations[-1].end if explanations else 0
    late = [product for product in products if first.get(product, end) > 3 * MINUTE_MS and rng.random() < 0.3]
    return [(max(0, first.get(product, rng.randint(0, end)) - rng.randint(10_000, 120_000)), product) for product in late]


def _bags(rng: Random, length_ms: int) -> list[Span[str]]:
    spans: list[Span[str]] = []
    at = rng.randint(90_000, 200_000)
    while at + 2 * MINUTE_MS < length_ms:
        end = min(at + rng.choice((3, 5)) * MINUTE_MS, length_ms - 10_000)
        spans.append(Span(at, end, rng.choice(_PRIZES)))
        at = end + rng.randint(4 * MINUTE_MS, 10 * MINUTE_MS)
    return spans


def _shifts(rng: Random, length_ms: int) -> list[Span[str]]:
    """Shifts of 20 to 60 minutes; two or three hosts take turns."""
    hosts = rng.sample(_HOSTS, rng.randint(2, 3))
    spans: list[Span[str]] = []
    at = 0
    while at < length_ms:
        end = at + rng.randint(20 * MINUTE_MS, 60 * MINUTE_MS)
        if length_ms - end < 5 * MINUTE_MS:
            end = length_ms
        spans.append(Span(at, end, hosts[len(spans) % len(hosts)]))
        at = end
    return spans
