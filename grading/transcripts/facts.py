"""What a line says of a rollout besides its conversation, in every form."""

from typing import Any

from grading.models import Verdict
from grading.transcripts.reading import Transcript


def facts_of(transcript: Transcript) -> dict[str, Any]:
    """Give reward, verdicts and where it is from. mask: nothing may be learned from it.
    is_forgotten: the transcript was removed; what was decided is still there."""
    rollout, episode = transcript.rollout, transcript.episode
    return {
        "rollout": rollout.pk,
        "run": rollout.run_id,
        "source": rollout.run.source,
        "task": rollout.subject,
        "agent": rollout.agent,
        "index": rollout.index,
        "group": rollout.group,
        "labels": rollout.labels,
        "world": str(episode.world),
        "world_hash": episode.world.content_hash,
        "mode": transcript.spec.mode,
        "outcome": transcript.outcome,
        "settled_at": transcript.settled_at.isoformat() if transcript.settled_at else None,
        "stop_reason": episode.stop_reason,
        "is_truncated": episode.is_truncated,
        "is_forgotten": episode.is_forgotten,
        "reward": transcript.reward,
        "passed": transcript.passed,
        "mask": transcript.is_masked,
        "verdicts": [_verdict(transcript, criterion) for criterion in transcript.criteria],
        "final_response": episode.final_response,
        "state_hash": episode.state_hash,
        "usage": episode.usage,
        "cost": float(episode.cost),
        "customer_usage": episode.customer_usage,
        "customer_cost": float(episode.customer_cost),
    }


def _verdict(transcript: Transcript, criterion: Any) -> dict[str, Any]:
    verdict: Verdict | None = transcript.verdicts.get(criterion.key)
    return {
        "criterion_id": criterion.key,
        "text": criterion.text,
        "points": criterion.points,
        "kind": criterion.kind,
        "outcome": verdict.outcome if verdict else None,
        "source": verdict.source if verdict else None,
        "rationale": verdict.rationale if verdict else None,
    }
