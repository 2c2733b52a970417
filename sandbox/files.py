"""Files that were sent: their bytes, ids and, for pictures, their size."""

import secrets
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sandbox.errors import bad_request

FOLDERS = {
    "photo": "photos",
    "document": "documents",
    "voice": "voice",
    "audio": "music",
    "video": "videos",
    "sticker": "stickers",
}
_EXTENSIONS = {"photo": ".jpg", "voice": ".oga", "audio": ".mp3", "video": ".mp4"}


@dataclass
class StoredFile:
    """One file as the server keeps it."""

    file_id: str
    unique_id: str
    kind: str
    name: str
    mime_type: str
    content: bytes
    path: str

    def reference(self) -> dict[str, Any]:
        """The fields every Bot API file object has."""
        return {
            "file_id": self.file_id,
            "file_unique_id": self.unique_id,
            "file_size": len(self.content),
        }


@dataclass
class FileStore:
    """All files by file_id and by download path."""

    by_id: dict[str, StoredFile] = field(default_factory=dict)
    by_path: dict[str, StoredFile] = field(default_factory=dict)

    def add(self, kind: str, content: bytes, name: str, mime_type: str) -> StoredFile:
        """Keep a file and give it its ids; an empty one is refused as Telegram does."""
        if not content:
            raise bad_request("file must be non-empty")
        number = len(self.by_id)
        extension = _EXTENSIONS.get(kind) or _extension(name)
        stored = StoredFile(
            file_id=f"SBX{number:06d}-{secrets.token_urlsafe(24)}",
            unique_id=f"U{number:06d}{secrets.token_hex(4)}",
            kind=kind,
            name=name,
            mime_type=mime_type or "application/octet-stream",
            content=content,
            path=f"{FOLDERS.get(kind, 'documents')}/file_{number}{extension}",
        )
        self.keep(stored)
        return stored

    def keep(self, stored: StoredFile) -> None:
        """Put a file back, for example from a saved state."""
        self.by_id[stored.file_id] = stored
        self.by_path[stored.path] = stored

    def get(self, file_id: str) -> StoredFile | None:
        """The file, or None when the id is unknown."""
        return self.by_id.get(file_id)


def _extension(name: str) -> str:
    _, dot, extension = name.rpartition(".")
    return f".{extension.lower()}" if dot and extension.isalnum() else ""


def picture_size(content: bytes) -> tuple[int, int] | None:
    """Width and height in pixels of a PNG, GIF, JPEG or WebP; None when it is not a picture."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return width, height
    if content[:6] in (b"GIF87a", b"GIF89a") and len(content) >= 10:
        width, height = struct.unpack("<HH", content[6:10])
        return width, height
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return 512, 512
    if content.startswith(b"\xff\xd8"):
        return next(_jpeg_sizes(content), None)
    return None


def _jpeg_sizes(content: bytes) -> Iterator[tuple[int, int]]:
    """The sizes that the frame headers of a JPEG state."""
    position = 2
    while position + 9 < len(content) and content[position] == 0xFF:
        marker = content[position + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[position + 5 : position + 9])
            yield width, height
        position += 2 + int.from_bytes(content[position + 2 : position + 4], "big")
