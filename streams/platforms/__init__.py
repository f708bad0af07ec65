"""Platforms that push to us: `verify` (is it theirs), `unwrap` (its messages), `answer` (in their words), `lookup` (of what a push lacks).

What each signs and wants was read in documentation and public SDKs, and not tried on a live platform: see `docs/connect.md`.
"""

from streams.platforms.base import Platform
from streams.platforms.doudian import Doudian
from streams.platforms.douyin_live import DouyinLive
from streams.platforms.kuaishou_live import KuaishouLive
from streams.platforms.kuaishou_shop import KuaishouShop
from streams.platforms.shopify import Shopify
from streams.platforms.tiktok_shop import TiktokShop
from streams.platforms.wechat_shop import WechatShop
from streams.platforms.woocommerce import Woocommerce
from streams.platforms.youzan import Youzan

#: Its name in settings, and of its mapping → the platform.
PLATFORMS: dict[str, Platform] = {
    "doudian": Doudian(),
    "douyin-live": DouyinLive(),
    "kuaishou-live": KuaishouLive(),
    "kuaishou-shop": KuaishouShop(),
    "shopify": Shopify(),
    "tiktok-shop": TiktokShop(),
    "wechat-shop": WechatShop(),
    "woocommerce": Woocommerce(),
    "youzan": Youzan(),
}
