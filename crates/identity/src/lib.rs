//! People signing in: passwords, sessions, tokens.
