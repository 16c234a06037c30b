"""Task services: create, ask, download; each service is a page of data in ``services/``."""
