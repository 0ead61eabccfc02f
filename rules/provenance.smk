"""What made the results of this folder: results/provenance.json, a line a call."""

from rerunoff.provenance import add_call

PROVENANCE = "results/provenance.json"


# Hooks, not a rule: a resumed run and the call for one figure are recorded as well, and
# a new call makes nothing out of date.
onsuccess:
    add_this_call()


onerror:
    add_this_call()
    say_how_to_go_on()
