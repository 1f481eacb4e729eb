"""Reports: as files, and their schedules."""

from django.urls import path

from callcenter.reports import views

app_name = "reports"

urlpatterns = [
    path("", views.report_list, name="list"),
    path("new/", views.report_create, name="create"),
    path("centre.pdf", views.centre_pdf, name="centre_pdf"),
    path("teams/<int:pk>.pdf", views.team_pdf, name="team_pdf"),
    path("<int:pk>/", views.report_detail, name="detail"),
    path("<int:pk>/edit/", views.report_edit, name="edit"),
    path("<int:pk>/pause/", views.report_pause, name="pause"),
    path("<int:pk>/resume/", views.report_resume, name="resume"),
    path("<int:pk>/send/", views.report_send, name="send"),
    path("<int:pk>/delete/", views.report_delete, name="delete"),
]
