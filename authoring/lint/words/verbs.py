"""The verbs of criteria: what agents, answers and records do in them."""

from authoring.lint.words.wordlists import words

STATING = words(
    """
    cite contain describe explain give include inform list mention name note quote report say
    show specify state tell
    """
)
SETTING = words("assign change create email e-mail refund set update")
SENDING = words("answer post reply send write")
READING = words(
    """
    check consult examine inspect open read review search verify view look research
    """
)
MENTAL = words(
    """
    assume attempt believe comprehend consider decide doubt feel forget guess hope intend know
    notice realise realize recognise recognize remember suspect think try understand want wish
    """
)
CALLING = words("call click invoke query use")
ACTS = words(
    """
    address advise assert calculate clarify communicate compile cover demonstrate detail disclose
    fabricate flag guide highlight instruct invent maintain outline present process qualify reassure
    reference reveal share
    arrive become belong bring come cost depend get go last lose need require ticket weigh
    accept acknowledge add agree allow apologise apologize apply approve archive ask attach
    avoid book cancel charge claim close compare compute confirm contact convert copy correct
    count credit decline delete deny direct discuss dispatch draft edit end enter escalate
    exclude exist fail file fill find follow forward greet grant handle hold identify ignore
    invite issue keep label leave link lock make mark match merge move notify offer omit order
    pass pay pick place point price print promise propose provide publish put quantify quote
    raise receive recommend record redirect refer refuse reject release remain remind remove
    repeat replace request reschedule reserve resolve respond restore return revoke route save
    schedule select separate settle ship skip sort split stand start stay stop submit suggest
    summarise summarize thank touch transfer translate treat turn unlock upgrade waive warn
    withdraw
    """
)
BASES = STATING | SETTING | SENDING | READING | MENTAL | CALLING | ACTS

_IRREGULAR = {
    "begin": "began begun",
    "buy": "bought",
    "find": "found",
    "forget": "forgot forgotten",
    "give": "gave given",
    "hold": "held",
    "keep": "kept",
    "know": "knew known",
    "leave": "left",
    "make": "made",
    "pay": "paid",
    "put": "put",
    "read": "read",
    "say": "said",
    "send": "sent",
    "set": "set",
    "show": "showed shown",
    "stand": "stood",
    "tell": "told",
    "think": "thought",
    "understand": "understood",
    "withdraw": "withdrew withdrawn",
    "write": "wrote written",
}
AUXILIARIES = words("is are was were has have had does do did will must can")
BE = words("is are was were be been being")


def third(base: str) -> str:
    """Write what one thing does: "gives", "denies", "searches"."""
    if base.endswith("y") and base[-2] not in "aeiou":
        return f"{base[:-1]}ies"
    return f"{base}es" if base.endswith(("s", "x", "ch", "sh", "z", "o")) else f"{base}s"


def past(base: str) -> tuple[str, ...]:
    """Give the past and the participle of a verb, as far as they are written differently."""
    if base in _IRREGULAR:
        return tuple(_IRREGULAR[base].split())
    if base.endswith("y") and base[-2] not in "aeiou":
        return (f"{base[:-1]}ied",)
    if base.endswith("e"):
        return (f"{base}d",)
    doubled = f"{base}{base[-1]}ed"
    return (f"{base}ed", doubled) if base[-1] in "bdglmnprt" else (f"{base}ed",)


def thirds(bases: frozenset[str]) -> frozenset[str]:
    return frozenset(map(third, bases))


def gerund(base: str) -> str:
    return f"{base[:-1]}ing" if base.endswith("e") and not base.endswith("ee") else f"{base}ing"


BASE_OF = {third(base): base for base in sorted(BASES)}
FINITE = frozenset(BASE_OF) | AUXILIARIES
PASTS = {form: base for base in sorted(BASES) for form in past(base)}
# as nouns these words are as common as the verbs: a determiner before them, or none after, decides
ALSO_NOUNS = words(
    """
    addresses covers details flags guides presents processes references shares
    answers calls charges checks claims counts credits drafts emails e-mails ends files
    matches marks names notes offers orders prices quotes records refunds reports requests
    returns reviews searches sets shows starts states stops tickets transfers updates uses
    views
    """
)
