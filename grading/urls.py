from django.urls import path, re_path

from grading.views import checks, episodes, judging, runs, statistics

app_name = "grading"
urlpatterns = [
    path("", runs.runs, name="runs"),
    path("checks/", checks.kinds, name="checks"),
    path("<int:pk>/", runs.run, name="run"),
    path("<int:pk>/progress/", runs.run_progress, name="run_progress"),
    path("<int:pk>/statistics/", statistics.statistics, name="statistics"),
    path("<int:pk>/cancel/", runs.run_cancel, name="run_cancel"),
    path("<int:pk>/retry-grading/", judging.retry_grading, name="retry_grading"),
    path("<int:run_pk>/e/<int:pk>/", episodes.episode, name="episode"),
    path("<int:run_pk>/e/<int:pk>/try/", checks.try_check, name="try_check"),
    path("<int:run_pk>/e/<int:pk>/retry-grading/", judging.retry_episode, name="retry_episode"),
    re_path(
        r"^(?P<run_pk>\d+)/e/(?P<pk>\d+)/steps/(?P<index>\d+)/(?P<part>arguments|result)/$",
        episodes.step_payload,
        name="step_payload",
    ),
]
