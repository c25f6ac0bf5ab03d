"""The rules of a kit, in small families: each file declares some of one area."""
