"""The addresses of papers."""

from django.urls import path

from camphor.papers import views

urlpatterns = [path("papers/recommendations/<int:pk>.docx", views.recommendation, name="letter")]
