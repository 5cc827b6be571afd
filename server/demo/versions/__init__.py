"""One file per stage: how that stage's versions are made out of the one before."""
