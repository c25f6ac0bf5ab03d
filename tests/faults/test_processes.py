"""Several processes on one paid campaign."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from brandkit.campaign.ledger import Ledger
from brandkit.testing.provider import Provider

ROOT = Path(__file__).parents[2]
AT_ONCE = 4
RUN = """
import sys
from pathlib import Path
from brandkit.errors import BrandkitError
from tests.faults.jobs import job_at
try:
    job_at().run(Path(sys.argv[1]))
except BrandkitError as error:
    print(error, file=sys.stderr)
    sys.exit(error.exit_code)
"""


def test_of_several_processes_on_one_campaign_one_buys_and_the_others_say_who(tmp_path):
    with Provider() as server:
        account = {"OPENAI_API_KEY": server.key, "OPENAI_BASE_URL": server.base_url, "PYTHONPATH": str(ROOT)}
        with server._lock:  # no request is answered before all but one have ended
            runs = [
                subprocess.Popen(
                    [sys.executable, "-c", RUN, str(tmp_path)], env={**os.environ, **account}, cwd=ROOT, stderr=subprocess.PIPE, text=True
                )
                for _ in range(AT_ONCE)
            ]
            end = time.monotonic() + 120
            while sum(run.poll() is not None for run in runs) < AT_ONCE - 1 and time.monotonic() < end:
                time.sleep(0.05)
            (winner,) = [run for run in runs if run.poll() is None]
        told = {run: run.communicate(timeout=120)[1] for run in runs}
        assert winner.returncode == 0, told[winner]
        for run in runs:
            if run is not winner:
                assert run.returncode == 3 and f"is in use by process {winner.pid}" in told[run]
        ledger = Ledger(tmp_path / "record.db")
        attempts = ledger.attempts()
        ledger.close()
        assert len(server.seen) == len(server.bill) == len({attempt.fingerprint for attempt in attempts}) == len(attempts) == 2
