import pytest

GALE, GUST, SWIFT, UPRIGHT, ZEN = "gale", "gust", "swift", "upright", "zen"


def test_products_come_by_name_by_code_point(ids):
    assert ids("searchProducts") == [SWIFT, UPRIGHT, GALE, GUST, ZEN]


@pytest.mark.parametrize(
    ("conditions", "found"),
    [
        ({"product_id": "gust"}, [GUST]),
        ({"product_id": "GUST"}, []),
        ({"category": "gpu"}, [GALE, GUST]),
        ({"category": ["headset", "mouse"]}, [SWIFT, UPRIGHT, ZEN]),
        ({"brand": "vortexlabs"}, [GUST]),
        ({"brand": "VORTEX LABS"}, [GALE]),
        ({"brand": "vortex"}, []),
        ({"min_price": 59.9}, [UPRIGHT, GALE, GUST]),
        ({"max_price": 39.95}, [SWIFT, ZEN]),
        ({"min_price": 39.96, "max_price": 299.99}, [UPRIGHT, GALE]),
        ({"price": 300}, [GUST]),
        ({"price": 10.0}, [ZEN]),
        ({"price": 299.9}, []),
        ({"in_stock_only": True, "category": "gpu"}, [GALE]),
        ({"inStockOnly": True, "category": "gpu"}, [GALE]),
        ({"in_stock_only": False, "category": "gpu"}, [GALE, GUST]),
        ({"min_stock": 6}, [UPRIGHT, ZEN]),
        ({"minStock": 6, "maxStock": 6}, [ZEN]),
        ({"max_stock": 1}, [SWIFT, GUST]),
        ({"max_stock": 1, "in_stock_only": True}, [SWIFT]),
        ({"text": "SWIFT"}, [SWIFT]),
        ({"text": "kestrik"}, [SWIFT, UPRIGHT]),
        ({"text": "gpu-vor"}, [GUST]),
        ({"text": "swift kestrik"}, []),
        ({"text": "kestrik", "max_price": 40}, [SWIFT]),
    ],
    ids=str,
)
def test_conditions_on_products(conditions, found, ids):
    assert ids("searchProducts", **conditions) == found


def test_a_changed_product_is_found_by_its_new_values(ids, world):
    world.update("product", SWIFT, {"price": 1.0, "brand": "Kestrel"})

    assert ids("searchProducts", price=1, brand="kestrel", text="kestrel") == [SWIFT]
    assert ids("searchProducts", brand="kestrik") == [UPRIGHT]
