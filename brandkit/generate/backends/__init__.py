"""One file for each way to get a picture."""
