from django.urls import path, re_path

from grading.views import episodes, gradings, runs

app_name = "grading"
urlpatterns = [
    path("", runs.runs, name="runs"),
    path("<int:pk>/", runs.run, name="run"),
    path("<int:pk>/progress/", runs.run_progress, name="run_progress"),
    path("<int:pk>/cancel/", runs.run_cancel, name="run_cancel"),
    path("<int:pk>/gradings/", gradings.gradings, name="gradings"),
    path("<int:pk>/gradings/progress/", gradings.gradings_progress, name="gradings_progress"),
    path("<int:pk>/gradings/compare/", gradings.compare, name="compare"),
    path("<int:pk>/gradings/<int:grading>/cancel/", gradings.grading_cancel, name="grading_cancel"),
    path("<int:pk>/gradings/<int:grading>/official/", gradings.official, name="official"),
    path("<int:run_pk>/e/<int:pk>/", episodes.episode, name="episode"),
    re_path(
        r"^(?P<run_pk>\d+)/e/(?P<pk>\d+)/steps/(?P<index>\d+)/(?P<part>arguments|result)/$",
        episodes.step_payload,
        name="step_payload",
    ),
]
