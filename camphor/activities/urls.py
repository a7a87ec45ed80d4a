"""The addresses of sessions."""

from django.urls import path

from camphor.activities import views

urlpatterns = [
    path("sessions/<int:pk>/", views.activity, name="activity"),
    path("sessions/<int:pk>/poster/", views.door_poster, name="door_poster"),
    path("door/<str:door_code>/", views.door, name="door"),
]
