"""What all operations of the API have in common, for the OpenAPI document and its page."""

API_DESCRIPTION = """\
Worlds, tasks, packs, runs, episodes and verdicts of agents in simulated enterprises.

- **Tokens**: `Authorization: Bearer egt_…` with a personal token. A scope says what it is good
  for: `read`, `author` (tasks, worlds, packs, review), `run` (runs, gradings, verdicts), `train`
  (downloads), `heldout` (held-out content), `admin` (endpoints, judges, tokens).
- **Errors** have one shape: `{"error": {"code", "message", "field"?}}`.
  What you may not see is 404.
- **Lists** come in pages: follow `next`, say `page_size`.
  A filter that there is none of is refused.
- **Sparse answers**: `?fields=id,title` leaves out the others.
- **ETags**: every answer in JSON has one, the hash of its content; `If-None-Match` gets 304.
  A change with `If-Match` is refused with 412 when somebody was faster.
- **Writes** take an `Idempotency-Key`: sent again within 24 hours the same request does nothing and
  gets the first answer, with `Idempotent-Replayed: true`.
- **Limits**: `RateLimit-Remaining` says how many requests are left; beyond that 429 says in
  `Retry-After` how many seconds to wait.
""".replace("\n  ", " ")  # one line an item: our Markdown keeps the ends of lines
