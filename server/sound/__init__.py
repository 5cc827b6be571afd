"""One recording: what a file is, how loud it is, what it looks like, what it sounds like. Pure: paths and
arrays in, dataclasses out. This package and everything it needs to start imports no numpy, so a confined
child can set its limits first."""
