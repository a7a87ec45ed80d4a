from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "camphor.conversations"
    searched = "camphor.conversations.searched.SOURCES"
