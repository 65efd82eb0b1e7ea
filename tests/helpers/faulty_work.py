"""Work for worker processes with faults; imports nothing, since each process imports it anew."""

import os


def faulty(task: int) -> int:
    """Ten times the task; 1 ends the process, 2 raises an error, 3 does not end."""
    if task == 1:
        os._exit(3)
    if task == 2:
        raise ValueError("no picture")
    while task == 3:
        pass
    return task * 10
