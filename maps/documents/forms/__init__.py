"""The papers of DOMAIN.md section 10, one module each: from a record to a `maps.documents.model.Document`."""
