"""One case or more for each platform: what is pushed, what is looked up, what is answered, and the events that the agents get of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.platforms.signing import SIGN, Signed

AT = 1_795_600_000  # seconds
MS = AT * 1000

SECRETS: dict[str, dict[str, str]] = {
    "doudian": {"app_key": "71", "app_secret": "doudian words"},
    "douyin-live": {"live_comment": "c words", "live_like": "l words", "live_fansclub": "f words"},
    "tiktok-shop": {"app_key": "tk", "app_secret": "tiktok words"},
    "shopify": {"client_secret": "shopify words", "shop": "a.myshopify.com"},
    "woocommerce": {"secret": "woo words"},
    "youzan": {"client_id": "yz", "client_secret": "youzan words"},
    "kuaishou-live": {"app_secret": "live words"},
    "kuaishou-shop": {"message_key_base64": "AAECAwQFBgcICQoLDA0ODw==", "app_key": "ks"},
    "wechat-shop": {"token": "tok", "encoding_aes_key": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", "app_id": "wxapp"},
}
#: Whose open room it is where a platform tells none.
ACCOUNT = "account-1"
BOUND = "bound-room"


@dataclass(frozen=True)
class Case:
    """`lookup`: a word of the address → the API's answer. `events`: topic, kind, room, at, and some of the other fields."""

    platform: str
    value: Any
    answer: str
    headers: Mapping[str, str] = field(default_factory=dict)
    lookup: tuple[str, Any] | None = None
    events: tuple[tuple[str, str, str, int, dict[str, Any]], ...] = ()

    def signed(self, secret: Mapping[str, str] | None = None) -> Signed:
        return SIGN[self.platform](self.value, secret or SECRETS[self.platform], self.headers)


def _doudian_order(room: int) -> dict[str, Any]:
    line = {"item_num": 1, "order_amount": 1100, "pay_amount": 1000, "create_time": AT, "pay_time": AT + 9, "room_id": room}
    lines = [{**line, "order_id": str(n), "product_id": 3650000000000000000 + n, "sku_id": n} for n in (1, 2)]
    return {"code": 10000, "data": {"shop_order_detail": {"order_id": "9", "open_id": "ou", "sku_order_list": lines}}}


def _tiktok_order() -> dict[str, Any]:
    item = {"sale_price": "9.99", "currency": "USD"}
    items = [{**item, "sku_id": "s1", "product_id": "p1", "room_id": "746"}] * 2 + [
        {**item, "sku_id": "s2", "product_id": "p2", "room_id": ""}
    ]
    return {"code": 0, "data": {"orders": [{"id": "57", "user_id": "u", "create_time": AT, "paid_time": AT + 5, "line_items": items}]}}


def _shopify_order(**more: Any) -> dict[str, Any]:
    line = {"id": 31, "product_id": 32, "variant_id": None, "quantity": 3, "price": "500", "discount_allocations": [{"amount": "100"}]}
    note = [{"name": "gift", "value": "no"}, {"name": "live_room", "value": "shop-room"}]
    times = {"created_at": "2026-11-25T17:46:40+08:00", "updated_at": "2026-11-25T09:46:41Z"}
    return {"id": 30, "currency": "JPY", "customer": None, "note_attributes": note, "line_items": [line], **times, **more}


ORDER = "live.orders"
CASES: dict[str, Case] = {
    "doudian": Case(
        "doudian",
        [
            {"tag": "101", "msg_id": "m1", "data": json.dumps({"p_id": 6921000000000000101, "pay_time": AT})},
            {"tag": "104", "msg_id": "m2", "data": "{}"},
        ],
        '{"code":0,"msg":"success"}',
        lookup=("orderDetail", _doudian_order(7452000000000000777)),
        events=tuple(
            (ORDER, "paid", "7452000000000000777", MS + 9000, {"product": f"365000000000000000{n}", "amount": 1000, "user": "ou"})
            for n in (1, 2)
        ),
    ),
    "doudian probe": Case("doudian", [{"tag": "0", "msg_id": "0", "data": "2026"}], '{"code":0,"msg":"success"}'),
    "doudian without a live": Case(
        "doudian",
        [{"tag": "101", "msg_id": "m3", "data": '{"p_id":5}'}],
        '{"code":0,"msg":"success"}',
        lookup=("orderDetail", _doudian_order(0)),
    ),
    "douyin-live comments": Case(
        "douyin-live",
        [{"msg_id": "c1", "sec_openid": "o1", "nickname": "观众", "content": "有吗", "timestamp": MS}],
        "{}",
        {"x-msg-type": "live_comment", "x-roomid": "7777"},
        events=(("live.comments", "commented", "7777", MS, {"user": "o1", "text": "有吗", "nickname": "观众"}),),
    ),
    "douyin-live likes": Case(
        "douyin-live",
        [{"msg_id": "l1", "sec_openid": "o2", "like_num": 7, "timestamp": MS}],
        "{}",
        {"x-msg-type": "live_like", "x-roomid": "7777"},
        events=(("live.views", "liked", "7777", MS, {"user": "o2", "times": 7}),),
    ),
    "tiktok-shop": Case(
        "tiktok-shop",
        {"type": 1, "tts_notification_id": "n1", "data": {"order_id": "57", "order_status": "AWAITING_SHIPMENT"}},
        "{}",
        lookup=("/order/202309/orders", _tiktok_order()),
        events=((ORDER, "paid", "746", MS + 5000, {"product": "p1", "sku": "s1", "quantity": 2, "amount": 1998, "user": "u"}),),
    ),
    "shopify": Case(
        "shopify",
        _shopify_order(),
        "",
        {"x-shopify-topic": "orders/paid", "x-shopify-webhook-id": "w1"},
        events=((ORDER, "paid", "shop-room", MS + 1000, {"product": "32", "quantity": 3, "amount": 1400, "user": "guest-30"}),),
    ),
    "woocommerce": Case(
        "woocommerce",
        {
            "id": 45, "status": "pending", "currency": "EUR", "date_created_gmt": "2026-11-25T09:46:40", "customer_id": 8,
            "line_items": [{"id": 1, "product_id": 2, "variation_id": 3, "quantity": 1, "total": "10.00", "total_tax": "1.90"}],
            "meta_data": [{"key": "other", "value": {"a": 1}}, {"key": "live_room", "value": "woo-room"}],
        },
        "",
        {"x-wc-webhook-topic": "order.created", "x-wc-webhook-delivery-id": "d1"},
        events=((ORDER, "created", "woo-room", MS, {"product": "2", "sku": "3", "amount": 1190, "user": "8"}),),
    ),
    "youzan": Case(
        "youzan",
        {
            "type": "trade_TradePaid", "msg_id": "y1", "test": False,
            "msg": {"full_order_info": {
                "order_info": {"tid": "E1", "created": "2026-11-25 17:46:40", "pay_time": "2026-11-25 17:46:50"},
                "buyer_info": {"yz_open_id": "yo"},
                "orders": [{"oid": "29", "item_id": 99, "sku_id": 88, "num": 2, "payment": "108.00", "title": "岩茶 100%"}],
            }},
        },
        '{"code":0,"msg":"success"}',
        events=((ORDER, "paid", BOUND, MS + 10_000, {"product": "99", "amount": 10800, "quantity": 2, "user": "yo"}),),
    ),
    "kuaishou-live": Case(
        "kuaishou-live",
        {"message_id": "k1", "data": {
            "push_type": "liveComment", "unique_message_id": "ku", "room_code": "ks-room", "live_timestamp": str(MS),
            "payload": [
                {"userInfo": {"userId": "a", "userName": "老铁"}, "content": "多少钱"},
                {"userInfo": {"userId": "b", "userName": ""}, "content": "拍了"},
            ],
        }},
        '{"result":1}',
        events=(
            ("live.comments", "commented", "ks-room", MS, {"user": "a", "text": "多少钱"}),
            ("live.comments", "commented", "ks-room", MS, {"user": "b", "text": "拍了"}),
        ),
    ),
    "kuaishou-shop": Case(
        "kuaishou-shop",
        {"eventId": "e1", "appKey": "ks", "event": "kwaishop_order_addOrder", "info": '{"oid":2532800000000001}', "test": False},
        '{"result":1}',
        lookup=("order/detail", {"result": 1, "data": {
            "oid": 2532800000000001, "buyerOpenId": "kb", "createTime": MS,
            "orderProductInfoList": [{"itemId": 190, "skuId": 191, "num": 2, "price": 2990, "discountFee": 80}],
        }}),
        events=((ORDER, "created", BOUND, MS, {"product": "190", "sku": "191", "quantity": 2, "amount": 5900, "user": "kb"}),),
    ),
    "wechat-shop": Case(
        "wechat-shop",
        {"CreateTime": AT, "Event": "channels_ec_order_pay", "order_info": {"order_id": 3705115058471208928, "pay_time": AT + 7}},
        "success",
        lookup=("order/get", {"errcode": 0, "order": {
            "order_id": "3705115058471208928", "openid": "ob", "create_time": AT,
            "order_detail": {
                "product_infos": [{"product_id": "100", "sku_id": "200", "sku_cnt": 3, "real_price": 8070}],
                "source_infos": [{"account_id": ACCOUNT}],
            },
        }}),
        events=((ORDER, "paid", BOUND, MS + 7000, {"product": "100", "quantity": 3, "amount": 8070, "user": "ob"}),),
    ),
}  # fmt: skip
