import pytest

from .worlds import AUSTIN, BERLIN, CUSTOMERS

ANNA, BEN, OTHER_BEN, CARL = (
    "anna-gross-10001",
    "ben-ito-10002",
    "ben-ito-10003",
    "carl-zed-10004",
)


def test_customers_come_by_name_then_by_id(ids):
    assert ids("searchCustomers") == [ANNA, BEN, OTHER_BEN, CARL]


@pytest.mark.parametrize(
    ("conditions", "found"),
    [
        ({"customer_id": BEN}, [BEN]),
        ({"customer_id": "ben-ito"}, []),
        ({"name": "ITO"}, [BEN, OTHER_BEN]),
        ({"name": "GROSSMANN"}, [ANNA]),
        ({"email": "ben.ito@mail.example"}, [BEN]),
        ({"email": "ben.ito"}, []),
        ({"phone": "+1 512 555 0102"}, [OTHER_BEN]),
        ({"phone": "49305550101"}, [ANNA]),
        ({"phone": "555-0101"}, []),
        ({"loyalty_tier": "gold"}, [ANNA]),
        ({"loyalty_tier": ["gold", "platinum"]}, [ANNA, CARL]),
        ({"address_text": "berlin"}, [ANNA]),
        ({"address_text": "Lindenallee 5, Hinterhaus, Berlin, BE, 10115, DE"}, [ANNA]),
        ({"address_text": "9 oak st, austin"}, [ANNA]),
        ({"address_text": "DE\n9 Oak"}, []),
        ({"address_text": "austin, tx", "loyalty_tier": "none"}, [BEN]),
        ({"name": "ito", "loyalty_tier": "gold"}, []),
        ({"name": "ito", "email": "ben.ito@mail.example", "loyalty_tier": "none"}, [BEN]),
    ],
    ids=str,
)
def test_conditions_on_customers(conditions, found, ids):
    assert ids("searchCustomers", **conditions) == found


@pytest.mark.parametrize(
    ("conditions", "found"),
    [
        ({"created_after": "2024-06-30"}, [BEN, CARL]),
        ({"created_after": "2024-07-01"}, [CARL]),
        ({"created_before": "2024-06-30"}, [ANNA, BEN]),
        ({"created_before": "2024-06-30T23:59:58Z"}, [ANNA]),
        ({"created_after": "2024-05-01", "created_before": "2024-05-01"}, [ANNA]),
        ({"created_before": "2025-12-31"}, [ANNA, BEN, CARL]),
    ],
    ids=str,
)
def test_a_customer_without_an_opening_date_lies_in_no_period(conditions, found, ids):
    assert ids("searchCustomers", **conditions) == found


def test_a_changed_customer_is_found_by_what_he_is_called_now(ids, world):
    ids("searchCustomers", name="carl", phone="1", email="x", address_text="y")

    world.update("customer", CARL, {"name": "Karla Zed", "email": "k@z.example", "phone": "+1 2"})

    assert ids("searchCustomers", name="carl") == []
    assert ids("searchCustomers", name="karla", email="K@Z.EXAMPLE", phone="12") == [CARL]


@pytest.mark.parametrize("channel", ["email", "chat", "phone_note"])
def test_a_message_is_kept_with_the_time_of_the_clock(channel, call, world):
    message = call(
        "sendCustomerMessage",
        customer_id=BEN,
        channel=channel,
        subject="Your order",
        body="It is on its way.",
        ticket_id="tick-250903-001",
    )

    assert message == {
        "id": "msg-250915-001",
        "customerId": BEN,
        "channel": channel,
        "subject": "Your order",
        "body": "It is on its way.",
        "ticketId": "tick-250903-001",
        "sentAt": world.now,
    }
    assert [(c.entity_type, c.id, c.before) for c in world.changes] == [
        ("customer_message", "msg-250915-001", None)
    ]


def test_only_an_email_needs_a_subject(call, world):
    error = call("sendCustomerMessage", customer_id=BEN, channel="email", body="Hi")["error"]

    assert (error["code"], error["field"]) == ("invalid_argument", "subject")
    assert world.changes == []
    assert "subject" not in call("sendCustomerMessage", customer_id=BEN, channel="chat", body="Hi")


def test_messages_are_numbered_and_a_failed_one_uses_no_number(call):
    def send(customer_id=BEN):
        return call("sendCustomerMessage", customer_id=customer_id, channel="chat", body="Hi")

    assert send()["id"] == "msg-250915-001"
    assert send("nobody")["error"]["code"] == "not_found"
    assert send()["id"] == "msg-250915-002"


@pytest.mark.parametrize(
    ("arguments", "code", "field"),
    [
        ({"customer_id": "nobody"}, "not_found", "customer_id"),
        ({"customer_id": "lea-late-10005"}, "not_found", "customer_id"),
        ({"ticket_id": "tick-0"}, "not_found", "ticket_id"),
        ({"channel": "fax"}, "invalid_argument", "channel"),
        ({"body": ""}, "invalid_argument", "body"),
        ({"body": None}, "invalid_argument", "body"),
    ],
    ids=str,
)
def test_a_message_that_cannot_be_sent_leaves_no_trace(arguments, code, field, call, world):
    good = {"customer_id": BEN, "channel": "chat", "body": "Hi"}

    error = call("sendCustomerMessage", **good | arguments)["error"]

    assert (error["code"], error["field"]) == (code, field)
    assert world.changes == []


@pytest.mark.parametrize(("length", "code"), [(300, None), (301, "invalid_argument")])
def test_a_subject_has_at_most_three_hundred_characters(length, code, call):
    sent = call(
        "sendCustomerMessage", customer_id=BEN, channel="email", subject="x" * length, body="Hi"
    )

    assert sent.get("error", {}).get("code") == code


@pytest.mark.parametrize(
    ("argument", "value", "before"),
    [
        ("name", "Benjamin Ito", "Ben Ito"),
        ("name", "x" * 200, "Ben Ito"),
        ("email", "ben@new.example", "Ben.Ito@Mail.example"),
        ("phone", "+1 512 555 0199", None),
        ("phone", "1" * 40, None),
    ],
)
def test_each_field_of_a_customer_is_set(argument, value, before, call, world):
    row = call("updateCustomer", customer_id=BEN, **{argument: value})

    assert row == {"id": BEN, **CUSTOMERS[BEN], argument: value}
    assert [(c.id, c.fields) for c in world.diff()] == [(BEN, [(argument, before, value)])]


HOME = {
    "label": "other",
    "line1": "1 Elm St",
    "city": "Reno",
    "region": "NV",
    "postalCode": "89501",
    "country": "US",
}
OAK = {**AUSTIN, "line1": "9 Oak St"}


@pytest.mark.parametrize(
    ("label", "addresses"),
    [
        ("shipping", [{**HOME, "label": "shipping"}, OAK]),
        ("billing", [BERLIN, {**HOME, "label": "billing"}]),
        ("other", [BERLIN, OAK, HOME]),
    ],
)
def test_an_address_replaces_that_of_its_label_or_is_added(label, addresses, call, world):
    row = call("updateCustomer", customer_id=ANNA, address={**HOME, "label": label})

    assert row["addresses"] == addresses
    assert [name for name, _, _ in world.diff()[0].fields] == ["addresses"]


def test_of_two_addresses_of_one_label_the_first_is_replaced(call, world):
    world.update("customer", BEN, {"addresses": [AUSTIN, OAK]})

    row = call("updateCustomer", customer_id=BEN, address={**HOME, "label": "billing"})

    assert row["addresses"] == [{**HOME, "label": "billing"}, OAK]


def test_an_address_may_have_a_second_line_and_be_spelled_like_a_parameter(call):
    address = {**HOME, "line2": "Flat 2", "postal_code": "89502"}
    del address["postalCode"]

    row = call("update_customer", customerId=BEN, address=address)

    assert row["addresses"][-1] == {**HOME, "line2": "Flat 2", "postalCode": "89502"}


def test_all_is_set_at_once_and_found(call, ids):
    call("updateCustomer", customer_id=BEN, name="Zoe", email="z@z", phone="7", address=HOME)

    assert ids("searchCustomers", name="zoe", email="Z@Z", phone="7", address_text="reno") == [BEN]


@pytest.mark.parametrize(
    ("arguments", "code", "field"),
    [
        ({"customer_id": "nobody"}, "not_found", "customer_id"),
        ({"customer_id": "lea-late-10005"}, "not_found", "customer_id"),
        ({"customer_id": None}, "invalid_argument", "customer_id"),
        ({"name": ""}, "invalid_argument", "name"),
        ({"name": "x" * 201}, "invalid_argument", "name"),
        ({"email": ""}, "invalid_argument", "email"),
        ({"email": "nobody"}, "invalid_argument", "email"),
        ({"email": "@mail.example"}, "invalid_argument", "email"),
        ({"email": "ben@"}, "invalid_argument", "email"),
        ({"email": "b en@mail.example"}, "invalid_argument", "email"),
        ({"email": "x" * 250 + "@mail.example"}, "invalid_argument", "email"),
        ({"phone": ""}, "invalid_argument", "phone"),
        ({"phone": "1" * 41}, "invalid_argument", "phone"),
        ({"address": {}}, "invalid_argument", "address.label"),
        ({"address": {**HOME, "label": "home"}}, "invalid_argument", "address.label"),
        ({"address": {**HOME, "city": None}}, "invalid_argument", "address.city"),
        ({"address": {**HOME, "city": ""}}, "invalid_argument", "address.city"),
        ({"address": {**HOME, "line1": ""}}, "invalid_argument", "address.line1"),
        ({"address": {**HOME, "country": ""}}, "invalid_argument", "address.country"),
        ({"address": {**HOME, "postal_code": "1"}}, "invalid_argument", "address.postal_code"),
        ({"address": {**HOME, "street": "x"}}, "invalid_argument", "address.street"),
        ({"address": "1 Elm St"}, "invalid_argument", "address"),
        ({"loyalty_tier": "gold"}, "invalid_argument", "loyalty_tier"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_customer_that_cannot_be_changed(arguments, code, field, call, world):
    error = call("updateCustomer", **{"customer_id": BEN, "name": "Ben"} | arguments)["error"]

    assert (error["code"], error["field"]) == (code, field)
    assert world.changes == []


def test_no_change_of_a_customer_is_refused_with_what_can_be_changed(call, world):
    error = call("updateCustomer", customer_id=BEN)["error"]

    assert error["code"] == "invalid_argument"
    assert "name, email, phone or address" in error["message"]
    assert world.changes == []
