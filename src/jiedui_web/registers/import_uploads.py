"""Files as they arrive: straight into the upload folder, hashed on the way, gone unless kept."""

from __future__ import annotations

import hashlib
import secrets
import shutil
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

from jiedui_web.bridge.importing import ENDINGS
from jiedui_web.registers.import_runs import upload_folder
from jiedui_web.registers.importing import Stored

if TYPE_CHECKING:
    _Uploaded = UploadedFile[bytes]
else:
    _Uploaded = UploadedFile

MIB = 2**20
RESERVE = 200 * MIB
"""Space that stays free for the database."""


class ArrivedFile(_Uploaded):
    """An uploaded file that lies in the upload folder already."""

    def __init__(self, stored: Stored, content_type: str) -> None:
        super().__init__(None, stored.name, content_type, stored.size)
        self.stored = stored

    def close(self) -> None:
        """Hold nothing open."""


class IntoFolder(FileUploadHandler):
    """Writes each file into the upload folder under a random name.

    Attributes
    ----------
    fault : str
        Why a file was not taken: ``large``, ``full`` or ``ending``; the rest of the form is read.
    """

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.fault = ""
        self._made: set[Path] = set()
        self._path = Path()
        self._out: IO[bytes] | None = None
        self._digest = hashlib.sha256()
        self._size = 0

    def handle_raw_input(
        self,
        input_data: Any,  # noqa: ANN401, ARG002 - as Django declares it
        META: dict[str, str],  # noqa: ARG002, N803
        content_length: int,
        boundary: str,  # noqa: ARG002
        encoding: str | None = None,  # noqa: ARG002
    ) -> None:
        """Look at the size that the browser tells before anything is written."""
        if content_length > settings.UPLOAD_MOST_MB * MIB:
            self.fault = "large"
        elif shutil.disk_usage(upload_folder()).free < content_length + RESERVE:
            self.fault = "full"

    def new_file(self, *values: Any, **named: Any) -> None:  # noqa: ANN401 - as Django declares it
        """Open a file of a random name."""
        super().new_file(*values, **named)
        ending = Path(self.file_name or "").suffix.lower()
        if not self.fault and ending not in ENDINGS:
            self.fault = "ending"
        if self.fault:
            raise SkipFile
        self._path = upload_folder() / (secrets.token_hex(16) + ending)
        self._digest, self._size = hashlib.sha256(), 0
        try:
            self._out = self._path.open("xb")
        except OSError:
            self._give_up("full")
        self._made.add(self._path)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:  # noqa: ARG002
        """Write a part; beyond the limit, or without space, the file is let go."""
        self._size += len(raw_data)
        if self._size > settings.UPLOAD_MOST_MB * MIB:
            self._give_up("large")
        self._digest.update(raw_data)
        try:
            if self._out:
                _write(self._out, raw_data)
        except OSError:
            self._give_up("full")

    def file_complete(self, file_size: int) -> ArrivedFile | None:
        """Close a file that came whole."""
        if self._out is None:
            return None
        try:
            self._out.close()
        except OSError:
            self.fault = "full"
            return None
        name, self._out = self.file_name or "", None
        return ArrivedFile(
            Stored(name, self._path.name, self._digest.hexdigest(), file_size), self.content_type or ""
        )

    def keep(self, stored: str) -> None:
        """Keep a file beyond the request."""
        self._made.discard(upload_folder() / stored)

    def discard(self) -> None:
        """Remove every file that nobody kept, whole or not."""
        if self._out:
            self._out.close()
        for path in self._made:
            path.unlink(missing_ok=True)
        self._made.clear()

    def _give_up(self, fault: str) -> None:
        self.fault = fault
        self.discard()
        self._out = None
        raise SkipFile


def _write(out: IO[bytes], data: bytes) -> None:
    """Write a part of a file."""
    out.write(data)
