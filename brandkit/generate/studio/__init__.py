"""What the embedded backend draws and develops with: shapes, patterns, gradients, crops and grades."""
