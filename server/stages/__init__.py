"""The eight stages that a song goes through, in order, one file each.

Each stage has a key (in addresses and data), a name, a hint (one line for somebody who has never made a
record, shown where a version's stage is chosen), what it is for, what to listen for, and a lens: what its
differences show. The same two files give eight different readings.
"""

from server.stages.distribution import DISTRIBUTION
from server.stages.editing import EDITING
from server.stages.mastering import MASTERING
from server.stages.mixing import MIXING
from server.stages.postproduction import POST_PRODUCTION
from server.stages.preproduction import PRE_PRODUCTION
from server.stages.recording import RECORDING
from server.stages.songwriting import SONGWRITING
from server.stages.stage import Stage, StageKey

__all__ = ["STAGES", "Stage", "StageKey", "stage_name", "stage_of"]

STAGES: tuple[Stage, ...] = (
    SONGWRITING,
    PRE_PRODUCTION,
    RECORDING,
    EDITING,
    POST_PRODUCTION,
    MIXING,
    MASTERING,
    DISTRIBUTION,
)
_BY_KEY: dict[str, Stage] = {stage.key: stage for stage in STAGES}


def stage_of(key: str) -> Stage:
    """Raises KeyError for what is no stage."""
    return _BY_KEY[key]


def stage_name(key: str) -> str:
    """The name that people read; raises KeyError for what is no stage."""
    return stage_of(key).name
