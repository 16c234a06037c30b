"""
The fuzz of jobs: several job services on one database, whose calls, clocks and video service a seed decides about.

Each transaction is a call that a run lets through when it likes to, or not, or with its answer lost. So any two of them
may come in any order, and a process may be killed between them.
"""
