"""One file for each check; the file name is the check's id."""
