from django.apps import AppConfig

from camphor.kit.plain_errors import speak_plainly


class KitConfig(AppConfig):
    name = "camphor.kit"

    def ready(self) -> None:
        speak_plainly()
