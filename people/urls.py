"""Pages of people: signing in and out, one's own account."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from people import views

urlpatterns = [
    path("accounts/login/", views.login, name="login"),
    path("accounts/logout/", LogoutView.as_view(), name="logout"),
    path("accounts/password/", views.OwnPasswordChange.as_view(), name="password_change"),
    path("accounts/", views.account, name="account"),
]
