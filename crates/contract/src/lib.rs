//! Names and forms that operator and tenant-app share, without I/O.
