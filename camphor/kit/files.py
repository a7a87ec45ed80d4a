"""A file in a form: checked as it comes in, and not lost where the form comes back with an error.

No page can fill in a file again, so the server keeps it for its uploader: on a shelf, under a key that stands
in the page alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

KEPT = "-kept"
"""What the key of a kept file is posted under, after the name of its field."""


@dataclass(frozen=True)
class Kept:
    """A file that waits on the shelf: the key to it, its name, and what is in it."""

    key: str
    name: str
    content: bytes

    def __len__(self) -> int:
        return len(self.content)


class Shelf(Protocol):
    """Where the files of one field in one form wait for one person."""

    def keep(self, name: str, content: bytes, *, instead_of: str) -> str:
        """Keep a file, in the place of an earlier one, and tell the key to it."""

    def find(self, key: str) -> Kept | None:
        """The file behind a key of this person and this field; none once its time is over."""

    def drop(self, key: str) -> None:
        """Keep it no longer."""


class KeepingInput(forms.ClearableFileInput):
    """The file that was chosen, or else the key of one that is kept."""

    key = ""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        chosen = super().value_from_datadict(data, files, name)
        self.key = data.get(name + KEPT, "")
        return chosen or self.key or None

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return super().value_omitted_from_data(data, files, name) and name + KEPT not in data


class KeptFileField(forms.FileField):
    """A file whose content `read` checks and makes plain; its value is that content.

    read: raises a ValidationError for what may not come in. shelf: where it is kept; nowhere without one.
    again: what it makes of a content that it read before, and that waited on the shelf since.
    """

    def __init__(
        self,
        *,
        read: Callable[[UploadedFile[Any]], bytes],
        shelf: Shelf | None,
        accept: str,
        again: Callable[[bytes], bytes] = bytes,
        **kwargs: Any,
    ) -> None:
        super().__init__(widget=KeepingInput({"accept": accept}), **kwargs)
        self.read, self.shelf, self.again = read, shelf, again
        self.kept: Kept | None = None

    def clean(self, data: Any, initial: Any = None) -> bytes | None:
        """The content of the file that was chosen, or of the one that was kept before."""
        before = self.widget.key
        self.kept = self.shelf.find(before) if self.shelf and before else None
        if isinstance(data, str):
            if self.kept is None:
                raise forms.ValidationError(_("The file that was kept is gone. Please choose it again."))
            return self.again(self.kept.content)
        sent = super().clean(data, initial)
        if not sent:
            return None
        sent.seek(0)  # a form that was overtaken is read twice
        content = self.read(sent)  # where it may not come in, the one that was kept before stays
        self.kept = Kept("", sent.name or "", content)
        return content

    def keep(self) -> None:
        """The form comes back: what was read waits on the shelf."""
        if self.kept and self.shelf:
            kept, before = self.kept, self.widget.key
            key = self.shelf.keep(kept.name, kept.content, instead_of=before)
            self.kept = Kept(key, kept.name, kept.content)

    def done(self) -> None:
        """What was sent has arrived: nothing of it waits any longer."""
        if self.shelf and self.widget.key:
            self.shelf.drop(self.widget.key)


def keep_files(form: forms.Form) -> None:
    """The form comes back with an error, and what could be read of its files goes back with it."""
    form.is_valid()  # one that was overtaken has not been read yet
    for field in _files_of(form):
        field.keep()


def files_arrived(form: forms.Form) -> None:
    """What was sent with the form has arrived: nothing of it waits any longer."""
    for field in _files_of(form):
        field.done()


def _files_of(form: forms.Form) -> list[KeptFileField]:
    return [field for field in form.fields.values() if isinstance(field, KeptFileField)]
