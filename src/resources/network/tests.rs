//! The life of a `quilt_network` against an AWS in memory.
