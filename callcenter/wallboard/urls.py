"""Pages for a screen on the wall."""

from django.urls import path

from callcenter.wallboard import views

app_name = "wallboard"

urlpatterns = [
    path("", views.choice, name="choice"),
    path("team/<int:pk>/", views.team, name="team"),
    path("queue/<int:pk>/", views.queue, name="queue"),
]
