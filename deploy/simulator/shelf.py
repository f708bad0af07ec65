"""The shelf and the stock behind it: what is listed, runs low, is refilled, and goes."""

from random import Random

from deploy.simulator import habits
from deploy.simulator.agenda import Agenda
from deploy.simulator.catalogue import Product
from deploy.simulator.records import Scribe
from streams.topics import SCENES


class Shelf:
    """The products that can be bought now, in the order in which they were listed."""

    def __init__(self, scribe: Scribe, agenda: Agenda, rng: Random) -> None:
        self.products: list[Product] = []
        self._write = scribe.write
        self._add = agenda.add
        self._rng = rng
        self._busy: set[Product] = set()  # more is on its way, or it is about to leave
        self._wanted: dict[Product, list[int]] = {}

    def plan(self, listings: list[tuple[int, Product]], explanations: list[tuple[int, Product]]) -> None:
        """`listings`: when each product is listed at first. Before each of the `explanations` (by time) there is a look at the stock."""
        for at, product in listings:
            self._add(at, self.put, product)
            self._wanted[product] = []
        listed_at = {product: at for at, product in listings}
        for at, product in explanations:
            self._wanted[product].append(at)
            if at - habits.PREPARATION_MS > listed_at[product]:
                self._add(at - habits.PREPARATION_MS, self._prepare, product)

    def put(self, at: int, product: Product) -> None:
        """Lists a product, with its full lot; one that is listed already stays as it is."""
        if product.listed:
            return
        product.listed = True
        product.fill()
        self.products.append(product)
        self._write(
            SCENES, "listed", at, product=product.product, title=product.title, price=product.price,
            stock=product.stock, campaign_stock=product.campaign_stock, skus=product.skus,
        )  # fmt: skip

    def watch(self, at: int, product: Product) -> None:
        """After a sale: asks for more when it runs low, and lets what nobody will explain soon go when it is sold out."""
        if product.left >= habits.RUNS_LOW or product in self._busy:
            return
        if self._rng.random() < (habits.REFILLS_HOT if product.hot else habits.REFILLS):
            self._busy.add(product)
            self._add(at + self._rng.randint(*habits.REFILL_DELAY_MS), self._refill, product)
        elif product.left == 0 and self._rng.random() < habits.DELISTS and not self._is_wanted(at, product):
            self._busy.add(product)
            self._add(at + self._rng.randint(*habits.DELIST_DELAY_MS), self._remove, product)

    def _is_wanted(self, at: int, product: Product) -> bool:
        """Whether it is being explained, or will be before long."""
        return any(at - habits.DELIST_DISTANCE_MS < start < at + habits.DELIST_DISTANCE_MS for start in self._wanted[product])

    def _prepare(self, at: int, product: Product) -> None:
        """What is explained next must be there, and mostly there is enough of it."""
        self.put(at, product)
        if product.left < product.lot // 3 and self._rng.random() < habits.REFILLS_BEFORE:
            self._stock(at, product)

    def _refill(self, at: int, product: Product) -> None:
        self._busy.discard(product)
        self._stock(at, product)

    def _stock(self, at: int, product: Product) -> None:
        product.stock += product.lot
        self._write(SCENES, "stocked", at, product=product.product, stock=product.stock, campaign_stock=product.campaign_stock)

    def _remove(self, at: int, product: Product) -> None:
        self._busy.discard(product)
        if len(self.products) > 1 and product.left == 0:
            product.listed = False
            self.products.remove(product)
            self._write(SCENES, "delisted", at, product=product.product)
