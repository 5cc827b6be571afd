"""Every table, imported so that migrations and tests know the whole schema."""

from server import jobs
from server.compare import models as compare
from server.events import models as events
from server.feedback import models as feedback
from server.listening import models as listening
from server.people import models as people
from server.songs import models as songs
from server.uploads import models as uploads

__all__ = ["compare", "events", "feedback", "jobs", "listening", "people", "songs", "uploads"]
