"""Whether an episode has used up what it may, and which calls of a turn it has no room for.

What a model's answer takes is known when it has come: tokens, money and time are looked at between
turns. Calls are counted before they are made.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from simulation.spending import Tally
from simulation.stops import StopReason
from simulation.text import clean_text
from simulation.transcript import Budgets, Call, Exchange, Turn
from simulation.wording import counted

End = tuple[StopReason, str]  # why an episode ends, and in words


def used_up(budgets: Budgets, tally: Tally, *, turns: int, seconds: float) -> End | None:
    """Tell why an episode ends before its next turn; None when it goes on."""
    if seconds > budgets.wall_seconds:
        return StopReason.WALL_TIME, f"after {budgets.wall_seconds} seconds"
    if tally.errors_in_a_row >= budgets.max_errors:
        return StopReason.TOO_MANY_ERRORS, f"{counted(budgets.max_errors, 'tool error')} in a row"
    if turns >= budgets.max_turns:
        return StopReason.MAX_TURNS, counted(budgets.max_turns, "turn")
    if budgets.max_calls and tally.calls >= budgets.max_calls:
        return StopReason.MAX_TURNS, _calls(budgets.max_calls, tally.left_out)
    if budgets.max_tokens and tally.agent.tokens >= budgets.max_tokens:
        return StopReason.TOKEN_BUDGET, f"{tally.agent.tokens:,} tokens"
    if budgets.max_cost and tally.agent.cost >= Decimal(str(budgets.max_cost)):
        return StopReason.COST_BUDGET, f"{tally.agent.cost} USD"
    return None


def within_calls(turn: Turn, made: int, most: int | None) -> Turn:
    """Leave out the calls of a turn that go beyond the limit; they are kept, and it is said why.

    made: calls before this turn. Decided when the answer comes and stored with it, so that whoever
    takes the episode over makes the same calls.
    """
    room = len(turn.calls) if most is None else max(0, most - made)
    if len(turn.calls) <= room:
        return turn
    beyond = len(turn.calls) - room
    why = f"{counted(beyond, 'call')} beyond the limit of {most:,} left out"
    return replace(
        turn,
        calls=turn.calls[:room],
        exchange=_left_out(turn, room),
        note="; ".join(filter(None, (turn.note, why))),
    )


def _left_out(turn: Turn, room: int) -> Exchange:
    kept: Exchange = {**turn.exchange} if turn.exchange else {}
    asked = kept.get("calls")
    if asked is None:
        return {**kept, "left_out": _written(turn.calls[room:])}
    return {**kept, "calls": asked[:room], "left_out": asked[room:]}


def _written(calls: Sequence[Call]) -> list[dict[str, str]]:
    """Write calls of agents that keep none in their exchange, as those of models are written."""
    return [
        {
            "id": clean_text(call.call_id)[0],
            "name": clean_text(call.name)[0],
            "arguments": clean_text(call.arguments_raw)[0],
        }
        for call in calls
    ]


def _calls(most: int, left_out: int) -> str:
    beyond = f"; asked for beyond them and not executed: {left_out:,}" if left_out else ""
    return f"{counted(most, 'tool call')}{beyond}"
