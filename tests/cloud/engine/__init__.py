"""The test cloud's engine: ministack (PyPI, MIT; the version is pinned in requirements.txt), made as strict and as complete as the tests need.

    launch.py → environment → serve → parts → ministack, with what is patched into it
                parent        record

Starting       launch.py       the process: its options, its virtual environment
               environment.py  makes that environment, once
               parent.py       ends with whoever started it
               parts.py        puts the patches below into ministack, in order
               names.py        every name of ministack that is called, patched or read; checked at the start
Asking         serve.py        the port: AWS's APIs, and `/_cloud/…` for the tests
               record.py       every call; `judge.py` says by AWS's models what is wrong with one, `model.py` which operation it is, `sent.py` what it says
               plan.py         what a test wants to last or to fail
Stacks         operations.py   operations in motion: holds, failures, calling off
               changes.py      change sets; `compared.py` tells values before and after
               templates.py    templates and references; `existing.py` parameters of AWS's own types; `imports.py` imports
               refusals.py     what is refused before anything happens; `quotas.py` what is too much
               answers.py      DescribeStacks; `events.py`, `history.py`, `listings.py` what happened and what is there
Resources      kinds.py        how a type is told to ministack
               network.py, transit.py, database.py, snapshots.py, search.py, storage.py, vault.py, certificates.py, identity.py, quilt.py
               runtime.py      what runs and leaves traces: stopped tasks, log lines, refused calls, hooks
Quilt          registry/       a Quilt registry for every account
Tests of it    hammer.py       many accounts at once; `shared.py` is what keeps them from each other. `example.py` serves the demo
"""
