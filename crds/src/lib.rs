//! The custom resource types of the platform, without I/O.
