"""Search by the database alone, in pages: haystack's own shows its first page for every page."""

from haystack.backends.simple_backend import SimpleEngine, SimpleSearchBackend


class PagedBackend(SimpleSearchBackend):
    """Gives the page that is asked for."""

    def search(self, query_string, **kwargs):
        """What is found from `start_offset` to `end_offset`."""
        found = super().search(query_string, **kwargs)
        page = slice(kwargs.get("start_offset", 0), kwargs.get("end_offset"))
        return {**found, "results": found["results"][page]}


class PagedEngine(SimpleEngine):
    """Names the backend."""

    backend = PagedBackend
