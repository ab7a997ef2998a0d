//! The Quilt provider for Terraform: Terraform at one edge, AWS at the other, and plain functions over plain types between them.
//!
//! Modules in reading order; each may use only what stands below it.

pub mod cli;
pub mod wire;

pub mod provider;
pub mod resource;
pub mod resources;

pub mod aws;
pub mod cx;

pub mod quilt;

pub mod outcome;
pub mod tf;
