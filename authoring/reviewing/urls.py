from django.urls import path

from authoring.reviewing import comment_views, views

app_name = "review"
urlpatterns = [
    path("", views.page, name="page"),
    path("decide/", views.decide, name="decide"),
    path("tick/", views.tick_criterion, name="tick"),
    path("checklist/", views.checklist, name="checklist"),
    path("reveal/", views.reveal_reference, name="reveal"),
    path("submit/", views.submit_task, name="submit"),
    path("withdraw/", views.withdraw_task, name="withdraw"),
    path("assign/", views.assign_task, name="assign"),
    path("comments/", comment_views.add, name="comment"),
    path("comments/<int:pk>/reply/", comment_views.answer, name="reply"),
    path("comments/<int:pk>/resolve/", comment_views.resolve_thread, name="resolve"),
    path("comments/<int:pk>/reopen/", comment_views.reopen_thread, name="reopen"),
]
