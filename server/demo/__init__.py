"""The demo band: a small synthesiser that plays one song at eight stages, with the truth about what it changed."""
