"""What colleagues write in the chat fits the rows, their channels and their working hours."""

import datetime as dt
import re
from collections import Counter

import pytest

from simulation.environments.corecraft import generator
from simulation.environments.corecraft.generator.office_hours import central, is_at_work

from .generated import REFUNDS, ROWS, SHIPMENTS, WORLD, Row, noted

MESSAGES: dict[str, Row] = ROWS["slack_message"]
CHANNELS: dict[str, Row] = ROWS["slack_channel"]
TYPES = {
    "ord": "order",
    "pay": "payment",
    "ship": "shipment",
    "ref": "refund",
    "tick": "support_ticket",
    "esc": "escalation",
    "res": "resolution",
}
ID = re.compile(r"\b(ord|pay|ship|ref|tick|esc|res)-\d{6}-\d{3}\b")
NOISES = ("chat_noise", "rumour", "rumour_denied", "superseded_decision", "mistaken", "correction")


def moment(message: Row) -> dt.datetime:
    return dt.datetime.fromisoformat(message["timestamp"])


def about_cases() -> list[Row]:
    return [message for message in MESSAGES.values() if ID.search(message["text"])]


def order_of(message: Row) -> str | None:
    ticket = ROWS["support_ticket"].get(message.get("ticketId", ""), {})
    return ticket.get("orderId")


def test_a_dozen_channels_hold_several_hundred_messages() -> None:
    counts = Counter(message["channelId"] for message in MESSAGES.values())

    assert 12 <= len(CHANNELS) <= 15
    assert set(counts) == set(CHANNELS)
    assert 350 <= len(MESSAGES) <= 600
    assert sum("ticketId" in message for message in MESSAGES.values()) >= 150
    assert min(counts.values()) >= 5


def test_only_members_write_and_react() -> None:
    for key, message in MESSAGES.items():
        members = CHANNELS[message["channelId"]]["members"]
        people = [each for reaction in message["reactions"] for each in reaction["employeeIds"]]
        assert message["authorId"] in members, key
        assert set(people) <= set(members) - {message["authorId"]}, key


def test_messages_are_numbered_by_day_in_time_order() -> None:
    by_day: dict[str, list[str]] = {}
    for key, message in sorted(MESSAGES.items()):
        by_day.setdefault(message["timestamp"][2:10].replace("-", ""), []).append(key)
    for day, keys in by_day.items():
        assert keys == [f"slack-{day}-{number:03d}" for number in range(1, len(keys) + 1)]
        assert keys == sorted(keys, key=lambda key: MESSAGES[key]["timestamp"])


def test_everybody_writes_while_at_work_and_before_the_clock() -> None:
    for key, message in MESSAGES.items():
        assert "2024-03-01" <= message["timestamp"] <= generator.NOW
        assert is_at_work(message["authorId"], moment(message)), key


@pytest.mark.parametrize(
    ("instant", "wall"),
    [
        ("2025-09-15T19:00:00+00:00", "14:00"),
        ("2025-01-15T19:00:00+00:00", "13:00"),
        ("2025-03-09T07:59:59+00:00", "01:59"),
        ("2025-03-09T08:00:00+00:00", "03:00"),
        ("2024-11-03T06:59:59+00:00", "01:59"),
        ("2024-11-03T07:00:00+00:00", "01:00"),
    ],
)
def test_the_office_clock_knows_summer_time(instant: str, wall: str) -> None:
    assert central(dt.datetime.fromisoformat(instant)).strftime("%H:%M") == wall


def test_the_office_is_closed_on_sundays_and_holidays_but_for_those_on_duty() -> None:
    on_duty = {"saoirse-malik", "kwame-lindenau"}
    for message in MESSAGES.values():
        local = central(moment(message))
        if local.weekday() == 6:
            assert message["authorId"] in on_duty
        assert local.date().isoformat()[5:] not in ("01-01", "07-04", "12-25")
        assert local.date().isoformat() not in ("2024-11-28", "2025-09-01")


def test_no_two_messages_are_equal_and_no_slot_is_left() -> None:
    texts = [message["text"] for message in MESSAGES.values()]
    assert len(set(texts)) == len(texts)
    assert not [text for text in texts if re.search(r"[{}<>|]", text)]
    assert all(text == text.strip() and len(text) > 3 for text in texts)


def test_what_a_message_names_was_there_when_it_was_written() -> None:
    for key, message in MESSAGES.items():
        for found in ID.finditer(message["text"]):
            row = ROWS[TYPES[found[1]]][found[0]]
            assert row["createdAt"] < message["timestamp"], (key, found[0])
        if "ticketId" in message:
            ticket = ROWS["support_ticket"][message["ticketId"]]
            assert ticket["createdAt"] < message["timestamp"], key


def test_ids_and_names_belong_to_the_case_that_is_talked_about() -> None:
    for key, message in MESSAGES.items():
        if "ticketId" not in message:
            continue
        ticket = ROWS["support_ticket"][message["ticketId"]]
        own = {message["ticketId"], ticket.get("orderId")}
        own |= {row["id"] for row in related(ticket)}
        assert {found[0] for found in ID.finditer(message["text"])} <= own, key


def related(ticket: Row) -> list[Row]:
    """Give what hangs on the order of a ticket, and its escalations."""
    order_id = ticket.get("orderId")
    found = [
        {"id": key}
        for kind in ("payment", "shipment")
        for key, row in ROWS[kind].items()
        if row["orderId"] == order_id
    ]
    found += [
        {"id": key}
        for key, row in ROWS["refund"].items()
        if ROWS["payment"][row["paymentId"]]["orderId"] == order_id
    ]
    tickets = {key for key, row in ROWS["support_ticket"].items() if row is ticket}
    return found + [
        {"id": key} for key, row in ROWS["escalation"].items() if row["ticketId"] in tickets
    ]


def test_every_conversation_about_a_ticket_names_it() -> None:
    talked = {message["ticketId"] for message in MESSAGES.values() if "ticketId" in message}
    named = {
        message["ticketId"]
        for message in MESSAGES.values()
        if "ticketId" in message and message["ticketId"] in message["text"]
    }
    assert len(talked) >= 60
    assert named == talked


def test_sums_of_money_are_those_of_the_order() -> None:
    checked = 0
    for key, message in MESSAGES.items():
        order_id = order_of(message)
        if order_id is None:
            continue
        sums = {f"{row['amount']:,.2f}" for row in REFUNDS[order_id]}
        sums |= {
            f"{row['amount']:,.2f}"
            for row in ROWS["payment"].values()
            if row["orderId"] == order_id
        }
        for text in re.findall(r"\$([\d,]+\.\d\d)", message["text"]):
            assert text in sums | {"9.99", "19.99", "39.99"}, key
            checked += 1
    assert checked >= 15


LAST_SCAN = re.compile(
    r"(?:last seen in (?P<place>.+?) on (?P<on>\w+ \d+)"
    r"|last scan (?P<at>\w+ \d+)(?: in|,) (?P<where>[^,.]+, \w+)"
    r"|shows nothing since (?P<since>\w+ \d+), (?P<there>[^,.]+, \w+))",
    flags=re.IGNORECASE,
)


def last_scans() -> list[tuple[str, str, str, str]]:
    """Give (ticket, when it was said, day of the last scan, place of it) as colleagues wrote."""
    said = [(row, row["timestamp"], row["text"]) for row in MESSAGES.values() if "ticketId" in row]
    said += [(row, row["createdAt"], row["notes"]) for row in ROWS["escalation"].values()]
    return [
        (row["ticketId"], when, found["on"] or found["at"] or found["since"], place)
        for row, when, text in said
        for found in LAST_SCAN.finditer(text)
        for place in [found["place"] or found["where"] or found["there"]]
    ]


def test_last_scans_are_those_of_the_parcel_at_that_moment() -> None:
    scans = last_scans()
    for ticket_id, when, day, place in scans:
        shipment = SHIPMENTS[ROWS["support_ticket"][ticket_id]["orderId"]][0]
        event = [each for each in shipment["events"] if each["at"] <= when][-1]
        at = dt.datetime.fromisoformat(event["at"])
        assert (f"{at:%B} {at.day}", event["location"]) == (day, place), ticket_id
    assert len(scans) >= 5


def test_a_lost_parcel_is_called_lost_only_after_the_carrier_did() -> None:
    for message in MESSAGES.values():
        if "has given up on" in message["text"] or " as lost (" in message["text"]:
            tracking = re.search(r"(?:given up on|reports) (\w+)", message["text"])
            shipment = next(
                row
                for row in ROWS["shipment"].values()
                if tracking and row["trackingNumber"] == tracking[1]
            )
            assert shipment["events"][-1]["status"] == "lost"
            assert shipment["events"][-1]["at"] <= message["timestamp"]


def test_owners_speak_of_their_own_tickets() -> None:
    for key, message in MESSAGES.items():
        if "ticketId" in message and message["text"].startswith(message["ticketId"]):
            ticket = ROWS["support_ticket"][message["ticketId"]]
            assert ticket.get("assignedEmployeeId") == message["authorId"], key


def test_settled_matters_are_talked_of_as_open_only_before_they_were_settled() -> None:
    for key, message in MESSAGES.items():
        ticket = ROWS["support_ticket"].get(message.get("ticketId", ""))
        if ticket and "resolutionId" in ticket and "is done" in message["text"]:
            done = ROWS["resolution"][ticket["resolutionId"]]["createdAt"]
            assert message["timestamp"] >= done, key


@pytest.mark.parametrize("noise", NOISES)
def test_noise_of_the_chat_is_in_the_manifest(noise: str) -> None:
    assert noted(noise)
    assert noted(noise) <= set(MESSAGES)


def test_small_talk_has_a_channel_of_its_own_and_strays_now_and_then() -> None:
    noise = [MESSAGES[key] for key in noted("chat_noise")]
    off_topic = {key for key, row in MESSAGES.items() if row["channelId"] == "off-topic"}

    assert off_topic <= noted("chat_noise")
    assert not any(ID.search(message["text"]) for message in noise)


def test_a_rumour_is_denied_within_the_hour_in_its_channel() -> None:
    denials = [MESSAGES[key] for key in noted("rumour_denied")]
    for key in noted("rumour"):
        said = MESSAGES[key]
        assert any(
            denial["channelId"] == said["channelId"]
            and dt.timedelta(0) < moment(denial) - moment(said) < dt.timedelta(hours=1)
            for denial in denials
        ), said["text"]


def test_codes_that_are_named_were_valid_within_a_week() -> None:
    promotions = {row["code"]: row for row in ROWS.get("promotion", {}).values()}
    if not promotions:
        pytest.skip("a world without promotions has no codes to compare with")
    named = 0
    for key, message in MESSAGES.items():
        for code in re.findall(r"\b[A-Z0-9]{6,}\b", message["text"]):
            if code in promotions:
                week = dt.timedelta(days=7)
                row = promotions[code]
                low, high = (
                    dt.datetime.fromisoformat(row[name]) for name in ("startsAt", "endsAt")
                )
                assert low - week <= moment(message) <= high + week, key
                named += 1
    assert named >= 10


@pytest.mark.parametrize(
    "words", ["Recall: EmberVolt", "Telephones were out", "will be on strike", "Hand-over"]
)
def test_what_everybody_remembers_was_talked_about(words: str) -> None:
    assert [message for message in MESSAGES.values() if words in message["text"]]


def test_tickets_that_tasks_may_delete_are_not_pointed_at() -> None:
    left_alone = {key for key in ROWS["support_ticket"] if key.endswith("-004")}
    pointing = {row.get("ticketId") for row in MESSAGES.values()}
    pointing |= {row["ticketId"] for row in ROWS["escalation"].values()}

    assert "tick-250826-004" in left_alone
    assert not pointing & left_alone


def test_the_chat_grows_with_the_company_but_less() -> None:
    small = generator.generate(size=0.2).entities
    large = generator.generate(size=2).entities
    counts = [len(rows["slack_message"]) for rows in (small, ROWS, large)]

    assert counts[0] < counts[1] < counts[2] < 2 * counts[1]
    assert len(small["escalation"]) < len(ROWS["escalation"]) < len(large["escalation"])


def test_the_manifest_lists_no_message_twice_for_one_kind() -> None:
    entries = [
        (row["id"], row["noise"]) for row in WORLD.manifest if row["type"] == "slack_message"
    ]
    assert len(entries) == len(set(entries))
