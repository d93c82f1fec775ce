"""The company's chat: its channels, conversations of the house, and talk about concrete cases."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from simulation.environments.corecraft.generator import texts
from simulation.environments.corecraft.generator.case_facts import case_facts
from simulation.environments.corecraft.generator.chat_cases import Case, cases
from simulation.environments.corecraft.generator.draft import Draft
from simulation.environments.corecraft.generator.facts import Facts, fill, usable
from simulation.environments.corecraft.generator.moments import NOW
from simulation.environments.corecraft.generator.numbering import number
from simulation.environments.corecraft.generator.office_hours import at_work, working_moment
from simulation.environments.corecraft.generator.records import Employee, Message
from simulation.environments.corecraft.generator.talks import Remark, Talk, talks

# source: data/employees.toml; parts that are cast anew for every conversation
_PARTS = {
    "agent": (
        "yuki-farrant",
        "callum-etxeberria",
        "priyanka-holm",
        "benedikt-solano",
        "wambui-kestler",
    ),
    "senior": ("tessa-brandvold", "dmitri-okonjo"),
    "helper": ("tobias-marchetti", "amina-strand", "pascal-wrzesniewski"),
    "processor": ("katja-mbeki-ross", "rafferty-imai"),
}
_DOCKS = {"Reno": "solveig-quansah", "Harrisburg": "desmond-kuiper"}
_MANAGERS = {"gpu": "hiroto-vance", "psu": "hiroto-vance", "prebuilt": "hiroto-vance"} | {
    "storage": "lindiwe-carver",
    "memory": "lindiwe-carver",
}
_ANSWERS = {
    "finance": "ferdinand-oyelaran",
    "operations": "bronwen-tavares",
    "engineering": "nkechi-sandoval",
    "product_management": "ambrose-petrov-lane",
    "order_processing": "anselm-dube",
    "support": "rosalind-achterberg",
}
HOUSE_TALKS = 50  # at size 1, besides those marked as core
MOST_REPEATS = 12  # of one conversation, however large the world
_ATTEMPTS = 4
_JITTER = 50  # seconds

Cast = dict[str, str]


def channels(employees: Iterable[Employee]) -> dict[str, dict[str, Any]]:
    """Give the channels; @department in the data stands for everybody who works there."""
    people = list(employees)
    return {
        name: {
            "name": name,
            "purpose": row["purpose"],
            "members": sorted(_members(row["members"], people)),
        }
        for name, row in texts.table("chat/channels.toml").items()
    }


def plan_chat(draft: Draft) -> None:
    """Hold the conversations of the house, then those about cases; each case is talked of once."""
    room = _Room(draft)
    for talk in _share([talk for talk in talks() if talk.at], draft):
        room.hold_at(talk)
    for talk in talks():
        if not talk.at:
            room.hold_about_cases(talk)
    number(draft.messages, "slack")


def _share(house: list[Talk], draft: Draft) -> list[Talk]:
    """Keep the important ones always, and of the others more in larger worlds."""
    others = [talk for talk in house if not talk.core]
    wanted = min(len(others), draft.scaled(HOUSE_TALKS))
    kept = {others[number * len(others) // wanted] for number in range(wanted)}
    return [talk for talk in house if talk.core or talk in kept]


@dataclass(frozen=True, slots=True)
class _Held:
    """A conversation as it is held: who plays which part, and when each message comes."""

    talk: Talk
    cast: Cast
    times: list[dt.datetime]


class _Room:
    """Holds conversations; no message is written twice in the same words."""

    def __init__(self, draft: Draft) -> None:
        self.draft, self.dice = draft, draft.dice("chat")
        self._said: set[str] = set()
        self._taken: set[str] = set()
        self._by_first = {_first(each): each.id for each in draft.employees}

    def hold_at(self, talk: Talk) -> None:
        """Hold a conversation at its own time."""
        if talk.at is None:
            raise ValueError("a conversation without a time is held about cases")
        held = self._plan(talk, talk.at, {})
        if held:
            self._write(held, {}, None)

    def hold_about_cases(self, talk: Talk) -> None:
        wanted = min(self.draft.scaled(talk.times), MOST_REPEATS * talk.times)
        for case in self.dice.shuffled(cases(self.draft, talk)):
            if wanted < 1:
                return
            if case.id not in self._taken and self._hold(talk, case):
                self._taken.add(case.id)
                wanted -= 1

    def _hold(self, talk: Talk, case: Case) -> bool:
        cast = self._cast(talk, case)
        for _ in range(_ATTEMPTS if cast is not None else 0):
            start = working_moment(self.dice, self._first_to_speak(talk, cast or {}), case.span)
            held = self._plan(talk, start, cast or {})
            if held and held.times[-1] <= case.span.high:
                facts = self._facts(held, case)
                if all(usable(each.text, facts) for each in talk.remarks if not each.optional):
                    return self._write(held, facts, case)
        return False

    def _first_to_speak(self, talk: Talk, cast: Cast) -> str:
        who = talk.remarks[0].who
        return cast.get(who) or self._by_first[who]

    def _facts(self, held: _Held, case: Case) -> Facts:
        names = {each.id: _first(each).capitalize() for each in self.draft.employees}
        people = {part: names[person] for part, person in held.cast.items()}
        return case_facts(held.times[0], case.ticket, case.order) | case.facts | people

    def _cast(self, talk: Talk, case: Case) -> Cast | None:
        """Give everybody a part, nobody two. None when a part cannot be given."""
        cast = _fixed(talk, case)
        free = [part for part in talk.parts() if part not in cast and part in _PARTS]
        known = {self._by_first[part] for part in talk.parts() if part in self._by_first}
        busy = {*cast.values(), *known}
        for part in free:
            fitting = [person for person in _PARTS[part] if person not in busy]
            if not fitting:
                return None
            cast[part] = self.dice.one(fitting)
            busy.add(cast[part])
        unknown = [p for p in talk.parts() if p not in cast and p not in self._by_first]
        twice = len({*cast.values(), *known}) < len(cast) + len(known)
        return None if unknown or twice or "" in cast.values() else cast

    def _plan(self, talk: Talk, start: dt.datetime, cast: Cast) -> _Held | None:
        """Set the times: everybody answers when at work. None when it would end after the clock."""
        parts = cast | {part: self._by_first[part] for part in talk.parts() if part not in cast}
        times: list[dt.datetime] = []
        for remark in talk.remarks:
            moment = times[-1] + remark.delay if times else start
            moment += dt.timedelta(seconds=self.dice.number(1, _JITTER))
            times.append(at_work(self.dice, parts[remark.who], moment))
        return _Held(talk, parts, times) if times[-1] <= NOW else None

    def _write(self, held: _Held, facts: Facts, case: Case | None) -> bool:
        """Write the messages. False when one that is needed has been written before."""
        said = [(remark, self._word(remark, facts)) for remark in held.talk.remarks]
        if any(not text and not remark.optional for remark, text in said):
            return False
        for (remark, text), moment in zip(said, held.times, strict=True):
            if text:
                self._add(held, remark, text, moment, case)
        return True

    def _word(self, remark: Remark, facts: Facts) -> str:
        """Fill a remark in words that are still new, empty when there are none."""
        for _ in range(_ATTEMPTS * 2 if usable(remark.text, facts) else 0):
            text = fill(self.dice, remark.text, facts)
            if text not in self._said:
                self._said.add(text)
                return text
        return ""

    def _add(
        self, held: _Held, remark: Remark, text: str, moment: dt.datetime, case: Case | None
    ) -> None:
        author = held.cast[remark.who]
        message = Message(held.talk.channel, author, text, moment, case.ticket if case else None)
        message.reactions = list(self._reactions(held, remark, author))
        self.draft.messages.append(message)
        mark = remark.mark or held.talk.mark
        if mark:
            self.draft.note("slack_message", message, mark)

    def _reactions(
        self, held: _Held, remark: Remark, author: str
    ) -> Iterator[tuple[str, list[str]]]:
        for emoji, people in remark.reactions:
            ids = [held.cast.get(name) or self._by_first.get(name, "") for name in people]
            found = [person for person in ids if person and person != author]
            if found:
                yield emoji, found


def _fixed(talk: Talk, case: Case) -> Cast:
    """Cast the parts that the case itself decides; empty where it does not."""
    ticket, order = case.ticket, case.order
    shipment = order.shipment if order else None
    place = shipment.events[0].place.split(",")[0] if shipment else ""
    product = case.product
    parts: Mapping[str, str] = {
        "owner": ticket.assignee.id if ticket and ticket.assignee else "",
        "dock": _DOCKS.get(place, ""),
        "manager": _MANAGERS.get(product.category, "cosima-ballard") if product else "",
        "answer": _ANSWERS.get(case.destination, ""),
    }
    return {part: parts[part] for part in talk.parts() if part in parts}


def _members(listed: Iterable[str], people: list[Employee]) -> set[str]:
    departments = {name[1:] for name in listed if name.startswith("@")}
    single = {name for name in listed if not name.startswith("@")}
    return single | {each.id for each in people if each.row["department"] in departments}


@cache
def _first_of(name: str) -> str:
    return name.split()[0].lower()


def _first(employee: Employee) -> str:
    return _first_of(employee.row["name"])
