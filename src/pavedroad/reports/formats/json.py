"""The Run itself: versioned JSON, described by a published JSON Schema; ``load_run`` reads it back."""

from pavedroad.core.run import Run
from pavedroad.reports.model import ReportContext
from pavedroad.reports.schema import dump_run


class JsonFormat:
    """Everything the run saw and decided, for programs. Nothing is cut."""

    name = "json"
    title = "Pavedroad run: everything, as versioned JSON"
    extension = "json"

    def render(self, run: Run, context: ReportContext) -> bytes:
        """The whole run; ``context`` changes nothing."""
        return dump_run(run)


FORMAT = JsonFormat()
