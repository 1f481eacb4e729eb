"""Pages of API tokens."""

from django.urls import path

from people.tokens import views

app_name = "tokens"

urlpatterns = [
    path("", views.token_list, name="list"),
    path("<slug:digest>/revoke/", views.token_revoke, name="revoke"),
]
