from django.apps import AppConfig


class MattersConfig(AppConfig):
    name = "camphor.matters"
    searched = "camphor.matters.searched.SOURCES"
