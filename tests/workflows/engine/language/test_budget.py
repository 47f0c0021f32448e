import gc
from time import thread_time

from workflows.engine.language.budget import own_time


def test_the_collectors_time_is_not_the_texts():
    """A pause over a large heap once made a lawful script fail as too slow."""
    heap = [[number] for number in range(300_000)]
    own, whole = own_time(), thread_time()
    gc.collect()
    own, whole = own_time() - own, thread_time() - whole
    assert len(heap) == 300_000
    assert own < whole / 2
