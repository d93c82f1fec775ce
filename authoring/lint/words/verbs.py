"""The verbs of criteria: what agents, answers and records do in them."""

from authoring.lint.words.wordlists import words

STATING = words(
    """
    cite contain describe explain give include inform list mention name note quote report say
    show specify state tell
    """
)
SETTING = words("assign change create email e-mail modify refund set update")
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
    accept acknowledge add address advise agree allow apologise apologize apply approve
    archive arrive ask assert attach avoid become belong book bring calculate cancel charge
    claim clarify close come communicate compare compile compute confirm contact convert copy
    correct cost count cover credit decline delete demonstrate deny depend detail detect
    determine direct disclose discuss dispatch draft edit end enter escalate establish
    exchange exclude exist explore express fabricate fail file fill find flag follow forward
    get go grant greet guide handle highlight hold identify ignore instruct invent invite
    issue keep label last leave link lock lose maintain make mark match merge mislead modify
    move need notify offer omit order outline pass pay pick place point present price print
    prioritise prioritize process promise propose provide publish put qualify quantify quote
    raise reassure receive recommend record redirect refer reference refuse reject release
    remain remind remove repeat replace request require reschedule reserve resolve respond
    restore retrieve return reveal revoke route save schedule select separate settle share
    ship skip sort split stand start stay stop submit suggest summarise summarize thank ticket
    touch transfer translate treat turn unlock upgrade waive warn weigh withdraw
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
AUXILIARIES = words(
    "is are was were has have had does do did will must can should may might could shall would"
)
MODALS = words("must should may might could shall would will can does do did")
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


def gerund(base: str) -> str:
    return f"{base[:-1]}ing" if base.endswith("e") and not base.endswith("ee") else f"{base}ing"


BASE_OF = {third(base): base for base in sorted(BASES)}
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
