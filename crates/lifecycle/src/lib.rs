//! Start, drain and end of a program: signals, tasks, health.
