"""Values and lists in every spelling that is promised, inside prose: found when they are right, and
told apart from every other value."""

import datetime as dt
import json

from hypothesis import assume, given
from hypothesis import strategies as st

from grading.graders import read_check
from grading.reading.lines import read
from simulation.state import WorldState
from simulation.values import write_instant
from tests.grading.answers_world import answers_world

WORLD = WorldState(answers_world())


def is_met(answer, **claim):
    return read_check({"kind": "response", **claim})._claim.judge(read(answer), WORLD).met


FILLERS = st.sampled_from(
    [
        *(
            "",
            "Thanks for your patience!",
            "I looked at ord-250801-001.",
            "Let me know.",
            "## Note",
        ),
        *("There are 7 articles on this.", "On June 3 we met.", "It weighs 3 kg.", "Hello Ana,"),
        *("- first\n- second", "| a | b |\n|---|---|\n| 1 | 2 |", "Our number is +1 512 555 0102."),
    ]
)
FRAMES = st.sampled_from(
    [
        *("The result is {}.", "**Result:** {}", "- Result: {}", "Result = {}", "result ({})"),
        *("| Result | Other |\n|---|---|\n| {} | – |", "| Result | {} |\n|---|---|\n| Other | – |"),
        *(
            "### Result\n\n{}",
            "As promised, the result is **{}**.",
            "Result:\n\n{}",
            "> Result: {}",
        ),
        *("1. Result: {}", "The result, I believe, is {}.", "The result is `{}`"),
    ]
)
NEAR = ["result"]


def prose(before, frame, spelled, after):
    return "\n\n".join(part for part in (before, frame.format(spelled), after) if part)


numbers = st.integers(21, 9_999_999)
NUMBERS = st.sampled_from(["{}", "{:,}", "**{}**", "{:,} in total"])


@given(numbers, numbers, NUMBERS, FILLERS, FRAMES, FILLERS)
def test_a_number_is_found_and_no_other(number, other, spelling, before, frame, after):
    assume(number != other and not 1900 <= number <= 2099)
    text = prose(before, frame, spelling.format(number), after)

    assert is_met(text, number={"value": number, "near": NEAR})
    assert not is_met(text, number={"value": other, "near": NEAR})


cents = st.integers(1, 999_999_999)
AMOUNTS = st.sampled_from(
    [
        "${:,.2f}",
        "${:.2f}",
        "USD {:,.2f}",
        "{:.2f} USD",
        "{:,.2f} dollars",
        "US${:,.2f}",
        "-${:,.2f}",
    ]
)


@given(cents, cents, AMOUNTS, FILLERS, FRAMES, FILLERS)
def test_an_amount_is_found_and_no_other(amount, other, spelling, before, frame, after):
    assume(amount != other)
    text = prose(before, frame, spelling.format(amount / 100), after)

    assert is_met(text, money={"value": amount / 100, "near": NEAR})
    assert not is_met(text, money={"value": other / 100, "near": NEAR})


days = st.dates(dt.date(2001, 1, 1), dt.date(2098, 12, 31))
DAYS = (
    *("%Y-%m-%d", "%B %d, %Y", "%d %B %Y", "%b %d, %Y", "%b. %d, %Y", "%m/%d/%Y", "%d.%m.%Y"),
    *("%d-%b-%Y", "%A, %B %d, %Y", "%Y/%m/%d", "the %dth of %B, %Y", "%B %d %Y"),
)


def written(day, spelling):
    return day.strftime(spelling).replace("May.", "May")  # no abbreviation


@given(days, days, st.sampled_from(DAYS), FILLERS, FRAMES, FILLERS)
def test_a_day_is_found_and_no_other(day, other, spelling, before, frame, after):
    assume(day != other)
    text = prose(before, frame, written(day, spelling), after)

    assert is_met(text, date={"value": day.isoformat(), "near": NEAR})
    assert not is_met(text, date={"value": other.isoformat(), "near": NEAR})


ZONES = {"UTC": 0, "GMT": 0, "(UTC)": 0, "": 0, "UTC+2": 2, "(UTC-07:00)": -7, "PDT": -7, "CEST": 2,
         "EST": -5, "+05:30": 5.5}  # fmt: skip
CLOCKS = ("%H:%M", "%I:%M %p", "%I:%M%p", "%H:%M:%S")
JOINTS = ("{day} at {time}", "{day}, {time}", "{day} {time}", "{time} on {day}", "{day} – {time}")
EPOCH = dt.datetime(2001, 1, 2, tzinfo=dt.UTC)
moments = st.integers(0, 3_000_000_000).map(lambda seconds: EPOCH + dt.timedelta(seconds=seconds))


@given(
    moments,
    st.sampled_from(sorted(ZONES)),
    st.sampled_from(CLOCKS),
    st.sampled_from(DAYS[:6]),
    st.sampled_from(JOINTS),
    FRAMES,
    st.integers(2, 5000),
)
def test_an_instant_is_found_in_any_zone_and_no_other(moment, zone, clock, day, joint, frame, off):
    there = moment + dt.timedelta(hours=ZONES[zone])
    time = f"{there.strftime(clock)} {zone}".strip()
    time = time.replace(" +", "+")
    text = frame.format(joint.format(day=written(there, day), time=time))
    other = moment + dt.timedelta(minutes=off)

    assert is_met(text, date_time={"value": write_instant(moment), "near": NEAR})
    assert not is_met(text, date_time={"value": write_instant(other), "near": NEAR})


@given(moments, st.sampled_from(["Z", "+00:00", ".123Z"]), FRAMES)
def test_a_stamp_is_found(moment, end, frame):
    text = frame.format(moment.strftime("%Y-%m-%dT%H:%M:%S") + end)

    assert is_met(text, date_time={"value": write_instant(moment), "near": NEAR})


CUSTOMERS = {
    "ana-lima-20001": "Ana Lima",
    "ana-li-20002": "Ana Li",
    "bo-chen-20003": "Bo Chen",
    "cy-young-20004": "Cy Young",
    "anna-gross-10001": "Anna Großmann",
}
people = st.sampled_from(sorted(CUSTOMERS))


@given(people, people, st.sampled_from(["{name}", "{id}", "{name} ({id})", "**{name}**"]), FRAMES)
def test_a_customer_is_found_and_no_other(key, other, spelling, frame):
    assume(key != other)
    text = frame.format(spelling.format(name=CUSTOMERS[key], id=key))

    assert is_met(text, entity={"entity_type": "customer", "id": key, "near": NEAR})
    assert is_met(text, entity={"entity_type": "customer", "id": key})
    assert not is_met(text, entity={"entity_type": "customer", "id": other, "near": NEAR})


names = st.lists(
    st.from_regex(r"\A[A-Z][a-z]{2,7} [A-Z][a-z]{2,9}\Z"), min_size=2, max_size=8, unique=True
)
LISTS = {
    "bullets": lambda names: "\n".join(f"- {name}" for name in names),
    "details": lambda names: "\n".join(f"* **{name}** – gold, 3 orders" for name in names),
    "numbered": lambda names: "\n".join(f"{n}. {name}" for n, name in enumerate(names, 1)),
    "table": lambda names: "\n".join(
        ["| Name | Tier |", "|---|---|", *(f"| {name} | gold |" for name in names)]
    ),
    "json": lambda names: "[" + ", ".join(f'"{name}"' for name in names) + "]",
    "objects": lambda names: (
        "```json\n[" + ", ".join(f'{{"name": "{name}", "n": 1}}' for name in names) + "]\n```"
    ),
}


@given(names, st.data())
def test_the_readers_of_lists_agree(drawn, data):
    """All forms are judged alike: complete, in order, once each, with one too many or too few."""
    listed = data.draw(st.permutations(drawn))
    listed = data.draw(
        st.sampled_from([listed, listed[1:], [*listed, "Zed Zog"], [*listed, listed[0]]])
    )
    ordered, duplicates = (
        data.draw(st.booleans()),
        data.draw(st.sampled_from(["allowed", "forbidden"])),
    )
    claim = {"items": drawn, "ordered": ordered, "duplicates": duplicates}

    met = {form: is_met(write(listed), list=claim) for form, write in LISTS.items()}

    assert len(set(met.values())) == 1, met
    unique = list(dict.fromkeys(listed))
    expected = set(unique) == set(drawn) and (not ordered or unique == drawn)
    expected = expected and (duplicates == "allowed" or len(listed) == len(unique))
    assert met["bullets"] == expected


PEOPLE = ["Ana Lima", "Bo Chen", "Cy Young", "Dee Dow", "Eve Fox"]
sizes = st.integers(2, len(PEOPLE))
shuffles = sizes.flatmap(lambda size: st.permutations(range(size)))


def address(number):
    return f"{'abcde'[number]}.{number}@mail.example"


# value: what stands beside the item of that number, in every form that is promised
BESIDE = {
    "bullets": lambda pairs: "\n".join(f"- {name}: {value}" for name, value in pairs),
    "in brackets": lambda pairs: "\n".join(f"1. **{name}** ({value})" for name, value in pairs),
    "value first": lambda pairs: "\n".join(f"* {value} – {name}" for name, value in pairs),
    "nested": lambda pairs: "\n".join(f"- {name}\n  - has: {value}" for name, value in pairs),
    "inside": lambda pairs: "\n".join(f"- {value}\n  - of: {name}" for name, value in pairs),
    "headings": lambda pairs: "\n\n".join(f"### {name}\n{value}" for name, value in pairs),
    "bold": lambda pairs: "\n\n".join(f"**{name}**\n- {value}" for name, value in pairs),
    "lines": lambda pairs: "\n".join(f"{name}, {value}" for name, value in pairs),
    "records": lambda pairs: "\n\n".join(f"- Name: {n}\n- Has: {v}" for n, v in pairs),
    "table": lambda pairs: "\n".join(
        ["| Name | Has |", "|---|---|", *(f"| {name} | {value} |" for name, value in pairs)]
    ),
    "table turned": lambda pairs: "\n".join(
        ["| Has | Tier | Name |", "|---|---|---|", *(f"| {v} | gold | {n} |" for n, v in pairs)]
    ),
    "sentence": lambda pairs: "Here are " + ", ".join(f"{n} ({v})" for n, v in pairs) + ".",
    "value first in a sentence": lambda pairs: (
        "We found " + ", ".join(f"{value} ({name})" for name, value in pairs) + "."
    ),
    "a sentence each": lambda pairs: " ".join(f"{name} has {value}." for name, value in pairs),
    "clauses": lambda pairs: "; ".join(f"{name} has {value}" for name, value in pairs) + ".",
    "objects": lambda pairs: json.dumps([{"name": n, "has": v} for n, v in pairs]),
    "members": lambda pairs: json.dumps({n: {"has": v} for n, v in pairs}),
    "csv": lambda pairs: "name,has\n" + "\n".join(f"{n},{v}" for n, v in pairs),
}
VALUES = {
    "text": (address, address),
    "number": (lambda number: number + 21, lambda number: f"{number + 21}"),
    "amount": (lambda number: number + 21.5, lambda number: f"${number + 21}.50"),
    "day": (lambda number: f"2025-07-2{number}", lambda number: f"July 2{number}, 2025"),
}


@given(shuffles, st.sampled_from(sorted(BESIDE)), st.sampled_from(sorted(VALUES)))
def test_values_stand_with_their_own_items_and_with_no_others(places, form, kind):
    meant, written = VALUES[kind]
    names = PEOPLE[: len(places)]
    items = [{"item": name, "beside": [meant(n)]} for n, name in enumerate(names)]
    pairs = [(name, written(place)) for name, place in zip(names, places, strict=True)]

    text = BESIDE[form](pairs)

    assert is_met(text, list={"items": items}) == (list(places) == sorted(places)), text
