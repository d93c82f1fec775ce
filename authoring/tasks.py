"""Celery's way in: ids only, safe to deliver twice."""

from celery import shared_task

from authoring import retention
from authoring.drafts import cutting, saving
from authoring.strength import reports


@shared_task
def measure_strength(report_id: int) -> None:
    reports.run_report(report_id)


@shared_task
def repeat_lost_reports() -> None:
    """Bring back what dead workers left and what lost messages left unsaid."""
    reports.repeat_lost_reports()


@shared_task
def forget_old_transcripts() -> None:
    """Remove the steps of old runs, where the setting asks for it."""
    retention.forget_old()


@shared_task
def end_editing_sessions() -> None:
    """Keep what people wrote and left."""
    cutting.end_sessions(saving.SESSION)
