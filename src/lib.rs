//! Terraform provider for Quilt.
