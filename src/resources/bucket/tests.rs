//! The life of a `quilt_bucket` against a registry in memory.
