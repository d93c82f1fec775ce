from django.urls import path

from authoring.editor import views

app_name = "editor"
urlpatterns = [
    path("", views.prompt, name="prompt"),
    path("save/", views.save_fields, name="save"),
    path("frame/", views.frame_parts, name="frame"),
    path("agent/", views.agent, name="agent"),
]
