"""Papers that people hand in: PDF to sign, DOCX to go on writing in, XLSX to go on reckoning in."""

from maps.documents.pictures import FormPictures
from maps.documents.rendering import formats_of, render_form

__all__ = ["FormPictures", "formats_of", "render_form"]
