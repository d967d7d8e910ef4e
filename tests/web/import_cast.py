"""Files and runs of the tests of imports."""

from __future__ import annotations

import hashlib
import secrets
from pathlib import Path

from django_tasks_db.models import DBTaskResult

from jiedui_web.accounts.models import User
from jiedui_web.registers.import_runs import upload_folder
from jiedui_web.registers.importing import Stored, receive
from jiedui_web.registers.models import Import

HEAD = "户编号,户主姓名,乡镇,行政村,家庭人口,联系电话"
ROWS = ("1001,张三,河东镇,上村,3,13800000001", "1002,李四,河东镇,下村,4,13800000002")


def csv_of(*rows: str, head: str = HEAD) -> bytes:
    """Write a register of households."""
    return "\n".join([head, *rows, ""]).encode()


def store(content: bytes, name: str = "农户.csv") -> Stored:
    """Put a file where uploads arrive."""
    stored = secrets.token_hex(16) + Path(name).suffix
    (upload_folder() / stored).write_bytes(content)
    return Stored(name, stored, hashlib.sha256(content).hexdigest(), len(content))


def run_tasks() -> int:
    """Do what waits for the worker, here and now."""
    done = 0
    while waiting := DBTaskResult.objects.ready().first():
        waiting.claim("tests")
        waiting.task.call(*waiting.args_kwargs["args"], **waiting.args_kwargs["kwargs"])
        waiting.set_successful(None)
        done += 1
    return done


def taken_in(user: User, content: bytes, *, place: str, name: str = "农户.csv") -> Import:
    """Have a file received and read."""
    made, _ = receive(by=user, programme="county", place_code=place, file=store(content, name))
    run_tasks()
    made.refresh_from_db()
    return made
