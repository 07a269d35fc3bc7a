"""Files in: staged, looked at, applied. An import never clears anybody, and never keeps a password."""
