"""What everything on paper shares: type, base maps, frames on the ground, cutting over pages, and Typst."""
