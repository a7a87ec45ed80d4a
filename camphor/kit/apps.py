from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "camphor.kit"
