"""What the product counts and times about itself, for Prometheus.

With several web processes each writes its figures into PROMETHEUS_MULTIPROC_DIR (set by
whoever starts them), and whichever process is asked adds them up.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

import psutil
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

MEDIA_TYPE = CONTENT_TYPE_LATEST

QUICK = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
USUAL = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

REQUESTS = Histogram(
    "studymaster_api_request_seconds",
    "From a request's arrival to the last byte of its answer.",
    ("method", "route", "status"),
    buckets=USUAL,
)
QUERIES = Histogram(
    "studymaster_database_query_seconds",
    "From sending a statement to PostgreSQL to its answer.",
    ("statement",),
    buckets=QUICK,
)
CACHE_READS = Counter(
    "studymaster_cache_reads",
    "Kept answers that were asked for: hit, miss, or away (Redis did not answer).",
    ("kind", "result"),
)
SOCKETS = Gauge(
    "studymaster_websocket_connections",
    "Open sockets: `pages` are tabs, `events` are programs and scripts.",
    ("namespace",),
    multiprocess_mode="livesum",
)
POOL = Gauge(
    "studymaster_database_connections",
    "Connections to PostgreSQL that are in use.",
    multiprocess_mode="livesum",
)


class _Queues(Collector):
    """The lengths of the job queues, as they were just read."""

    def __init__(self, waiting: Mapping[str, int]) -> None:
        self._waiting = waiting

    def collect(self) -> Iterable[Metric]:
        family = GaugeMetricFamily(
            "studymaster_queue_jobs", "Jobs that wait for a worker.", labels=["queue"]
        )
        for queue, length in self._waiting.items():
            family.add_metric([queue], length)
        yield family


def exposition(*, waiting: Mapping[str, int], shared: Path | None) -> bytes:
    """Return all figures in Prometheus' text format.

    Args:
        waiting: jobs in each queue; a queue nobody could look at is left out.
        shared: folder into which several processes write; None for one process alone.
    """
    queues = CollectorRegistry()
    queues.register(_Queues(waiting))
    if shared is None:
        return generate_latest(REGISTRY) + generate_latest(queues)
    _forget_the_dead(shared)
    together = CollectorRegistry()
    MultiProcessCollector(together, str(shared))
    return generate_latest(together) + generate_latest(queues)


def _forget_the_dead(shared: Path) -> None:
    """Take out what a process that ended still claims to have open."""
    for file in shared.glob("gauge_live*.db"):
        pid = int(file.stem.rpartition("_")[2])
        if not psutil.pid_exists(pid):
            file.unlink(missing_ok=True)
