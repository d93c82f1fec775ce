"""How one small question to a model went, as pages of endpoints and agents show it."""

from dataclasses import dataclass

from simulation.pages import Fact, Tone
from simulation.trials import Trial
from simulation.wording import milliseconds, usd


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialCard:
    """facts: model, latency, tokens, cost."""

    tone: Tone
    title: str
    text: str
    facts: tuple[Fact, ...] = ()
    notes: tuple[str, ...] = ()


def trial_card(trial: Trial) -> TrialCard:
    if trial.answer is None:
        facts = tuple(Fact(label="Given up after", value=milliseconds(ms)) for ms in trial.waits)
        return TrialCard(tone="bad", title=trial.message, text=trial.text, facts=facts)
    answer, usage = trial.answer, trial.answer.usage
    facts = (
        Fact(label="Answer after", value=milliseconds(answer.duration_ms)),
        Fact(label="Model", value=answer.model),
        Fact(label="Tokens", value=f"{usage.prompt:,} in, {usage.completion:,} out"),
        Fact(label="Cost", value=usd(answer.cost) if trial.has_price else "no price known"),
    )
    said = f"It says: {trial.text}" if trial.text else "It says nothing, which servers may."
    return TrialCard(tone="good", title=trial.message, text=said, facts=facts, notes=answer.notes)
