"""The documents that follow from the code are those that the code would write now."""

from django.core.management import call_command


def test_the_written_documents_are_current() -> None:
    call_command("write_docs", "--check")
