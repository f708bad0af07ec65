"""How viewers behave: every probability and duration of the model, in one place.

Probabilities of what a viewer does are per turn (about 25 s of watching) unless something else is said.
"""

TURN_MS = (20_000, 30_000)  # between two `stayed`
WATCH_MEDIAN_S, WATCH_SIGMA = 34.0, 1.2  # log-normal: most look in for seconds, some stay for an hour
WATCH_LONGEST_S = 5_400.0
VANISHES = 0.04  # leaves without a word: the app was killed, the network lost
RETURNS = 0.12  # of those who enter, have been here before
HELD_BY_BAG = 0.3  # of those who enter while a lucky bag runs, wait for the draw
LAST_GOODBYES_MS = 12_000  # before the end nobody comes any more, and all who are left go

LIVELY = 0.3  # of all viewers do anything but watch and shop; what follows is of these
LIKES, LIKE_TAPS = 0.45, 7
COMMENTS = 0.24
SHARES = 0.03
FOLLOWS = 0.06
JOINS_CLUB = 0.02
DISLIKES = 0.006

SEES_NEW = 0.72  # the card of a product that is explained and that this viewer has not seen yet
SEES_AGAIN = 0.16
OPENS_SHELF, SHELF_LOOK = 0.05, (3, 7)  # how many products one look at the shelf shows
CLICKS, CLICKS_ON_SHELF = 0.13, 0.1  # of what was shown
CARTS = 0.17  # of clicks
ORDERS, ORDERS_UNEXPLAINED = 0.135, 0.06  # of clicks, times pull, eagerness and source
ORDER_DELAY_MS = (3_000, 45_000)

QUANTITIES = (1,) * 86 + (2,) * 11 + (3,) * 3
PAYS, STAYS_UNPAID = 0.75, 0.06  # the rest is cancelled
PAY_DELAY_MS = (2_000, 60_000)
CANCELS_ITSELF = 0.35  # of the cancelled: by the buyer; the others run into the time limit
CANCEL_DELAY_MS = (15_000, 120_000)
ORDER_TIMEOUT_MS = 300_000
REFUNDS, REFUNDS_WHOLE = 0.025, 0.7
REFUND_DELAY_MS = (90_000, 900_000)

RUNS_LOW = 10  # pieces below which each further sale may make someone ask the warehouse
REFILLS, REFILLS_HOT = 0.5, 0.05
REFILL_DELAY_MS = (25_000, 100_000)
PREPARATION_MS, REFILLS_BEFORE = 45_000, 0.8  # before an explanation someone looks at the stock
DELISTS, DELIST_DELAY_MS = 0.5, (60_000, 180_000)  # of what is sold out and not refilled
DELIST_DISTANCE_MS = 900_000  # from any explanation of it

#: What the habits above come to, measured over long broadcasts; the arrivals are steered with them.
EVENTS_PER_EXPOSURE = 1.55  # at once: the exposure itself, and what those who enter do in their first turn
EVENTS_PER_VIEWER_S = 0.075  # of a viewer who stays, per second
ORDERS_PER_EVENT = 0.0027
