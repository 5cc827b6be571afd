"""The demo band: a small synthesiser that plays one song at eight stages, and tells what it changed."""
