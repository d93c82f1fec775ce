"""How a judge is asked: a frozen value, part of what its verdicts rest on."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from simulation.values import Frozen

MOST_VOTES = 9
LARGEST_BATCH = 100  # as many as a rubric has criteria


def _odd(votes: int) -> int:
    if votes % 2 == 0:
        raise ValueError("write an odd number, so that votes can have a majority")
    return votes


class JudgeSettings(Frozen):
    """votes: how often each criterion is asked.

    batch: how many criteria one call decides; those that look at different parts never share one.
    seed: the first vote's; each further vote adds one.
    transcript_limit: characters of each part that is shown; what is longer loses its middle.
    concurrency: calls at one time for one episode; it decides no verdict.
    """

    votes: Annotated[int, Field(ge=1, le=MOST_VOTES), AfterValidator(_odd)] = 1
    batch: Literal["one", "all"] | Annotated[int, Field(ge=2, le=LARGEST_BATCH)] = "all"
    temperature: float = Field(0.0, ge=0, le=2)
    max_output_tokens: int = Field(4000, ge=100, le=200_000)
    seed: int | None = Field(None, ge=0, le=2**31 - 1 - MOST_VOTES)
    transcript_limit: int = Field(120_000, ge=2_000, le=2_000_000)
    concurrency: int = Field(2, ge=1, le=16)

    @property
    def batch_size(self) -> int:
        if self.batch == "one":
            return 1
        return LARGEST_BATCH if self.batch == "all" else int(self.batch)
