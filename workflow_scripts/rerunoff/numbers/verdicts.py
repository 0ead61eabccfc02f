"""The verdicts on a published number, for code that has no numpy, too."""

REPRODUCED = "reproduced"
DEVIATES = "deviates"
NOT_COMPARABLE = "not comparable"
NOT_RUN = "not run"
TO_COME = "not implemented"
UNCONFIRMED = "unconfirmed"
VERDICTS = (REPRODUCED, DEVIATES, NOT_COMPARABLE, NOT_RUN, TO_COME, UNCONFIRMED)
