//! The Quilt provider for Terraform: Terraform at one edge, AWS at the other, and plain functions over plain types between them.
//!
//! Modules in reading order; each may use only what stands below it.

pub mod cli;
pub mod wire;

pub mod provider;
pub mod lists;
pub mod actions;
pub mod data_sources;
pub mod ephemerals;
pub mod resources;
pub mod functions;
pub mod kinds;
pub mod preflight;

pub mod deploy;
pub mod diagnose;
pub mod wait;
pub mod cx;
pub mod catalog;
pub mod aws;
pub mod web;

pub mod quilt;
pub mod cloudformation;

pub mod outcome;
pub mod tf;
