"""A registry on Apache Spark: the same mapping, a unit of input a task, a shard of N-Quads a unit.

Only the mapping runs there. Workers need this package, and must reach input and output under the same
paths. A task that is lost with its worker is run again by Spark, and an interrupted run resumes where
it was; the shards are the same bytes as those of one process, cut elsewhere.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys

from bempeg_kg._version import __version__
from bempeg_kg.content.writing import writing_errors
from bempeg_kg.errors import EngineError, UsageError
from bempeg_kg.registry.import_report import Report
from bempeg_kg.registry.joins import Joins
from bempeg_kg.registry.run import nothing_landed
from bempeg_kg.registry.shards import make_shard, settle
from bempeg_kg.registry.units import UNIT, Part, fingerprint, units_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

_STAGE = ".stage-"


def import_on_spark(
    master: str, sources: Sequence[str], output: str, joins: Joins, *, unit: int = UNIT
) -> Report:
    """Import registry records on the Spark cluster of `master` into a folder: `part-00000.nq` and so on.

    About `unit` bytes of input make a shard. Raises UsageError without pyspark, InputError for the
    input, EngineError when Spark fails for good.
    """
    units = units_of(sources, unit)
    stage = _stage(output, fingerprint(sources, repr(joins), str(unit), __version__))
    with _session(master) as context:
        shared = context.broadcast((stage, joins))
        work = context.parallelize(list(enumerate(units)), max(len(units), 1))
        try:
            work.foreach(_Task(shared))
        except Exception as error:  # noqa: BLE001  whatever py4j wraps a failure of the cluster in
            cure = "Run it again: it resumes where it stopped."
            raise EngineError(_first_line(error), where=master, cure=cure) from None
    with writing_errors(output):
        report = settle(stage, output, len(units))
        if not report.landed:
            raise nothing_landed(report, sources)
        shutil.rmtree(stage)
    return report


class _Task:
    """What a worker does with one unit. It holds nothing but the broadcast, which Spark sends once."""

    def __init__(self, shared: Any) -> None:
        self._shared = shared

    def __call__(self, work: tuple[int, list[Part]]) -> None:
        number, unit = work
        stage, joins = self._shared.value
        make_shard(stage, number, unit, joins)


def _stage(output: str, name: str) -> str:
    """The stage folder of this work; stage folders of other work are removed."""
    stage = os.path.abspath(os.path.join(output, _STAGE + name))
    with writing_errors(output):
        os.makedirs(output, exist_ok=True)
        for left in os.listdir(output):
            path = os.path.join(output, left)
            if left.startswith(_STAGE) and path != os.path.join(output, _STAGE + name):
                shutil.rmtree(path)
        os.makedirs(stage, exist_ok=True)
    return stage


@contextlib.contextmanager
def _session(master: str) -> Iterator[Any]:
    try:
        from pyspark import SparkConf, SparkContext
    except ImportError:
        raise UsageError(
            "Spark is not installed", cure="pip install 'bempeg-kg[spark]', and Java 17."
        ) from None
    if shutil.which("java") is None and not os.environ.get("JAVA_HOME"):
        raise UsageError("Spark needs Java", cure="Install Java 17, or name it in JAVA_HOME.")
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    path = os.pathsep.join(part for part in (os.path.dirname(root), os.environ.get("PYTHONPATH")) if part)
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    conf = SparkConf().setMaster(master).setAppName("bempeg-kg import")
    for key, value in {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.executorEnv.PYTHONPATH": path,
        "spark.log.level": "ERROR",
    }.items():
        conf.setIfMissing(key, value)
    try:
        context = SparkContext(conf=conf)
    except Exception as error:  # noqa: BLE001  py4j wraps whatever the JVM throws
        raise EngineError(f"Spark did not start: {_first_line(error)}", where=master) from None
    try:
        yield context
    finally:
        context.stop()


def _first_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    error_lines = [line for line in lines if "Error" in line and not line.startswith(("File", "at "))]
    return (error_lines or lines or [type(error).__name__])[-1 if error_lines else 0][:300]
