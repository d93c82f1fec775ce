"""Estimates rest on past episodes, say on which, and have a range that says how sure they are."""

from statistics import stdev

import pytest

from authoring.launching.check_page import length, money
from authoring.launching.estimating import Amount, estimate, expected, total
from authoring.launching.resolving import resolve
from authoring.launching.service import launch
from authoring.launching.wish import read_wish
from grading.models import Rollout
from simulation.models import Episode
from tests.authoring.launching.scenes import CUSTOMER, approve, give_past, make_agent
from tests.factories import make_endpoint

pytestmark = pytest.mark.django_db
PRICES = {"*": {"prompt": "2", "completion": "10"}}  # 3 thousandths of a dollar for 1000 and 100


@pytest.fixture
def endpoint(admin_person):
    return make_endpoint(name="local", created_by=admin_person, prices=PRICES)


@pytest.fixture
def small(endpoint):
    return make_agent(endpoint)


@pytest.fixture(autouse=True)
def tasks(author, store_world):
    return approve(author, store_world, "lamps", "again")


def wish(**given):
    return read_wish({"tasks": ["lamps"], "agents": ["small"], "repeats": 10, **given})


def reckoned(by, **given):
    return estimate(resolve(wish(**given), by))


def past(by, seconds, *, agents=("small",), **given):
    """Have so many episodes behind us."""
    kept = {name: given.pop(name) for name in ("stop_reason", "customer_usage") if name in given}
    asked = wish(agents=list(agents), repeats=len(seconds), **given)
    give_past(launch(asked, by=by), seconds=seconds, **kept)


def test_without_a_past_nothing_is_made_up(small, runner):
    (part,) = reckoned(runner).parts

    assert (part.cost, part.tokens, part.seconds) == (None, None, None)
    assert part.basis == "none known yet: the first run will tell"
    assert reckoned(runner).cost is None
    assert reckoned(runner).unpriced == ("small@1",)


def test_the_mean_of_the_same_model_on_the_same_tasks_is_multiplied(small, runner):
    past(runner, [10, 20, 30, 40, 50])

    found = reckoned(runner, max_running=4)

    (part,) = found.parts
    assert part.basis == "mean of 5 past episodes of this model on these tasks"
    assert part.cost == Amount(value=pytest.approx(0.03), low=pytest.approx(0.03),
                               high=pytest.approx(0.03))  # fmt: skip
    assert part.tokens.value == 11_000
    assert found.seconds.value == 300
    assert (found.wall.value, found.at_once) == (75, 4)
    error = stdev([10, 20, 30, 40, 50]) * (10 + 100 / 5) ** 0.5
    assert found.seconds.high - 300 == pytest.approx(2.776 * error, rel=1e-3)  # t of 4 degrees
    assert found.seconds.low == max(0, 600 - found.seconds.high)


def test_the_price_of_today_counts(small, endpoint, runner):
    past(runner, [1] * 5)
    endpoint.prices = {"*": {"prompt": "20", "completion": "100"}}
    endpoint.save()

    assert reckoned(runner).cost.value == pytest.approx(0.3)


def test_a_model_without_a_price_has_no_cost_but_tokens(small, endpoint, runner):
    past(runner, [1] * 5)
    endpoint.prices = {}
    endpoint.save()

    (part,) = reckoned(runner).parts
    assert (part.cost, part.price) == (None, "no price known")
    assert part.tokens.value == 11_000


def test_what_is_held_out_from_a_person_is_in_no_mean_of_theirs(small, runner, admin_person):
    past(runner, [10] * 5)
    Episode.objects.filter(owner=runner).update(is_held_out=True)

    assert reckoned(runner).seconds is None
    assert reckoned(admin_person).seconds is not None


def test_few_episodes_give_no_range(small, runner):
    past(runner, [10, 20])

    assert reckoned(runner).seconds == Amount(value=150)


def test_other_tasks_and_other_models_stand_in(small, endpoint, runner):
    make_agent(endpoint, "large", model="large-1")
    past(runner, [7] * 5, tasks=["again"])

    (part,) = reckoned(runner).parts
    assert part.basis == "mean of 5 past episodes of this model on all tasks"
    (part,) = reckoned(runner, agents=["large"]).parts
    assert part.basis == "mean of 5 past episodes of other models on other tasks"
    (part,) = reckoned(runner, agents=["large"], tasks=["again"]).parts
    assert part.basis == "mean of 5 past episodes of other models on these tasks"


def test_what_ended_for_a_reason_of_ours_is_no_basis(small, runner):
    past(runner, [7] * 5, stop_reason="provider_error")

    assert reckoned(runner).seconds is None


def test_scripted_agents_cost_nothing(runner):
    past(runner, [2] * 5, agents=["null"])

    found = reckoned(runner, agents=["null"])
    assert (found.cost.value, found.tokens.value, found.seconds.value) == (0, 0, 20)


def test_an_endpoint_that_takes_few_at_a_time_decides_the_time(small, endpoint, runner):
    past(runner, [60] * 5)
    endpoint.max_running = 2
    endpoint.save()

    found = reckoned(runner, max_running=10)
    assert (found.wall.value, found.at_once) == (300, 2)


@pytest.mark.parametrize(
    ("asked", "limits", "wall"),
    [
        (["talk"], {"max_running": 2}, 300),  # ten conversations of a minute, two at one time
        (["talk", "lamps"], {"max_running": 2}, 300),  # only half of the twenty are conversations
        (["lamps"], {"max_running": 2}, None),
        (["talk"], {}, None),
    ],
)
def test_an_endpoint_that_plays_few_customers_at_a_time_decides_the_time(
    asked, limits, wall, author, store_world, small, runner
):
    approve(author, store_world, "talk", mode="conversation", customer=CUSTOMER)
    make_endpoint(name="player", **limits)
    given = {"customer": {"endpoint": "player", "model": "big"}}
    past(runner, [60] * 5, tasks=asked[:1], **given)

    found = reckoned(runner, tasks=asked, **given)
    assert (found.wall.value if found.wall else None) == wall


def test_nothing_that_limits_gives_no_time_of_the_run(small, runner):
    past(runner, [60] * 5)

    assert reckoned(runner).wall is None


def test_limits_bound_the_cost(small, runner):
    (part,) = reckoned(runner, limits={"max_cost": 0.5}).parts

    assert part.most == 5.0


def test_customers_that_a_model_plays_are_a_part_of_their_own(
    author, store_world, small, endpoint, runner
):
    approve(author, store_world, "talk", mode="conversation", customer=CUSTOMER)
    given = {"tasks": ["talk"], "customer": {"endpoint": "local", "model": "big"}}
    past(runner, [5] * 5, customer_usage={"prompt": 500, "completion": 50}, **given)

    found = reckoned(runner, **given)

    (_, customers) = found.parts
    assert customers.name == "customers, big"
    assert customers.cost.value == pytest.approx(0.015)
    assert found.cost.value == pytest.approx(0.045)


def test_estimates_ask_the_same_however_much_there_is(
    small, endpoint, runner, author, store_world, django_assert_max_num_queries
):
    approve(author, store_world, *(f"task-{n}" for n in range(20)))
    for number in range(4):
        make_agent(endpoint, f"agent-{number}")
    asked = wish(
        tasks=[f"task-{n}" for n in range(20)],
        agents=["null", "echo", *(f"agent-{n}" for n in range(4))],
    )
    found = resolve(asked, runner)

    with django_assert_max_num_queries(6):
        estimate(found)
    assert not Rollout.objects.exists()


def test_expected_sums_of_nothing_are_nothing():
    assert expected([], 5) is None
    assert total([None, None]) is None
    assert total([Amount(value=1), None, Amount(value=2)]) == Amount(value=3)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (money(None), "not known"),
        (money(Amount(value=1.234, low=1.0, high=1.5)), "$1.23 ($1.00 to $1.50)"),
        (money(Amount(value=0.0004)), "$0.0004"),
        (money(Amount(value=0, low=0, high=0)), "$0.00"),
        (length(Amount(value=75)), "1 min 15 s"),
    ],
)
def test_amounts_are_read_with_their_range(words, says):
    assert words == says
