"""What a file really is, by what it begins with and holds. Its name proves nothing."""

from __future__ import annotations

from io import BytesIO
from zipfile import BadZipFile, ZipFile

from monitoring.models.self_assessment import SelfEvidence

Media = SelfEvidence.Media
ENDINGS = (".pdf", ".png", ".docx")
TYPES = {
    Media.PDF: "application/pdf",
    Media.PNG: "image/png",
    Media.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_PDF, _PNG, _ZIP = b"%PDF-", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04"


def media_of(content: bytes) -> SelfEvidence.Media | None:
    """PDF, PNG or a Word document without macros; None for anything else."""
    if content.startswith(_PDF):
        return Media.PDF
    if content.startswith(_PNG):
        return Media.PNG
    return Media.DOCX if content.startswith(_ZIP) and _is_document(content) else None


def _is_document(content: bytes) -> bool:
    """Only the list of what is inside is read; nothing is unpacked."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            names = {name.lower() for name in archive.namelist()}
    except BadZipFile:
        return False
    return {"[content_types].xml", "word/document.xml"} <= names and "word/vbaproject.bin" not in names
