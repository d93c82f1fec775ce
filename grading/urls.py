from django.urls import path, re_path

from grading import views

app_name = "grading"
urlpatterns = [
    path("", views.runs, name="runs"),
    path("<int:pk>/", views.run, name="run"),
    path("<int:pk>/progress/", views.run_progress, name="run_progress"),
    path("<int:pk>/cancel/", views.run_cancel, name="run_cancel"),
    path("<int:run_pk>/e/<int:pk>/", views.episode, name="episode"),
    re_path(
        r"^(?P<run_pk>\d+)/e/(?P<pk>\d+)/steps/(?P<index>\d+)/(?P<part>arguments|result)/$",
        views.step_payload,
        name="step_payload",
    ),
]
