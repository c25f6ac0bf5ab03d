"""Image backends behind one protocol: price a call, make one picture."""
