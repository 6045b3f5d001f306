//! A filter in people's words.
