from django.apps import AppConfig


class TrailConfig(AppConfig):
    name = "camphor.trail"
