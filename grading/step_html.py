"""The steps of a transcript as HTML, written out by hand.

An episode has thousands of them, and templates take ten times as long: they look up each name of
each step. All text is escaped here but what is named `*_html`, which its maker has cleaned.
"""

from collections.abc import Iterable
from html import escape

from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe

from grading.pages import (
    Argument,
    CriterionLink,
    ModelAnswer,
    Payload,
    StepCard,
    TimelineMark,
)
from simulation.pages import ChangeRow, FieldChange


def steps_html(steps: Iterable[StepCard], *, is_swap: bool = False) -> SafeString:
    """Give the articles of steps. is_swap: for htmx, each in the place of the one there is."""
    icons, swap = static("vendor/lucide.svg"), ' hx-swap-oob="true"' if is_swap else ""
    return mark_safe("\n".join(_step(step, icons, swap) for step in steps))  # noqa: S308  escaped


def strip_html(marks: Iterable[TimelineMark]) -> SafeString:
    """Give the links of the strip, one a step."""
    return mark_safe("".join(map(_mark, marks)))  # noqa: S308  escaped


def _mark(mark: TimelineMark) -> str:
    evidence = " is-evidence" if mark.is_evidence else ""
    later = " is-later" if mark.is_later else ""
    label = escape(mark.label)
    return (
        f'<a class="kind-{mark.kind}{evidence}{later}" href="#step-{mark.index}"'
        f' aria-label="{label}" title="{label}">{mark.word}</a>'
    )


def _step(step: StepCard, icons: str, swap: str) -> str:
    later = " is-later" if step.is_later else ""
    index, word = step.index, escape(step.word)
    return (
        f'<article class="step kind-{step.kind}{later}" id="step-{index}"{swap} tabindex="-1"'
        f' aria-label="Step {index}, {word}"><p class="gutter"><a href="#step-{index}">{index}</a>'
        f' {word}</p><div class="body">{_body(step, icons)}</div>{_side(step)}</article>'
    )


def _body(step: StepCard, icons: str) -> str:
    return "".join(
        (
            _call(step) if step.tool or step.error else "",
            f'<div class="prose">{step.body_html}</div>' if step.body_html else "",
            f'<p class="fault">{escape(step.fault)}</p>' if step.fault else "",
            f'<p class="small muted">{escape(step.note)}</p>' if step.note else "",
            _changes(step) if step.changes else "",
            _cites(step.cited_by, icons) if step.cited_by else "",
            _model(step.model) if step.model else "",
            _payloads(step) if step.arguments or step.result else "",
            _fold("Raw text", f'<div class="payload"><pre>{escape(step.body_text)}</pre></div>')
            if step.body_text
            else "",
        )
    )


def _side(step: StepCard) -> str:
    took = step.duration.replace(" ", "\N{NO-BREAK SPACE}")  # lines break between figures
    words = " · ".join(filter(None, (step.tokens, step.cost, took)))
    world = (
        f' <a class="no-print" href="{escape(step.at_url)}"'
        f' aria-label="World as of step {step.index}">world</a>'
        if step.at_url
        else ""
    )
    return f'<p class="side">{escape(words)}{world}</p>'


def _call(step: StepCard) -> str:
    tool = f"<b>{escape(step.tool)}</b>" if step.tool else ""
    outcome = f' <span class="outcome">{escape(step.outcome)}</span>' if step.outcome else ""
    error = f' <span class="outcome is-error">{escape(step.error)}</span>' if step.error else ""
    return f'<p class="call">{tool}{"".join(map(_argument, step.call))}{outcome}{error}</p>'


def _argument(argument: Argument) -> str:
    return f" <code><span>{escape(argument.name)}=</span>{escape(argument.value)}</code>"


def _changes(step: StepCard) -> str:
    rows = "".join(map(_change, step.changes))
    return f'<ul class="changes" aria-label="State change of step {step.index}">{rows}</ul>'


def _change(change: ChangeRow) -> str:
    name = f"<code>{escape(change.entity_id)}</code>"
    named = f'<a href="{escape(change.url)}">{name}</a>' if change.url else name
    fields = f"<dl>{''.join(map(_field, change.fields))}</dl>" if change.fields else ""
    return (
        f'<li class="change op-{change.operation}"><p>{escape(change.entity_type)} {named}'
        f" <small>{change.operation}</small></p>{fields}</li>"
    )


def _field(field: FieldChange) -> str:
    before = f"<del>{escape(field.before)}</del> → " if field.before else ""
    after = f"<ins>{escape(field.after)}</ins>" if field.after else "absent"
    return f"<dt>{escape(field.name)}</dt><dd>{before}{after}</dd>"


def _cites(criteria: Iterable[CriterionLink], icons: str) -> str:
    return f'<p class="cites">{"".join(_cite(each, icons) for each in criteria)}</p>'


def _cite(criterion: CriterionLink, icons: str) -> str:
    says, state = f"Evidence for criterion {criterion.number}", escape(criterion.mark.state)
    text = f"{criterion.number} {escape(criterion.text)}"
    return (
        f'<a class="cite" href="#criterion-{escape(criterion.key)}" title="{says}">'
        f'<span class="sr">{says}:</span><span class="state state-{state} ">'
        f'<svg class="icon" aria-hidden="true"><use href="{icons}#state-{state}"/></svg>'
        f"{escape(criterion.mark.word)}</span><q>{text}</q></a>"
    )


def _model(model: ModelAnswer) -> str:
    """Write what came with a model's words: what it thought, and how the answer was got."""
    thought = (
        _fold(
            f"Reasoning {model.reasoning_size} <small>no grader or judge is shown it</small>",
            f'<div class="payload reasoning"><pre>{escape(model.reasoning)}</pre></div>',
        )
        if model.reasoning
        else ""
    )
    lines = "".join(f"<li>{escape(line)}</li>" for line in model.lines)
    got = _fold(escape(model.title), f'<ul class="exchange">{lines}</ul>') if lines else ""
    return thought + got


def _payloads(step: StepCard) -> str:
    parts = [("Arguments", step.arguments), ("Result", step.result)]
    given = [(name, payload) for name, payload in parts if payload]
    sizes = " · ".join(f"{name} {payload.size}" for name, payload in given).replace("· R", "· r")
    is_open = any(payload.marked_html for _, payload in given)
    inner = "".join(_payload(name, payload) for name, payload in given)
    return _fold(sizes, inner, is_open=is_open)


def _payload(name: str, payload: Payload) -> str:
    links = _link(payload.more_url, payload.more_label) + _link(
        payload.other_url, payload.other_label
    )
    kind = " data-json" if payload.is_json else ""
    text = payload.marked_html or escape(payload.text)
    return (
        f'<div class="payload"><p class="tools"><span>{name}</span>{links}</p>'
        f"<pre{kind}>{text}</pre></div>"
    )


def _link(url: str, label: str) -> str:
    return f'<a href="{escape(url)}">{escape(label)}</a>' if url else ""


def _fold(summary: str, inner: str, *, is_open: bool = False) -> str:
    """summary, inner: HTML."""
    open_ = " open" if is_open else ""
    return f'<details class="fold"{open_}><summary>{summary}</summary>{inner}</details>'
