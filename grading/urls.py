from django.urls import path, re_path

from grading.views import (
    checks,
    episodes,
    gradings,
    judging,
    people,
    queue,
    runs,
    statistics,
)

app_name = "grading"
urlpatterns = [
    path("", runs.runs, name="runs"),
    path("checks/", checks.kinds, name="checks"),
    path("queue/", queue.queue, name="queue"),
    path("queue/next/", queue.queue_next, name="queue_next"),
    path("blind/", people.blind, name="blind"),
    path("<int:pk>/", runs.run, name="run"),
    path("<int:pk>/progress/", runs.run_progress, name="run_progress"),
    path("<int:pk>/statistics/", statistics.statistics, name="statistics"),
    path("<int:pk>/cancel/", runs.run_cancel, name="run_cancel"),
    path("<int:pk>/retry-grading/", judging.retry_grading, name="retry_grading"),
    path("<int:pk>/gradings/", gradings.gradings, name="gradings"),
    path("<int:pk>/gradings/progress/", gradings.gradings_progress, name="gradings_progress"),
    path("<int:pk>/gradings/compare/", gradings.compare, name="compare"),
    path("<int:pk>/gradings/<int:grading>/cancel/", gradings.grading_cancel, name="grading_cancel"),
    path("<int:pk>/gradings/<int:grading>/official/", gradings.official, name="official"),
    path("<int:run_pk>/e/<int:pk>/", episodes.episode, name="episode"),
    path("<int:run_pk>/e/<int:pk>/try/", checks.try_check, name="try_check"),
    path("<int:run_pk>/e/<int:pk>/retry-grading/", judging.retry_episode, name="retry_episode"),
    path("<int:run_pk>/e/<int:pk>/verdicts/", people.verdict, name="verdict"),
    path(
        "<int:run_pk>/e/<int:pk>/verdicts/<int:verdict_pk>/withdraw/",
        people.verdict_withdraw,
        name="verdict_withdraw",
    ),
    path("<int:run_pk>/e/<int:pk>/failure-note/", people.failure_note, name="failure_note"),
    path("<int:run_pk>/e/<int:pk>/reports/", people.report, name="report_task"),
    re_path(
        r"^(?P<run_pk>\d+)/e/(?P<pk>\d+)/steps/(?P<index>\d+)/(?P<part>arguments|result)/$",
        episodes.step_payload,
        name="step_payload",
    ),
]
