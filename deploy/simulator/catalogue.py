"""The assortment of a broadcast: which goods, at what price, how many of them."""

from dataclasses import dataclass
from random import Random

from deploy.simulator.goods import GOODS, Good

_LABELS = ("", "", "", "", "【直播专享】", "【限时福利】", "【新品】", "【返场】")


@dataclass(slots=True, eq=False)
class Product:
    """One product on the shelf. Prices in fen, counts in pieces.

    link    its number on the shelf, as viewers call it ("3号链接")
    group   of goods, by what viewers ask about them
    hot     it draws people, and there is not enough of it
    appeal  how often it is clicked (1 = usual)     pull   how often a click becomes an order (1 = usual)
    lot     how many are delivered at a time        share  of a full lot that is set aside for the campaign
    """

    product: str
    link: int
    group: str
    name: str
    title: str
    price: int
    skus: list[dict[str, str]]
    hot: bool
    appeal: float
    pull: float
    lot: int
    share: float
    stock: int = 0
    campaign_stock: int = 0
    listed: bool = False

    def fill(self) -> None:
        """Sets the stock to a full lot."""
        self.campaign_stock = int(self.lot * self.share)
        self.stock = self.lot - self.campaign_stock

    def any_sku(self, rng: Random) -> str:
        """The id of one of its variants."""
        return rng.choice(self.skus)["sku"]

    @property
    def left(self) -> int:
        """Pieces that can still be sold."""
        return self.stock + self.campaign_stock

    def take(self, quantity: int) -> tuple[int, int]:
        """Takes `quantity` ≤ `left` pieces, the campaign's first. Returns how many came from (campaign, stock)."""
        campaign = min(quantity, self.campaign_stock)
        self.campaign_stock -= campaign
        self.stock -= quantity - campaign
        return campaign, quantity - campaign


def assortment(rng: Random, orders_per_minute: float) -> list[Product]:
    """24 to 40 products. Stock is measured by `orders_per_minute`, what the whole room is expected to order."""
    count = rng.randint(24, 40)
    known = [(group, good) for group, goods in GOODS.items() for good in goods]
    leaders = rng.sample([(group, good) for group, good in known if good.leader], max(3, count // 8))
    chosen = leaders + rng.sample([(group, good) for group, good in known if not good.leader], count - len(leaders))
    rng.shuffle(chosen)
    names = rng.sample(range(3_500_000_000, 3_800_000_000), count)
    return [
        _product(rng, str(name), link, group, good, orders_per_minute)
        for link, (name, (group, good)) in enumerate(zip(names, chosen, strict=True), 1)
    ]


def _product(rng: Random, name: str, link: int, group: str, good: Good, orders_per_minute: float) -> Product:
    price = _price(rng, good)
    pull = min(2.2, max(0.45, (7_900 / price) ** 0.45))
    # A leader sells about two minutes' worth of the room's orders while it is explained: there is a little less than that.
    minutes = rng.uniform(0.7, 1.6) if good.leader else rng.uniform(6, 30)
    return Product(
        product=name,
        link=link,
        group=group,
        name=good.name,
        title=rng.choice(_LABELS) + good.title,
        price=price,
        skus=_skus(name, good),
        hot=good.leader,
        appeal=rng.lognormvariate(0.35 if good.leader else -0.05, 0.35),
        pull=pull,
        lot=max(12, _round(minutes * orders_per_minute * pull)),
        share=0.5 if good.leader else rng.choice((0, 0, 0, 0.2)),
    )


def _skus(name: str, good: Good) -> list[dict[str, str]]:
    titles = [f"{first} {second}" for first in good.variants[0] for second in good.variants[1]]
    return [{"sku": f"{name}-{number:02d}", "title": title} for number, title in enumerate(titles, 1)]


def _price(rng: Random, good: Good) -> int:
    """A price as shops like them, in fen: 69.00, 69.90."""
    yuan = int(rng.uniform(good.lowest, good.highest))
    if yuan < 30:
        return yuan * 100 + 90
    if yuan < 100:
        return (yuan // 10 * 10 + 9) * 100 + rng.choice((0, 90))
    return (yuan // 10 * 10 + 9) * 100


def _round(pieces: float) -> int:
    """Pieces as a warehouse counts them: two leading digits."""
    whole = max(1, int(pieces))
    scale: int = 10 ** max(0, len(str(whole)) - 2)
    return whole // scale * scale
