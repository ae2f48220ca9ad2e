"""Checks our TensorBoard event files with TensorBoard itself, and makes the golden file.

  python tools/reference/tensorboard_events.py golden
      writes Tests/CytoselfTrainingTests/Fixtures/events.golden with TensorBoard's own writer
  python tools/reference/tensorboard_events.py read RUN/tensorboard
      prints every scalar that TensorBoard reads from the folder, one line per tag

Made with tensorboard 2.20.
"""

import sys
from pathlib import Path

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.summary.writer.record_writer import RecordWriter

FIXTURE = Path(__file__).resolve().parents[2] / (
    "Tests/CytoselfTrainingTests/Fixtures/events.golden"
)


def golden():
    """Three events at fixed times: version, session start, two scalars (one of them zero)."""
    FIXTURE.parent.mkdir(exist_ok=True)
    session = event_pb2.SessionLog(status=event_pb2.SessionLog.START)
    values = [
        summary_pb2.Summary.Value(tag="train/loss", simple_value=0.5),
        summary_pb2.Summary.Value(tag="val/loss", simple_value=0.0),
    ]
    events = [
        event_pb2.Event(wall_time=1000.5, file_version="brain.Event:2"),
        event_pb2.Event(wall_time=1000.5, step=3, session_log=session),
        event_pb2.Event(wall_time=1000.5, step=7, summary=summary_pb2.Summary(value=values)),
    ]
    with FIXTURE.open("wb") as file:
        writer = RecordWriter(file)
        for event in events:
            writer.write(event.SerializeToString())
        writer.flush()


def read(folder):
    accumulator = EventAccumulator(folder, size_guidance={"scalars": 0})
    accumulator.Reload()
    for tag in sorted(accumulator.Tags()["scalars"]):
        points = accumulator.Scalars(tag)
        print(tag, *(f"{point.step}:{point.value:.6g}" for point in points))


if __name__ == "__main__":
    golden() if sys.argv[1] == "golden" else read(sys.argv[2])
