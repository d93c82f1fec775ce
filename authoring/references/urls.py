from collections.abc import Iterator

from django.urls import URLPattern, path

from authoring.references import miss_views, repeat_views, step_views, try_views, views


def of_solution(base: str) -> Iterator[URLPattern]:
    """Give the addresses below a solution: the reference, or a near-miss of a number."""
    yield path(f"{base}message/", views.message, name="message")
    yield path(f"{base}new/", step_views.choose, name="choose")
    yield path(f"{base}new/<str:tool>/", step_views.new, name="new")
    yield path(f"{base}repeat/<str:tool>/", repeat_views.repeat, name="repeat")
    yield path(f"{base}steps/<int:number>/", step_views.step, name="step")
    yield path(f"{base}steps/<int:number>/do/", step_views.do, name="do")


app_name = "reference"
urlpatterns = [
    path("", views.page, name="page"),
    path("toolset/", views.toolset, name="toolset"),
    path("try/", try_views.tools, name="try"),
    path("try/-/take/", try_views.take, name="take"),
    path("try/-/reset/", try_views.reset, name="try_reset"),
    path("try/<str:name>/", try_views.tool, name="try_tool"),
    path("near-misses/", miss_views.add, name="miss_add"),
    path("near-misses/<int:miss>/", miss_views.page, name="miss"),
    path("near-misses/<int:miss>/change/", miss_views.change, name="miss_change"),
    *of_solution(""),
    *of_solution("near-misses/<int:miss>/"),
]
