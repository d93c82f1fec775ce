import pytest

from .worlds import AFTER_CLOCK, make_article, snapshot_with

ARTICLES = {
    "noise": make_article("Coil noise", tags=["GPU", "noise"], productsMentioned=["gale", "gust"]),
    "twin": make_article("Coil noise", body="Großes Rauschen", tags=["noise"]),
    "boot": make_article(
        "Black screen",
        body="Reseat the CARD.",
        tags=["gpu", "first start"],
        productsMentioned=["zen"],
    ),
    "old": make_article(
        "Aged advice on noise", tags=["gpu", "noise"], productsMentioned=["gale"], isDeprecated=True
    ),
    "late": make_article("After hours", tags=["gpu"], createdAt=AFTER_CLOCK),
}
NOISE, TWIN, BOOT, OLD = "noise", "twin", "boot", "old"


@pytest.fixture(scope="module")
def snapshot():
    return snapshot_with(knowledge_base_article=ARTICLES)


def test_articles_come_by_title_then_by_id(ids):
    assert ids("searchKnowledgeBase") == [BOOT, NOISE, TWIN]


@pytest.mark.parametrize(
    ("conditions", "found"),
    [
        ({"text": "NOISE"}, [NOISE, TWIN]),
        ({"text": "card"}, [BOOT]),
        ({"text": "GROSSES"}, [TWIN]),
        ({"text": "screen\nReseat"}, []),
        ({"tag": "gpu"}, [BOOT, NOISE]),
        ({"tag": "GPU"}, [BOOT, NOISE]),
        ({"tag": "gp"}, []),
        ({"tag": "first start"}, [BOOT]),
        ({"tag": "firststart"}, []),
        ({"tags": ["noise"]}, [NOISE, TWIN]),
        ({"tags": ["Noise", "gpu"]}, [NOISE]),
        ({"tags": ["noise", "noise"]}, [NOISE, TWIN]),
        ({"tags": ["noise", "screen"]}, []),
        ({"tag": "gpu", "tags": ["noise"]}, [NOISE]),
        ({"product_id": "gale"}, [NOISE]),
        ({"product_id": "swift"}, []),
        ({"product_id": "gale", "include_deprecated": True}, [OLD, NOISE]),
        ({"include_deprecated": True}, [OLD, BOOT, NOISE, TWIN]),
        ({"include_deprecated": False}, [BOOT, NOISE, TWIN]),
        ({"text": "advice"}, []),
        ({"text": "advice", "include_deprecated": True}, [OLD]),
        ({"text": "noise", "tag": "gpu", "product_id": "gust"}, [NOISE]),
        ({"limit": 1, "tag": "noise"}, [NOISE]),
    ],
    ids=str,
)
def test_conditions_on_articles(conditions, found, ids):
    assert ids("searchKnowledgeBase", **conditions) == found


def test_a_found_article_is_the_whole_row(call):
    assert call("searchKnowledgeBase", product_id="gust") == [{"id": NOISE, **ARTICLES[NOISE]}]


def test_a_changed_article_is_found_by_its_new_tags(ids, world):
    ids("searchKnowledgeBase", tag="gpu")

    world.update("knowledge_base_article", TWIN, {"tags": ["Fans"], "isDeprecated": True})

    assert ids("searchKnowledgeBase", tag="noise") == [NOISE]
    assert ids("searchKnowledgeBase", tag="fans") == []
    assert ids("searchKnowledgeBase", tag="fans", include_deprecated=True) == [TWIN]
