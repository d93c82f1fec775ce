from django.urls import path, re_path

from grading.views import episodes, runs, statistics

app_name = "grading"
urlpatterns = [
    path("", runs.runs, name="runs"),
    path("<int:pk>/", runs.run, name="run"),
    path("<int:pk>/progress/", runs.run_progress, name="run_progress"),
    path("<int:pk>/statistics/", statistics.statistics, name="statistics"),
    path("<int:pk>/cancel/", runs.run_cancel, name="run_cancel"),
    path("<int:run_pk>/e/<int:pk>/", episodes.episode, name="episode"),
    re_path(
        r"^(?P<run_pk>\d+)/e/(?P<pk>\d+)/steps/(?P<index>\d+)/(?P<part>arguments|result)/$",
        episodes.step_payload,
        name="step_payload",
    ),
]
