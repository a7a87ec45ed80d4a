"""The addresses of consultations and what came of them."""

from django.urls import path

from camphor.consultations import views

urlpatterns = [
    path("consultations/<int:pk>/", views.consultation, name="consultation"),
    path("recommendations/<int:pk>/", views.recommendation, name="recommendation"),
]
