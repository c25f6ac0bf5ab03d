"""Starting a kit: what logos, pictures, fonts and foreign files show of a brand, proposed with its evidence."""
