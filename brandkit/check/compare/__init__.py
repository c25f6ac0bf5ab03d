"""What changed between two kits, which checks each change moves, and whether it makes the gate say yes to more than before."""
