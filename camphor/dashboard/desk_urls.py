"""The addresses of the desk."""

from django.urls import path

from camphor.dashboard import desk

urlpatterns = [
    path("desk/", desk.desk, name="desk"),
    path("desk/notices/read/", desk.read_notices, name="read_notices"),
    path("desk/consultations/new/", desk.new_consultation, name="desk_new"),
    path("desk/<slug:noun>/", desk.PAGES.list, name="desk_list"),
    path("desk/<slug:noun>/<int:pk>/", desk.PAGES.thing, name="desk_thing"),
    path("desk/<slug:noun>/<int:pk>/<slug:move>/", desk.PAGES.move, name="desk_move"),
]
