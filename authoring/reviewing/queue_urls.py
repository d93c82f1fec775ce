from django.urls import path

from authoring.reviewing import queue_views

app_name = "reviews"
urlpatterns = [path("", queue_views.queue, name="queue")]
