"""Fills the shop with the products that stand as JSON on its input; prints slug to id."""

import json
import sys
from decimal import Decimal

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402
from oscar.apps.catalogue.categories import create_from_breadcrumbs  # noqa: E402
from oscar.apps.catalogue.models import Product, ProductClass  # noqa: E402
from oscar.apps.partner.models import Partner, StockRecord  # noqa: E402


@transaction.atomic
def plant(products):
    """Creates the products; those that are not public stand in no list."""
    kind = ProductClass.objects.create(name="藏品", requires_shipping=True, track_stock=True)
    partner = Partner.objects.create(name="青石雅集")
    categories = {}
    ids = {}
    for each in products:
        product = Product.objects.create(
            structure="standalone",
            product_class=kind,
            title=each["title"],
            description=each["description"],
            slug=each["slug"],
            is_public=each["public"],
        )
        name = each["category"]
        if name and name not in categories:
            categories[name] = create_from_breadcrumbs(name)
        if name:
            product.categories.add(categories[name])
        if each["price"]:
            StockRecord.objects.create(
                product=product,
                partner=partner,
                partner_sku=each["slug"],
                price_currency="CNY",
                price=Decimal(each["price"]),
                num_in_stock=1,
            )
        ids[each["slug"]] = str(product.pk)
    return ids


# The tables as the models declare them, without the steps of older versions.
call_command("migrate", run_syncdb=True, verbosity=0)
print(json.dumps(plant(json.load(sys.stdin))))
