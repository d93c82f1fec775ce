from django.urls import path

from authoring.inbox import views

app_name = "inbox"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("<int:pk>/", views.open_news, name="open"),
    path("read/", views.mark_all, name="read"),
]
