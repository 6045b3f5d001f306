//! The HTTP conventions of both APIs: problems, cursors, conditional requests.
