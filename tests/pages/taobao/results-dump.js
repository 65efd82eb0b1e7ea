g_page_config = {
  "pageName": "mainsrp",
  "mods": {
    "shopcombotip": {
      "status": "hide"
    },
    "itemlist": {
      "status": "show",
      "data": {
        "postFeeText": "运费",
        "trace": "msrp_auction",
        "auctions": [
          {
            "nid": "570000000001",
            "title": "<span class=H>骨雕</span>手把件",
            "raw_title": "骨雕手把件",
            "pic_url": "//img.example/570000000001.jpg",
            "detail_url": "//item.taobao.com/item.htm?id=570000000001&ns=1#detail",
            "view_price": "268.00",
            "item_loc": "广东 广州",
            "view_sales": "3人付款",
            "nick": "样例店铺",
            "user_id": "79000001"
          },
          {
            "nid": "570000000002",
            "title": "<span class=H>骨雕</span>手把件",
            "raw_title": "骨雕手把件",
            "pic_url": "//img.example/570000000002.jpg",
            "detail_url": "https://click.simba.example/cc?e=1",
            "view_price": "268.00",
            "item_loc": "广东 广州",
            "view_sales": "3人付款",
            "nick": "样例店铺",
            "user_id": "79000001",
            "p4p": 1
          },
          {
            "activity": {
              "title": "质优精选"
            }
          }
        ]
      }
    }
  }
};
