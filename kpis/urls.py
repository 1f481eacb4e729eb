"""Pages with numbers."""

from django.urls import path

from kpis.explore.urls import urlpatterns as explore
from kpis.views import catalogue, columns, overviews, rows, runs

app_name = "kpis"

urlpatterns = [
    path("centre/", overviews.centre, name="centre"),
    path("teams/", overviews.team_list, name="team_list"),
    path("teams/<int:pk>/", overviews.team_detail, name="team_detail"),
    path("agents/", overviews.agent_list, name="agent_list"),
    path("agents/<int:pk>/", overviews.agent_detail, name="agent_detail"),
    path("queues/", overviews.queue_list, name="queue_list"),
    path("queues/<int:pk>/", overviews.queue_detail, name="queue_detail"),
    path("columns/", columns.choose_columns, name="choose_columns"),
    path("kpis/", catalogue.catalogue, name="catalogue"),
    path("kpis/<slug:key>/", catalogue.kpi_detail, name="kpi_detail"),
    path("kpis/<slug:key>/rows/<slug:part>/", rows.rows, name="rows_behind"),
    *explore,
    path("runs/", runs.run_list, name="run_list"),
    path("runs/recompute/", runs.recompute, name="recompute"),
    path("runs/<int:pk>/", runs.run_detail, name="run_detail"),
]
