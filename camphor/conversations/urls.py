"""The addresses of conversations."""

from django.urls import path

from camphor.conversations import ballot, views

urlpatterns = [
    path("talk/<int:pk>/", views.talk, name="talk"),
    path("talk/<int:pk>/next/", ballot.next_in_full, name="talk_next"),
    path("talk/<int:pk>/votes/", ballot.vote, name="talk_votes"),
    path("talk/<int:pk>/say/", views.say, name="say"),
    path("talk/<int:pk>/map/", views.opinion_map, name="talk_map"),
    path("talk/<int:pk>/statements/", views.statements, name="talk_statements"),
]
