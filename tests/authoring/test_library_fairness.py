"""The shipped rubrics ask for outcomes: honest agents who write in other words pass."""

from collections.abc import Mapping

from authoring.content import CallStep, MessageStep, TaskContent
from authoring.gates import solution_of, spec_of, try_agent
from authoring.loading import LIBRARY, read_task
from grading.criteria import Outcome
from simulation.transcript import AgentSpec
from simulation.worlds import find_world, load_snapshot

RECALLED = """\
Below are the customers to inform about the Cavern Wireless recall.

| customer_id | email | customer |
| --- | --- | --- |
| matilda-stroud-29079 | matilda_82@example.org | Matilda Stroud |
| etienne-oliveira-43783 | oliveira.pc@example.org | Etienne Oliveira |
| alma-zamora-86457 | alma.zamora31@example.com | Alma Zamora |
| darius-fitzgerald-91495 | darius.fitzgerald19@post.example.org | Darius Fitzgerald |
| dilnoza-chikwe-55147 | dilnoza.chikwe68@example.com | Dilnoza Chikwe |
| edith-horvath-98363 | horvath.box@example.com | Edith Horvath |
| elif-chaudhry-78926 | e.chaudhry@mail.example.com | Elif Chaudhry |
| helena-dobson-23818 | dobson.helena@example.com | Helena Dobson |
| jonas-palmer-35116 | jonas.palmer@example.net | Jonas Palmer |
| maia-hamada-96969 | m.hamada@mail.example.com | Maia Hamada |
| marcelo-castellano-39777 | marcelo.castellano28@example.org | Marcelo Castellano |
| mohammed-grieve-53114 | grieve.mohammed@post.example.org | Mohammed Grieve |
| mohammed-grieve-61370 | mohammed.grieve@example.org | Mohammed Grieve |
| olga-drummond-24632 | olga.drummond@example.com | Olga Drummond |
| quentin-ozturk-80418 | quentin_64@example.com | Quentin Ozturk |
| sheila-herrera-30480 | sheilaherrera@example.com | Sheila Herrera |
| thandiwe-hofmann-14566 | thandiwe.hofmann41@example.com | Thandiwe Hofmann |
| tove-lundqvist-68887 | lundqvist.tove@mail.example.com | Tove Lundqvist |

Customers to tell: 18"""

WAITING = """\
**Platinum**

1. Edith Alcott – tick-250902-003
2. Etienne Oliveira (etienne-oliveira-43783) – tick-250911-031 and tick-250914-031
3. Gareth Ozturk – tick-250915-009
4. Grace Mehta – tick-250909-001
5. Hadiya Bauer – tick-250914-012
6. Jaime Cruickshank – tick-250825-003
7. Lena Erdogan – tick-250915-017
8. Quentin Ozturk – tick-250915-001
9. Zuri Sorensen – tick-250727-001

**Gold**

1. Alana Giordano – tick-250913-006
2. Dominik Larkin – tick-250915-011
3. Isla Huang – tick-250915-006
4. Kasia Steiner – tick-250912-005
5. Linh Coulibaly – tick-250908-002
6. Rosa Nwosu – tick-250829-006
7. Roza Nilsson – tick-250907-002

- Platinum: 9 customers with 10 tickets
- Gold: 7 customers with 7 tickets

Tickets in total: 17"""

PLATINUM = {
    "Edith Alcott": ["tick-250902-003"],
    "Etienne Oliveira": ["tick-250914-031", "tick-250911-031"],
    "Gareth Ozturk": ["tick-250915-009"],
    "Grace Mehta": ["tick-250909-001"],
    "Hadiya Bauer": ["tick-250914-012"],
    "Jaime Cruickshank": ["tick-250825-003"],
    "Lena Erdogan": ["tick-250915-017"],
    "Quentin Ozturk": ["tick-250915-001"],
    "Zuri Sorensen": ["tick-250727-001"],
}
GOLD = {
    "Alana Giordano": ["tick-250913-006"],
    "Dominik Larkin": ["tick-250915-011"],
    "Isla Huang": ["tick-250915-006"],
    "Kasia Steiner": ["tick-250912-005"],
    "Linh Coulibaly": ["tick-250908-002"],
    "Rosa Nwosu": ["tick-250829-006"],
    "Roza Nilsson": ["tick-250907-002"],
}
IN_TABLE = "\n".join(
    [
        "| Tier | Customer | Tickets |",
        "|---|---|---|",
        *(f"| Platinum | {name} | {', '.join(keys)} |" for name, keys in PLATINUM.items()),
        *(f"| Gold | {name} | {', '.join(keys)} |" for name, keys in GOLD.items()),
        "",
        "Platinum: 9 customers, 10 tickets",
        "Gold: 7 customers, 7 tickets",
        "",
        "Tickets in total: 17",
    ]
)
IN_DETAIL = "\n".join(
    [
        "High-priority tickets that are new, open or waiting for the customer:",
        "",
        "## Platinum tier",
        *(
            f"- **{name}**\n" + "\n".join(f"  - {k}" for k in keys)
            for name, keys in PLATINUM.items()
        ),
        "",
        "## Gold tier",
        *(f"- **{name}**\n" + "\n".join(f"  - {k}" for k in keys) for name, keys in GOLD.items()),
        "",
        "## Summary",
        "- **Platinum:** 9 customers, 10 tickets",
        "- **Gold:** 7 customers, 7 tickets",
        "",
        "**Tickets in total: 17**",
    ]
)
IN_TWO_TABLES = "\n".join(
    [
        "**Platinum**",
        "",
        "| Customer | Ticket ids |",
        "|---|---|",
        *(f"| {name} | {' / '.join(keys)} |" for name, keys in PLATINUM.items()),
        "",
        "**Gold**",
        "",
        "| Customer | Ticket ids |",
        "|---|---|",
        *(f"| {name} | {' / '.join(keys)} |" for name, keys in GOLD.items()),
        "",
        "Platinum: 9 customers / 10 tickets",
        "Gold: 7 customers / 7 tickets",
        "Tickets in total: 17",
    ]
)

# what another honest agent writes: into arguments by their name, and at the end
OTHER_WORDS: dict[str, list[Mapping[str, str]]] = {
    "resolve-late-parcel": [
        {
            "body": (
                "Hi Crystal! I checked your order: it's with FedEx Express and currently on its way"
                " to you. It was supposed to arrive by 10 September, so it is delayed and I'm"
                " sorry about that. Unfortunately we can't refund the shipping fee, even for late"
                " deliveries. I have no new date to give you yet."
            ),
            "details": "Delivery is delayed; customer informed, fee stays.",
            "answer": "I told Crystal that the shipping fee can't be refunded and closed the case.",
        },
        {
            "body": (
                "Hello Crystal, ord-250905-004 (placed on Sept 5, $451.10 in all) left us on"
                " September 7 and is in transit with FedEx Express. Its due date was Sep 10. Our"
                " policy is that shipping fees are never refunded, so the $19.99 stays with us."
                " Should it be lost, you may choose between a replacement and a refund of the"
                " goods."
            ),
            "details": "Parcel overdue since 2025-09-10, still in transit. No refund of shipping.",
            "answer": "Fee of $19.99 not refunded; ticket resolved.",
        },
        {
            "body": (
                "Hi Crystal, your parcel was due by September 10 and was last scanned on September"
                " 9 in Louisville, so it is still on its way with FedEx Express. I am afraid that"
                " we do not refund the fee ($19.99), even when a delivery is late. You paid $451.10"
                " in all, shipping included; nothing of that is due back unless it is lost."
            ),
            "details": "Late, not lost: expected September 10, last seen September 9. Fee kept.",
            "answer": "The shipping fee is not refunded, as our rules exclude it.",
        },
    ],
    "deny-late-return": [
        {
            "body": (
                "Dear Ms Laurent,\n\nunfortunately the 30-day return window for ord-250815-002,"
                " which you placed on 15 August 2025, closed on 14 September 2025. As it is now"
                " day 31, we are unable to accept the return; delivery on August 21 does not"
                " change that. If the chip proves defective, the warranty still applies.\n\nKind"
                " regards"
            ),
            "details": "Outside the 30 days (day 31), product works. Refused.",
            "answer": "Refused: the return window ended on 14 September 2025.",
        },
    ],
    "customer-known-from-prose": [
        {
            "body": (
                "Hello Isla,\n\nI looked it up: you were charged for order ord-250908-002, a single"
                " PayPal payment of $307. The other account was not involved. Apologies for the"
                " mix-ups."
            ),
            "details": "Ticket was linked to the wrong account. Payment verified.",
            "answer": "The Regina customer was charged $307.00 for it.",
        },
        {
            "body": (
                "Hi Isla, the order of 8 September was paid with your PayPal account: $307.00 in"
                " total, of which $19.99 is shipping."
            ),
            "details": "Misfiled: belongs to the namesake in Regina.",
            "answer": "It was charged to the writer of the ticket, $307.00 in all.",
        },
    ],
    "misfiled-return": [
        {
            "body": (
                "Hi Omar,\n\nthanks for the details. You're welcome to return the Upright, complete"
                " and in its box. Once we have received it, we will refund $53.96 ($59.95 minus"
                " your 10% gold discount of $5.99; shipping isn't refundable)."
            ),
            "answer": "It is ord-250824-031 and he will get $53.96 back.",
        },
    ],
    "cheapest-upgrade-in-stock": [
        {
            "answer": (
                "Hello Adrian,\n\nthe cheapest board that we have in stock for your Orbit 916 and"
                " your memory is the **SkyForge X670E Carbon**.\n\n- List price: $429.00\n- Your"
                " price: **$407.55**, after the 5% discount of your silver tier, without"
                " shipping\n\nI compared the specifications: your processor needs socket AM5, your"
                " kit is DDR5, and the board takes both and is rated for memory up to 6600 MHz."
                "\n\nThe Ferrowick X870 Studio, at $319.00 list price, would fit as well, but it is"
                " sold out at the moment."
            )
        },
        {
            "answer": (
                "SkyForge X670E Carbon (AM5, DDR5, 6600 MHz): at a list price of $429.00 less your"
                " 5% silver discount of $21.45 you would pay $407.55. Cheaper but out of stock:"
                " Ferrowick X870 Studio, $319.00."
            )
        },
        {
            "answer": (
                "Hi Adrian,\n\nThe SkyForge X670E Carbon is the one: AM5, DDR5 and rated for"
                " 6600 MHz. Its list price is $429.00; your account is on the silver tier (5% off),"
                " so you'd pay $407.55.\n\nA cheaper option, the Ferrowick X870 Studio, fits too"
                " but is currently out of stock."
            )
        },
        {
            "answer": (
                "| Board | List price | You pay |\n|---|---|---|\n"
                "| SkyForge X670E Carbon | $429.00 | $407.55 |\n\n"
                "It has socket AM5, takes DDR5 and is rated to 6600MHz. You're silver, hence 5%."
                " The Ferrowick X870 Studio would be cheaper, but there is none left."
            )
        },
        {
            "answer": (
                "Since the Ferrowick X870 Studio is sold out, the SkyForge X670E Carbon is the"
                " cheapest board that is not sold out: socket AM5, DDR5, rated for 6600 MHz. It is"
                " listed at $429.00, and you pay $407.55 with the 5% of your silver tier."
            )
        },
    ],
    "refunds-processed-in-july": [
        {
            "answer": (
                "July 2025: 27 refunds were processed, totalling $7,707.73.\n"
                "The largest single refund was $2,261.61.\n"
                "Accrual: 10 refunds created in July were only processed in August,\n"
                "with an accrual total of $1,115.82."
            )
        },
    ],
    "recall-customers": [{"answer": RECALLED}],
    "outstanding-high-priority-vip": [
        {"answer": WAITING},
        {"answer": IN_TABLE},
        {"answer": IN_DETAIL},
        {"answer": IN_TWO_TABLES},
    ],
}
CASES = [(slug, n) for slug, versions in OTHER_WORDS.items() for n in range(len(versions))]


def in_other_words(content: TaskContent, words: Mapping[str, str]) -> AgentSpec:
    steps = [
        MessageStep(message=words["answer"])
        if isinstance(step, MessageStep)
        else CallStep(
            call=step.call,
            arguments={name: words.get(name, value) for name, value in step.arguments.items()},
        )
        for step in content.reference
    ]
    return AgentSpec(kind="reference", name="honest", config={"solution": solution_of(steps)})


def test_honest_agents_who_write_otherwise_pass(corecraft):
    unfair = {}
    for slug, number in CASES:
        content = read_task(LIBRARY / "corecraft" / slug)
        snapshot = load_snapshot(find_world(content.world))
        agent = in_other_words(content, OTHER_WORDS[slug][number])

        trial = try_agent(content, spec_of(content), snapshot, agent)

        if not trial.passed:
            points = {c.key: c.points for c in content.rubric.criteria}
            unfair[f"{slug} {number}"] = {
                key: finding.reason
                for key, finding in trial.findings.items()
                if (finding.outcome == Outcome.MET) != (points[key] > 0)
            }
    assert unfair == {}


def test_words_that_say_nothing_do_not_pass(corecraft):
    for slug, versions in OTHER_WORDS.items():
        content = read_task(LIBRARY / "corecraft" / slug)
        snapshot = load_snapshot(find_world(content.world))
        for name in versions[0]:
            agent = in_other_words(content, {**versions[0], name: "We have seen to it."})

            assert not try_agent(content, spec_of(content), snapshot, agent).passed, (slug, name)


def test_every_shipped_task_has_another_honest_answer():
    assert set(OTHER_WORDS) == {file.parent.name for file in LIBRARY.glob("corecraft/*/task.yaml")}
