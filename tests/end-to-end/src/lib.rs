//! What holds on a real cluster, tried from outside.
