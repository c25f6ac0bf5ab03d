"""What persons decide about assets: the log, what holds of it, and the page to decide on. Reads results, writes decisions."""
